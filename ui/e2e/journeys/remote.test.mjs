// The couch: everything by six keys at 1920×1080.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { owner, startDaemon } from '../lib/daemon.mjs';

let daemon;
let browser;
let page;

before(async () => {
  daemon = await startDaemon();
  browser = await b.launch();
  page = await b.openPage(browser, b.tv);
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
});

test('the first account is made with the printed token', async () => {
  await page.goto(`${daemon.url}/setup#token=${daemon.setupToken}`);
  await page.getByLabel('Username').waitFor();
  await b.assertFocus(page, 'opening');
  await b.inspect(page, 'setup');
  await page.keyboard.type(owner.username);
  await b.press(page, 'Enter');
  await page.keyboard.type(owner.password);
  await page.keyboard.press('Enter');
  await page
    .getByRole('button', { name: /Playback check/ })
    .first()
    .waitFor();
  await b.assertFocus(page, 'setup');
  await b.inspect(page, 'home');
  b.assertQuiet(page);
});

test('from home to a picture takes three presses, and the film moves', async () => {
  await b.pressUntil(page, 'ArrowRight', /^Playback check/);
  await b.press(page, 'Enter');
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await b.assertFocus(page, 'opening the title');
  await b.inspect(page, 'title');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(250);
  await b.shoot(page, 'starting');
  await b.waitForPicture(page, 1);
  const first = await b.readVideo(page);
  assert.equal(first.isPaused, false);
  assert.ok(first.audioBytes > 0, 'no sound was decoded');
  await b.assertFocus(page, 'Play');
});

test('three presses of → move thirty seconds', async () => {
  const { seconds } = await b.readVideo(page);
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight');
  await b.shoot(page, 'player-seeking');
  await b.waitForPicture(page, seconds + 29);
  const moved = (await b.readVideo(page)).seconds - seconds;
  assert.ok(moved < 36, `moved ${moved} s`);
});

test('every part of the player’s display is reached and left by keys', async () => {
  await b.press(page, 'ArrowUp');
  assert.match(await b.focusedName(page), /Position/);
  await b.press(page, 'ArrowDown');
  assert.equal(await b.focusedName(page), 'Pause');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('video').paused);
  await b.inspect(page, 'player-paused');
  await b.pressUntil(page, 'ArrowRight', /Stats/);
  await b.press(page, 'Enter');
  await b.inspect(page, 'player-stats');
  await b.press(page, 'Escape');
  assert.match(page.url(), /\/play\//);
});

test('leaving keeps the position, and Back climbs one level at a time', async () => {
  const { seconds } = await b.readVideo(page);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(300);
  if (/\/play\//.test(page.url())) await page.keyboard.press('Escape');
  await page.waitForURL(/\/movies\//);
  const resume = page.getByRole('button', { name: /^Resume 0:\d\d/ });
  await resume.waitFor();
  const shown = Number(/0:(\d\d)/.exec(await resume.textContent())[1]);
  assert.ok(Math.abs(shown - seconds) <= 2, `left at ${seconds} s, resumes at ${shown} s`);
  await b.assertFocus(page, 'leaving the player');
  await b.inspect(page, 'title-resume');

  await b.press(page, 'Escape');
  assert.equal(new URL(page.url()).pathname, '/');
  await b.inspect(page, 'home-continue');
});

test('resuming starts where the film was left', async () => {
  await b.pressUntil(page, 'ArrowUp', /^Continue Playback check/);
  await page.keyboard.press('Enter');
  await b.waitForPicture(page, 20);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(300);
  if (/\/play\//.test(page.url())) await page.keyboard.press('Escape');
  await page.waitForURL(url => url.pathname === '/');
});

test('the versions of a title open as a sheet that Back closes', async () => {
  await b.pressUntil(page, 'ArrowDown', /^Playback check/);
  await b.press(page, 'Enter');
  await b.pressUntil(page, 'ArrowRight', /version/);
  await b.press(page, 'Enter');
  await b.inspect(page, 'versions');
  await b.press(page, 'Escape');
  assert.match(page.url(), /\/movies\//);
  assert.match(await b.focusedName(page), /version/);
  await b.press(page, 'Escape');
});

for (const [section, name] of [
  ['Open a torrent', 'open-torrent'],
  ['Settings', 'settings'],
  ['Admin', 'admin'],
]) {
  test(`${section} is reached from the rail and left by Back`, async () => {
    await b.pressUntil(page, 'ArrowLeft', /^Home$/);
    if (name === 'open-torrent') await b.shoot(page, 'rail');
    await b.pressUntil(page, 'ArrowDown', new RegExp(`^${section}$`));
    await b.press(page, 'Enter', 'ArrowRight');
    await b.inspect(page, name);
    await b.press(page, 'Escape');
    assert.equal(new URL(page.url()).pathname, '/');
  });
}

test('every page below settings goes back to settings', async () => {
  await page.goto(`${daemon.url}/`);
  await b.assertFocus(page, 'home');
  await b.pressUntil(page, 'ArrowLeft', /^Home$/);
  await b.pressUntil(page, 'ArrowDown', /^Settings$/);
  await b.press(page, 'Enter', 'ArrowRight');
  for (const [row, name] of [
    [/^Devices/, 'devices'],
    [/^Change password/, 'password'],
  ]) {
    await b.pressUntil(page, 'ArrowDown', row);
    await b.press(page, 'Enter');
    await b.inspect(page, name);
    await b.press(page, 'Escape');
    assert.equal(new URL(page.url()).pathname, '/settings');
  }
});

test('nothing complained on the way', () => b.assertQuiet(page));
