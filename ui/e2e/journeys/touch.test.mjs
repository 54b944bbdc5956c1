// The hand: everything by touch at 390×844.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { signInBy, startDaemon } from '../lib/daemon.mjs';

let daemon;
let browser;
let page;

before(async () => {
  daemon = await startDaemon();
  browser = await b.launch();
  page = await b.openPage(browser, b.phone);
  await signInBy(page, daemon);
  await page.goto(`${daemon.url}/`);
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
});

test('a film opens, plays and jumps by taps', async () => {
  const card = page.getByRole('button', { name: /^Playback check/ }).first();
  await card.waitFor();
  await b.inspect(page, 'home');
  await card.tap();
  await page.getByRole('button', { name: /^(Play|Start over)/ }).waitFor();
  await b.inspect(page, 'title');
  await page.getByRole('button', { name: /^(Play|Start over)/ }).tap();
  await b.waitForPicture(page, 0.5);
  const { seconds } = await b.readVideo(page);
  await page.touchscreen.tap(340, 400);
  await page.touchscreen.tap(340, 400);
  await b.waitForPicture(page, seconds + 9);
  await b.shoot(page, 'player');
});

test('the player is left by its own arrow', async () => {
  const back = page.getByRole('button', { name: 'Back', exact: true });
  if (!(await back.isVisible())) await page.touchscreen.tap(195, 250);
  await back.tap();
  await page.waitForURL(/\/movies\//);
});

test('the bar under the thumb leads everywhere, and no page is wider than the screen', async () => {
  for (const [section, path, name] of [
    ['Search', '/search', 'search-start'],
    ['Browse', '/browse', 'browse'],
    ['My list', '/lists/my-list', 'list-empty'],
    ['Settings', '/settings', 'settings'],
    ['Home', '/', 'home-continue'],
  ]) {
    await page.getByRole('navigation').getByRole('button', { name: section }).tap();
    await page.waitForURL(url => url.pathname === path);
    await b.inspect(page, name);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    assert.ok(overflow <= 0, `${path} is ${overflow} px too wide`);
  }
});

test('what the bar has no room for is behind Settings', async () => {
  for (const [row, path, name] of [
    [/^Open a torrent/, '/open', 'open-torrent'],
    [/^Admin/, '/admin', 'admin'],
  ]) {
    await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).tap();
    await page.getByRole('main').getByRole('button', { name: row }).tap();
    await page.waitForURL(url => url.pathname === path);
    await b.inspect(page, name);
  }
});

test('nothing complained on the way', () => b.assertQuiet(page));
