// Finding something: searching, browsing and one's own list, by remote and by mouse.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { signInBy, startDaemon } from '../lib/daemon.mjs';
import { startFilmDatabase } from '../lib/filmDatabase.mjs';

const mostElements = 700;

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
  await untilCatalogHas(24);
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
  database?.stop();
});

/** The daemon reads the film database in its own time. */
async function untilCatalogHas(films) {
  for (let tries = 0; tries < 60; tries += 1) {
    const known = await page.evaluate(async () => {
      const answer = await fetch('/api/v1/movies?sort=title');
      return answer.ok ? (await answer.json()).items.length : 0;
    });
    if (known >= films) return;
    await page.waitForTimeout(500);
  }
  assert.fail(`the catalog did not reach ${films} films`);
}

const grid = () => page.getByRole('list', { name: /Results|Films|Shows|My list/ });
const elements = () => page.evaluate(() => document.querySelectorAll('*').length);

async function openSection(section) {
  await page.goto(`${daemon.url}/`);
  await b.assertFocus(page, 'home');
  await b.pressUntil(page, 'ArrowLeft', /^Home$/);
  await b.pressUntil(page, 'ArrowDown', new RegExp(`^${section}$`));
  await b.press(page, 'Enter');
}

test('search opens on its letters, and says what it is for', async () => {
  await openSection('Search');
  await page.getByText('What are you in the mood for?').waitFor();
  assert.equal(await b.focusedName(page), 'a');
  await b.inspect(page, 'search-start');
});

test('letters of the remote find films while typing', async () => {
  await b.pressUntil(page, 'ArrowDown', /^s$/);
  await b.press(page, 'ArrowRight', 'Enter');
  await b.press(page, 'ArrowRight', 'Enter');
  assert.equal(await page.getByLabel('Search films and shows').inputValue(), 'tu');
  await page.getByRole('button', { name: /^Tundra/ }).waitFor();
  assert.equal(new URL(page.url()).search, '?q=tu');
  await b.inspect(page, 'search-results');
});

test('→ leads into the results and ← back to the last letter', async () => {
  await b.pressUntil(page, 'ArrowRight', /^x$/);
  await b.press(page, 'ArrowRight');
  assert.match(await b.focusedName(page), /\d{4}/);
  await b.press(page, 'ArrowLeft');
  assert.equal(await b.focusedName(page), 'x');
  await b.press(page, 'ArrowRight');
});

test('Back from a title returns to the same results and the same poster', async () => {
  const poster = await b.focusedName(page);
  await b.press(page, 'Enter');
  await page.waitForURL(/\/(movies|shows)\//);
  await b.press(page, 'Escape');
  assert.equal(new URL(page.url()).search, '?q=tu');
  assert.equal(await b.focusedName(page), poster);
});

test('a real keyboard types from anywhere, and Backspace takes it back', async () => {
  await page.keyboard.type('qzxw');
  await page.getByText('Nothing found for “tuqzxw”').waitFor({ timeout: 8000 });
  await b.assertFocus(page, 'typing');
  await b.inspect(page, 'search-nothing');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('Backspace');
  await page.getByRole('button', { name: /^Tundra/ }).waitFor();
  await b.assertFocus(page, 'Backspace');
});

test('what was searched for is remembered, and brings its results back', async () => {
  await b.press(page, 'Escape');
  assert.equal(new URL(page.url()).pathname, '/');
  await openSection('Search');
  await b.pressUntil(page, 'ArrowRight', /^tu$/);
  await b.inspect(page, 'search-recent');
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: /^Tundra/ }).waitFor();
  assert.match(await b.assertFocus(page, 'choosing'), /\d{4}/);
});

test('browsing starts on a poster, and far down there are no more elements than at the top', async () => {
  await openSection('Browse');
  await grid().getByRole('button').first().waitFor();
  await b.press(page, 'ArrowRight');
  assert.match(await b.focusedName(page), /\d{4}/);
  await b.inspect(page, 'browse');
  await b.press(page, 'ArrowDown', 'ArrowDown', 'ArrowDown');
  await b.inspect(page, 'browse-deep');
  assert.ok((await elements()) < mostElements, `${await elements()} elements`);
});

test('a filter is chosen in a sheet, stands in the address and leaves the focus on its chip', async () => {
  await b.pressUntil(page, 'ArrowUp', /^Genre$/);
  await b.press(page, 'Enter');
  await b.inspect(page, 'browse-genre');
  await b.pressUntil(page, 'ArrowDown', /^Mystery$|^Science Fiction$|^Drama$/);
  const genre = await b.focusedName(page);
  await b.press(page, 'Enter');
  assert.match(page.url(), /\/browse\?genre=\d+$/);
  assert.equal(await b.focusedName(page), `Genre: ${genre}`);
  await b.inspect(page, 'browse-filtered');
});

test('Back closes a sheet and changes nothing', async () => {
  const address = page.url();
  await b.press(page, 'Enter', 'Escape');
  assert.equal(page.url(), address);
  assert.match(await b.focusedName(page), /^Genre: /);
});

test('filters that leave nothing offer to clear them', async () => {
  await page.goto(`${daemon.url}/browse?years=-1949`);
  await page.getByText('Nothing matches').waitFor();
  assert.equal(await b.assertFocus(page, 'filtering'), 'Clear filters');
  await b.inspect(page, 'browse-nothing');
  await b.press(page, 'Enter');
  await grid().getByRole('button').first().waitFor();
  await b.assertFocus(page, 'clearing');
});

test('a list without titles says how to fill it, and one with titles shows them', async () => {
  await openSection('My list');
  await page.getByText('This list is empty').waitFor();
  await b.inspect(page, 'list-empty');
  await page.evaluate(async () => {
    const { items } = await (await fetch('/api/v1/movies?sort=title')).json();
    for (const { id } of items.slice(0, 9)) {
      await fetch(`/api/v1/lists/my-list/items/movies/${id}`, { method: 'PUT' });
    }
  });
  await openSection('My list');
  await grid().getByRole('button').first().waitFor();
  await b.press(page, 'ArrowRight', 'ArrowDown');
  await b.inspect(page, 'list');
});

test('a mouse searches, filters and opens without a key but the letters', async () => {
  const mouse = await b.openPage(browser, b.desktop);
  await signInBy(mouse, daemon);
  await mouse.goto(`${daemon.url}/`);
  const bar = mouse.getByRole('navigation');
  await bar.getByRole('button', { name: 'Search' }).click();
  await mouse.getByLabel('Search films and shows').fill('tun');
  await mouse.getByRole('button', { name: /^Tundra/ }).waitFor();
  await b.inspect(mouse, 'search-results');
  await mouse.getByRole('button', { name: 'Clear' }).click();
  assert.equal(await mouse.getByLabel('Search films and shows').inputValue(), '');

  await bar.getByRole('button', { name: 'Browse' }).click();
  await mouse.getByRole('button', { name: 'Shows' }).click();
  await mouse.waitForURL(/kind=show/);
  await mouse.getByRole('button', { name: /^Sort by/ }).click();
  await mouse.getByRole('dialog').getByRole('button', { name: 'Title' }).click();
  await mouse.waitForURL(/sort=title/);
  await mouse.getByRole('button', { name: /^Fathom/ }).waitFor();
  await b.inspect(mouse, 'browse');
  await mouse.getByRole('button', { name: /^Fathom/ }).click();
  await mouse.waitForURL(/\/shows\//);
  await mouse.goBack();
  await mouse.waitForURL(/\/browse\?kind=show&sort=title/);
  b.assertQuiet(mouse);
  await mouse.context().close();
});

test('on a phone all of it fits, without letters on the screen', async () => {
  const phone = await b.openPage(browser, b.phone);
  await signInBy(phone, daemon);
  for (const [path, name] of [
    ['/search?q=the', 'search-results'],
    ['/browse', 'browse'],
    ['/lists/my-list', 'list'],
  ]) {
    await phone.goto(`${daemon.url}${path}`);
    await phone.getByRole('list', { name: /Results|Films|My list/ }).waitFor();
    await b.inspect(phone, name);
    assert.equal(await phone.getByRole('button', { name: 'q', exact: true }).count(), 0);
    const overflow = await phone.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    assert.ok(overflow <= 0, `${path} is ${overflow} px too wide`);
  }
  b.assertQuiet(phone);
  await phone.context().close();
});

test('what only the film database knows comes a moment after what is here', async () => {
  await openSection('Search');
  await page.keyboard.type('xylo');
  await page.getByRole('button', { name: /^Xylophone Winter/ }).waitFor();
  await b.pressUntil(page, 'ArrowRight', /^Xylophone Winter/);
  await b.press(page, 'Enter');
  await page.getByRole('heading', { name: 'Xylophone Winter' }).waitFor();
});

test('nothing complained on the way', () => b.assertQuiet(page));
