// The main job: a long film from an independent seeder, watched by remote while it downloads.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { signInBy, startDaemon } from '../lib/daemon.mjs';
import { startSwarm } from '../lib/swarm.mjs';

let swarm;
let daemon;
let browser;
let page;

before(async () => {
  swarm = await startSwarm();
  daemon = await startDaemon();
  browser = await b.launch();
  page = await b.openPage(browser, b.tv);
  await signInBy(page, daemon);
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
  await swarm?.stop();
});

test('a .torrent file becomes a title', async () => {
  assert.ok(swarm.bytes >= 200_000_000, `${swarm.bytes} bytes`);
  await page.goto(`${daemon.url}/open`);
  await page.locator('input[type=file]').setInputFiles(swarm.torrent);
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await b.assertFocus(page, 'opening the torrent');
  await b.inspect(page, 'title-own');
});

test('it plays with picture and sound while most of it is still to come', async () => {
  const opened = page.waitForResponse(response => response.url().endsWith('/api/v1/playback'));
  await page.keyboard.press('Enter');
  const { id } = await (await opened).json();
  await b.waitForPicture(page, 2);
  const { isPaused, audioBytes } = await b.readVideo(page);
  assert.equal(isPaused, false);
  assert.ok(audioBytes > 0, 'no sound was decoded');
  const status = await page.evaluate(
    async id => (await fetch(`/api/v1/playback/${id}/status`)).json(),
    id,
  );
  assert.equal(status.total_bytes, swarm.bytes);
  assert.ok(status.downloaded_bytes < swarm.bytes / 2, `${status.downloaded_bytes} bytes are here`);
  assert.ok(status.peers.connected > 0);
});

test('three presses of → land thirty seconds on, and the film goes on there', async () => {
  const { seconds } = await b.readVideo(page);
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight');
  await b.waitForPicture(page, seconds + 31);
  await b.shoot(page, 'player-swarm');
  b.assertQuiet(page);
});
