// The televisions people own: the app starts, signs in and moves by keys on Chromium 64 (Tizen
// 5.0), 69 (Tizen 5.5) and 80 (webOS 6).
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { owner, startDaemon } from '../lib/daemon.mjs';
import { startEngine } from './engine.mjs';

const screens = fileURLToPath(new URL('../../../test-artifacts/screens/', import.meta.url));
const focused =
  '(a => a && (a.getAttribute("aria-label") || a.textContent))(document.activeElement)';
let daemon;

before(async () => {
  daemon = await startDaemon();
  // The account the engines sign in with; a daemon under test by address may have it already.
  const { needed } = await (await fetch(`${daemon.url}/api/v1/setup`)).json();
  if (!needed) return;
  const made = await fetch(`${daemon.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: daemon.url },
    body: JSON.stringify({ token: daemon.setupToken, ...owner }),
  });
  assert.equal(made.status, 201);
});

after(() => daemon?.stop());

for (const major of [64, 69, 80]) {
  test(`Chromium ${major} boots, signs in, moves the focus and opens a title`, async () => {
    const page = await startEngine(major);
    try {
      await page.goto(`${daemon.url}/`);
      await page.waitFor('(document.activeElement || {}).autocomplete === "username"');
      await page.type(owner.username);
      await page.press('ArrowDown');
      await page.type(owner.password);
      await page.press('Enter');
      await page.waitFor(`/Playback check/.test(${focused})`);

      await page.press('ArrowRight');
      const second = await page.evaluate(focused);
      assert.doesNotMatch(second, /Playback check/);
      const { width, height } = await page.evaluate(
        '(r => ({ width: r.width, height: r.height }))(document.activeElement.getBoundingClientRect())',
      );
      assert.ok(width > 200 && height > 100, `the card collapsed to ${width}×${height}`);
      await mkdir(screens, { recursive: true });
      await writeFile(`${screens}home-chromium-${major}.png`, await page.screenshot());

      await page.press('Enter');
      await page.waitFor('/^\\/movies\\//.test(location.pathname)');
      await page.waitFor(`/^(Play|Resume)/.test(${focused})`);
      await writeFile(`${screens}title-chromium-${major}.png`, await page.screenshot());
      await page.press('Escape');
      await page.waitFor('location.pathname === "/"');
      await page.waitFor(`${focused} === ${JSON.stringify(second)}`);
      assert.deepEqual(page.complaints, []);
    } finally {
      await page.close();
    }
  });
}
