// A show from its card to its last episode, and the marks a person leaves on the way.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { signInBy, startDaemon } from '../lib/daemon.mjs';
import { startFilmDatabase } from '../lib/filmDatabase.mjs';

const showName = /^Harbour Lights/;
let database;
let daemon;
let browser;
let page;

before(async () => {
  database = await startFilmDatabase();
  daemon = await startDaemon(database.env);
  browser = await b.launch();
  page = await b.openPage(browser, b.tv);
  await signInBy(page, daemon);
  await waitForShows();
  await page.goto(`${daemon.url}/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
  database?.stop();
});

/** The daemon reads its lists in the background. */
function waitForShows() {
  return page.waitForFunction(
    async () => {
      const { rows } = await (await fetch('/api/v1/home')).json();
      return rows.some(row => row.slug === 'trending-shows' && row.items.length > 0);
    },
    null,
    { polling: 300 },
  );
}

const pathname = () => new URL(page.url()).pathname;

test('a show’s card leads to its page, with the first episode to go to', async () => {
  await b.assertFocus(page, 'opening');
  await b.pressUntil(page, 'ArrowDown', showName);
  await page.waitForTimeout(600);
  await b.inspect(page, 'home-shows');
  await b.press(page, 'Enter');
  await page.waitForURL(/\/shows\//);
  await page.getByRole('button', { name: 'Go to S1 E1' }).waitFor();
  await b.assertFocus(page, 'opening the show');
  assert.match(await b.focusedName(page), /Go to S1 E1/);
  await page.getByRole('button', { name: /^E1 · / }).waitFor();
  await b.inspect(page, 'show');
});

test('↓ goes from buttons to seasons to episodes, and ↑ the same way back', async () => {
  await b.press(page, 'ArrowDown');
  assert.match(await b.focusedName(page), /^Season 1/);
  await b.press(page, 'ArrowDown');
  assert.match(await b.focusedName(page), /^E1 · /);
  await b.press(page, 'ArrowRight', 'ArrowRight');
  assert.match(await b.focusedName(page), /^E3 · /);
  await b.press(page, 'ArrowUp');
  assert.match(await b.focusedName(page), /^Season 1/);
  await b.press(page, 'ArrowDown');
  assert.match(await b.focusedName(page), /^E3 · /);
  await b.press(page, 'ArrowUp', 'ArrowUp');
  assert.match(await b.focusedName(page), /^Go to S1 E1/);
});

test('the primary button takes the focus to the episode, whose sheet marks it watched', async () => {
  await b.press(page, 'Enter');
  assert.match(await b.focusedName(page), /^E1 · /);
  await b.press(page, 'Enter');
  await b.inspect(page, 'episode-sheet');
  assert.equal(await b.focusedName(page), 'Mark watched');
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: /^E1 · .*watched$/ }).waitFor();
  await page.getByRole('button', { name: 'Go to S1 E2' }).waitFor();
  assert.match(await b.focusedName(page), /^E1 · /);
});

test('all up to an episode is marked at once', async () => {
  await b.pressUntil(page, 'ArrowRight', /^E3 · /);
  await b.press(page, 'Enter');
  await b.pressUntil(page, 'ArrowDown', /up to here/);
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: 'Go to S1 E4' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^E\d · .*watched$/ }).count(), 3);
  await b.shoot(page, 'show-under-way');
});

test('a season opens by OK, not by passing over it', async () => {
  await b.press(page, 'ArrowUp', 'ArrowRight');
  assert.match(await b.focusedName(page), /^Specials/);
  assert.equal(await page.getByRole('tab', { selected: true }).textContent(), 'Season 1');
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: /^Special 1 · / }).waitFor();
  await b.press(page, 'ArrowDown');
  assert.match(await b.focusedName(page), /^Special 1/);
});

test('what is put on my list and what comes next stand on home', async () => {
  await b.press(page, 'ArrowUp', 'ArrowUp');
  await b.pressUntil(page, 'ArrowRight', /^My list$/);
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: 'My list', pressed: true }).waitFor();
  await b.press(page, 'Escape');
  assert.equal(pathname(), '/');
  await page.getByRole('heading', { name: 'My list' }).waitFor();
  await b.pressUntil(page, 'ArrowUp', /^Next up Harbour Lights.*S1 E4/);
  await page.waitForTimeout(600);
  await b.inspect(page, 'home-next-up');
});

test('holding OK on what comes next offers to take it out of its row', async () => {
  await page.keyboard.down('Enter');
  await page.waitForTimeout(550);
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await b.assertFocus(page, 'holding OK');
  await b.inspect(page, 'card-sheet');
  assert.match(await b.focusedName(page), /^Details/);
  await b.press(page, 'Escape');
  assert.match(await b.focusedName(page), /^Next up Harbour Lights/);
  await b.press(page, 'ContextMenu');
  await b.pressUntil(page, 'ArrowDown', /^Remove/);
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: /^Next up/ }).waitFor({ state: 'detached' });
  await b.assertFocus(page, 'removing');
  assert.equal(pathname(), '/');
});

test('a film is put on the list and marked watched on its page', async () => {
  await b.pressUntil(page, 'ArrowDown', /^The Salt Road/);
  await b.press(page, 'Enter');
  await page.waitForURL(/\/movies\//);
  await b.pressUntil(page, 'ArrowRight', /^My list$/);
  await b.press(page, 'Enter', 'ArrowRight', 'Enter');
  await page.getByRole('button', { name: 'Watched', pressed: true }).waitFor();
  await b.inspect(page, 'title-marked');
  await page.reload();
  await page.getByRole('button', { name: 'Watched', pressed: true }).waitFor();
  await page.getByRole('button', { name: 'My list', pressed: true }).waitFor();
});

test('a season that fails says so, and trying again shows its episodes', async () => {
  let fails = true;
  await page.route('**/shows/4/seasons/2', route =>
    fails ? route.fulfill({ status: 503, body: '' }) : route.continue(),
  );
  await page.goto(`${daemon.url}/shows/4`);
  await page.getByRole('button', { name: /^E1 · / }).waitFor();
  await b.press(page, 'ArrowDown', 'ArrowRight', 'Enter');
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await b.press(page, 'ArrowDown');
  assert.equal(await b.focusedName(page), 'Try again');
  await b.inspect(page, 'season-failed');
  fails = false;
  await b.press(page, 'Enter');
  assert.match(await b.focusedName(page), /^E1 · /);
});

for (const [device, name] of [
  [b.desktop, 'a desktop'],
  [b.phone, 'a phone'],
]) {
  test(`an episode is marked and unmarked on ${name}`, async () => {
    const other = await b.openPage(browser, device);
    await signInBy(other, daemon);
    await other.goto(page.url().replace(/\/movies\/.*/, '/shows/2'));
    const card = other.getByRole('button', { name: /^E2 · / });
    await card.waitFor();
    await b.inspect(other, 'show');
    await card.click();
    await other.getByRole('button', { name: 'Mark watched', exact: true }).click();
    await other.getByRole('button', { name: /^E2 · .*watched$/ }).click();
    await b.inspect(other, 'episode-sheet');
    await other.getByRole('button', { name: 'Mark unwatched', exact: true }).click();
    await other.getByRole('button', { name: /^E2 · .*watched$/ }).waitFor({ state: 'detached' });
    b.assertQuiet(other);
    await other.context().close();
  });
}

test('nothing complained on the way', () => b.assertQuiet(page, /503/));
