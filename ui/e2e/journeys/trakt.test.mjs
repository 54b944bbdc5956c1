// An account is linked with Trakt by the code on the television, kept in step, and unlinked again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { signInBy, startDaemon } from '../lib/daemon.mjs';
import { account, startTrakt } from '../lib/trakt.mjs';

let trakt;
let daemon;
let browser;
let page;

before(async () => {
  trakt = await startTrakt();
  daemon = await startDaemon(trakt.env);
  browser = await b.launch();
  page = await b.openPage(browser, b.tv);
  await signInBy(page, daemon);
  await page.goto(`${daemon.url}/settings`);
  await b.assertFocus(page, 'opening');
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
  trakt?.stop();
});

test('settings lead to Trakt, where linking begins with a code', async () => {
  await b.pressUntil(page, 'ArrowDown', /^Trakt/);
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: 'Link with Trakt' }).waitFor();
  await b.assertFocus(page, 'opening Trakt');
  assert.equal(await b.focusedName(page), 'Link with Trakt');
  await b.inspect(page, 'trakt-unlinked');
  await b.press(page, 'Enter');
  await page.getByText(account.code, { exact: true }).waitFor();
  await page.getByText('trakt.tv/activate', { exact: true }).waitFor();
  await page.getByText(/^The code holds for another (10:00|9:\d\d)\.$/).waitFor();
  await b.assertFocus(page, 'asking for a code');
  assert.equal(await b.focusedName(page), 'Cancel');
  await b.inspect(page, 'trakt-code');
});

test('linking can be given up, and begun again', async () => {
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: 'Link with Trakt' }).waitFor();
  await b.assertFocus(page, 'giving up');
  await b.press(page, 'Enter');
  await page.getByText(account.code, { exact: true }).waitFor();
});

test('once the code is typed at Trakt, the account is linked and in step', async () => {
  trakt.typeCode();
  await page.getByText(account.username).waitFor({ timeout: 20_000 });
  await page.getByText(/In step just now/).waitFor({ timeout: 20_000 });
  await b.assertFocus(page, 'linking');
  assert.equal(await b.focusedName(page), 'Sync now');
  await b.inspect(page, 'trakt-linked');
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: 'Sync now' }).waitFor({ timeout: 20_000 });
});

test('unlinking asks first, and Back leaves all as it is', async () => {
  await b.press(page, 'ArrowRight', 'Enter');
  assert.equal(await b.focusedName(page), 'Keep the link');
  await b.inspect(page, 'trakt-unlink');
  await b.press(page, 'Escape');
  assert.equal(await b.focusedName(page), 'Unlink');
  await b.press(page, 'Enter', 'ArrowDown', 'Enter');
  await page.getByRole('button', { name: 'Link with Trakt' }).waitFor();
  await b.assertFocus(page, 'unlinking');
  assert.equal(await Promise.race([trakt.revoked, page.waitForTimeout(5000)]), 'revoked');
});

test('a server without an application says what its owner has to do', async () => {
  await page.route('**/api/v1/me/trakt', route =>
    route.fulfill({
      json: {
        state: 'unavailable',
        code: null,
        username: null,
        linked_at: null,
        synced_at: null,
        error: null,
      },
    }),
  );
  await page.reload();
  await page.getByText('client_secret').waitFor();
  await b.assertFocus(page, 'reloading');
  await b.inspect(page, 'trakt-unavailable');
});

test('on a phone the code leads straight to Trakt', async () => {
  const other = await b.openPage(browser, b.phone);
  await signInBy(other, daemon);
  await other.goto(`${daemon.url}/settings/trakt`);
  await other.getByRole('button', { name: 'Link with Trakt' }).click();
  const link = other.getByRole('link', { name: 'Open Trakt' });
  assert.equal(await link.getAttribute('href'), `https://trakt.tv/activate/${account.code}`);
  await b.inspect(other, 'trakt-code');
  await other.getByRole('button', { name: 'Cancel' }).click();
  await other.getByRole('button', { name: 'Link with Trakt' }).waitFor();
  b.assertQuiet(other);
  await other.context().close();
});

test('nothing complained on the way', () => b.assertQuiet(page));
