// The desk: everything by pointer alone at 1440×900.
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
  page = await b.openPage(browser, b.desktop);
  await signInBy(page, daemon);
  await page.goto(`${daemon.url}/`);
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
});

test('pointing at a card puts its title in the hero', async () => {
  const card = page.getByRole('button', { name: /^Sintel/ }).first();
  await card.waitFor();
  await page.mouse.move(10, 500);
  await card.hover();
  await page.getByRole('heading', { name: 'Sintel', level: 1 }).waitFor();
  await b.inspect(page, 'home');
});

test('a film is played, paused, sought and left by clicks', async () => {
  await page
    .getByRole('button', { name: /^Playback check/ })
    .first()
    .click();
  await page
    .getByRole('button', { name: /^(Play|Resume|Start over)/ })
    .last()
    .click();
  await b.waitForPicture(page, 0.5);
  await page.mouse.move(500, 300);
  await page.mouse.move(520, 320);
  await page.mouse.click(720, 400);
  await page.waitForFunction(() => document.querySelector('video').paused);
  await b.inspect(page, 'player');

  const slider = await page.getByRole('slider').boundingBox();
  await page.mouse.click(slider.x + slider.width / 2, slider.y + slider.height / 2);
  await page.waitForFunction(() => Math.abs(document.querySelector('video').currentTime - 30) < 2);

  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await page.waitForURL(/\/movies\//);
});

test('the bar on top leads everywhere', async () => {
  for (const [section, path] of [
    ['Search', '/search'],
    ['Browse', '/browse'],
    ['My list', '/lists/my-list'],
    ['Open a torrent', '/open'],
    ['Settings', '/settings'],
    ['Admin', '/admin'],
    ['Home', '/'],
  ]) {
    await page.getByRole('navigation').getByRole('button', { name: section }).click();
    await page.waitForURL(url => url.pathname === path);
  }
  assert.equal(new URL(page.url()).pathname, '/');
});

test('nothing complained on the way', () => b.assertQuiet(page));
