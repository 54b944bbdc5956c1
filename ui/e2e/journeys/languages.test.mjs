// Titles in another language, and what a title's page tells in it: chosen, read and left by remote.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { signInBy, startDaemon } from '../lib/daemon.mjs';
import { startFilmDatabase } from '../lib/filmDatabase.mjs';

const english = /^The Salt Road/;
const german = /^Die Salzstraße/;
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
  await untilHome(film => film.title === 'The Salt Road' && film.runtime_ms !== null);
  await page.goto(`${daemon.url}/`);
  await b.assertFocus(page, 'opening');
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
  database?.stop();
});

/** The daemon reads titles in its own time. */
async function untilHome(has) {
  for (let tries = 0; tries < 60; tries += 1) {
    const titles = await page.evaluate(async () => {
      const { rows } = await (await fetch('/api/v1/home')).json();
      return rows.flatMap(row => row.items);
    });
    if (titles.some(has)) return;
    await page.waitForTimeout(500);
  }
  assert.fail('home did not come to show what was waited for');
}

async function openLanguages() {
  await b.pressUntil(page, 'ArrowLeft', /^Home$/);
  await b.pressUntil(page, 'ArrowDown', /^Settings$/);
  await b.press(page, 'Enter', 'ArrowRight');
  await b.pressUntil(page, 'ArrowDown', /^Language of titles/);
  await b.press(page, 'Enter');
  await page.getByRole('heading', { name: 'Language of titles' }).waitFor();
}

test('a language is chosen by remote, and home shows titles in it', async () => {
  await b.pressUntil(page, 'ArrowDown', english);
  await openLanguages();
  assert.match(await b.focusedName(page), /^As this device \(English\)$/);
  await b.inspect(page, 'language');
  await b.press(page, 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight');
  assert.equal(await b.focusedName(page), 'Deutsch');
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: /^Language of titles.*Deutsch$/ }).waitFor();
  assert.match(await b.focusedName(page), /^Language of titles/);
  await b.inspect(page, 'settings');
  await untilHome(film => film.title === 'Die Salzstraße');
  await b.press(page, 'Escape');
  await page.getByRole('button', { name: german }).first().waitFor();
  await b.pressUntil(page, 'ArrowDown', german);
  await page.waitForTimeout(600);
  await b.inspect(page, 'home-german');
});

test('a film’s page says in it what the film is about, and who made it', async () => {
  await b.press(page, 'Enter');
  await page.getByRole('heading', { level: 1, name: 'Die Salzstraße' }).waitFor();
  await b.assertFocus(page, 'opening the film');
  await page.getByText('Original title: The Salt Road').waitFor();
  await page.getByText('Als der letzte Zug ohne sie abfährt').waitFor();
  await page.getByText('Ines Vantongeren').waitFor();
  await page.getByText(/^Tobias Ahrensberg, Maren Okonkwo/).waitFor();
  await page.getByText('PG-13').waitFor();
  // Its lettering says the title in another language.
  assert.equal(await page.getByRole('img', { name: 'Die Salzstraße' }).count(), 0);
  await b.inspect(page, 'title-german');
});

test('its trailer opens elsewhere, in a tab of its own', async () => {
  await b.pressUntil(page, 'ArrowRight', /^Trailer$/);
  const link = page.getByRole('link', { name: 'Trailer' });
  assert.equal(await link.getAttribute('href'), 'https://www.youtube.com/watch?v=trailer5001');
  assert.equal(await link.getAttribute('target'), '_blank');
  assert.equal(await link.getAttribute('rel'), 'noopener');
});

test('below are films like it; Back from one of them returns to its poster', async () => {
  await b.press(page, 'ArrowDown');
  assert.match(await b.focusedName(page), /^Neun Brücken/);
  await b.press(page, 'ArrowRight', 'ArrowRight');
  assert.match(await b.focusedName(page), /^Papierlaternen/);
  await b.inspect(page, 'title-more');
  await b.press(page, 'Enter');
  await page.getByRole('heading', { level: 1, name: 'Papierlaternen' }).waitFor();
  await b.press(page, 'Escape');
  await page.getByRole('heading', { level: 1, name: 'Die Salzstraße' }).waitFor();
  await page.waitForTimeout(300);
  await b.assertFocus(page, 'coming back');
  assert.match(await b.focusedName(page), /^Papierlaternen/);
  await b.press(page, 'ArrowUp');
  assert.doesNotMatch(await b.focusedName(page), /^Papierlaternen/);
  await b.press(page, 'Escape');
  assert.equal(new URL(page.url()).pathname, '/');
});

test('a show’s page names who created it, and has shows like it below its episodes', async () => {
  await b.pressUntil(page, 'ArrowDown', /^Hafenlichter/);
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: /^E1 · / }).waitFor();
  await page.getByText('Created by').waitFor();
  await page.getByText('TV-14').waitFor();
  await b.press(page, 'ArrowDown', 'ArrowDown', 'ArrowDown');
  assert.match(await b.focusedName(page), /^Die Zweitbesetzung/);
  await b.inspect(page, 'show-more');
  await b.press(page, 'ArrowUp');
  assert.match(await b.focusedName(page), /^E1 · /);
  await b.press(page, 'Escape');
});

test('as this device is a choice, too', async () => {
  await openLanguages();
  assert.equal(await b.focusedName(page), 'Deutsch');
  await b.pressUntil(page, 'ArrowUp', /^As this device/);
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: /^Language of titles.*As this device/ }).waitFor();
  await b.press(page, 'Escape');
  await page.getByRole('button', { name: english }).first().waitFor();
  await b.pressUntil(page, 'ArrowDown', english);
  await b.press(page, 'Enter');
  const lettering = page.getByRole('img', { name: 'The Salt Road' });
  assert.ok(await lettering.evaluate(image => image.complete && image.naturalWidth > 0));
  await b.inspect(page, 'title-lettering');
  await b.press(page, 'Escape');
});

for (const [device, name] of [
  [b.desktop, 'with a mouse'],
  [b.phone, 'by touch'],
]) {
  test(`a language is chosen ${name}`, async () => {
    const other = await b.openPage(browser, device);
    await signInBy(other, daemon);
    await other.goto(`${daemon.url}/settings`);
    await other.getByRole('button', { name: /^Language of titles/ }).click();
    await other.getByRole('button', { name: 'Deutsch', exact: true }).click();
    await other.getByRole('button', { name: /^Language of titles.*Deutsch$/ }).waitFor();
    await other.goto(`${daemon.url}/movies/${await idOf(other, 'Die Salzstraße')}`);
    await other.getByRole('heading', { name: 'More like this' }).scrollIntoViewIfNeeded();
    await b.inspect(other, 'title-german');
    await other.getByRole('button', { name: /^Neun Brücken/ }).click();
    await other.getByRole('heading', { level: 1, name: 'Neun Brücken' }).waitFor();
    b.assertQuiet(other);
    await other.context().close();
  });
}

function idOf(other, title) {
  return other.evaluate(async name => {
    const { items } = await (await fetch(`/api/v1/search?q=${encodeURIComponent(name)}`)).json();
    return items.find(item => item.title === name).id;
  }, title);
}

test('nothing complained on the way', () => b.assertQuiet(page));
