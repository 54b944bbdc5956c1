import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
const screens = fileURLToPath(new URL('../../../test-artifacts/screens/', import.meta.url));

export const tv = { viewport: { width: 1920, height: 1080 } };
export const desktop = { viewport: { width: 1440, height: 900 } };
export const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

export function launch(extraArgs = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...extraArgs,
    ],
  });
}

/** A page of its own browser profile that remembers every complaint of the browser. */
export async function openPage(browser, device) {
  const context = await browser.newContext(device);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(error.stack ?? error.message));
  return Object.assign(page, { complaints });
}

/** No console error, exception or CSP violation since the page was opened. */
export function assertQuiet(page, allowed = /$^/) {
  assert.deepEqual(
    page.complaints.filter(text => !allowed.test(text)),
    [],
  );
}

/** Presses keys one by one; after each, the focus must be on something the person can see. */
export async function press(page, ...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    await assertFocus(page, key);
  }
}

/** The element with the focus is in the app, and in the safe area of a television. */
export async function assertFocus(page, after) {
  await page.waitForTimeout(350);
  let focus = await whereFocusIs(page);
  // What scrolls or slides may still be on its way on a busy machine.
  for (let tries = 0; tries < 10 && !focus?.isFine; tries++) {
    await page.waitForTimeout(150);
    focus = await whereFocusIs(page);
  }
  assert.ok(focus, `after ${after} nothing in the app has the focus`);
  assert.ok(focus.isFine, `after ${after} the focus is out of sight: ${JSON.stringify(focus)}`);
  return focus.name;
}

export function focusedName(page) {
  return page.evaluate(() => {
    const active = document.activeElement;
    return active?.getAttribute('aria-label') ?? active?.textContent ?? '';
  });
}

function whereFocusIs(page) {
  return page.evaluate(() => {
    const active = document.activeElement;
    if (!active || active === document.body || !document.getElementById('app').contains(active)) {
      return null;
    }
    const { left, top, right, bottom } = active.getBoundingClientRect();
    const { innerWidth: width, innerHeight: height } = window;
    const isWholeScreen = left <= 0 && top <= 0 && right >= width && bottom >= height;
    const isTv = document.documentElement.dataset.layout === 'tv';
    const [x, y] = isTv ? [width * 0.05, height * 0.05] : [0, 0];
    const isSafe =
      left >= x - 1 && right <= width - x + 1 && top >= y - 1 && bottom <= height - y + 1;
    const isVisible = getComputedStyle(active).visibility === 'visible';
    const name = active.getAttribute('aria-label') ?? active.textContent ?? '';
    return {
      name: name.slice(0, 60),
      isFine: isVisible && (isWholeScreen || isSafe),
      left,
      top,
      right,
      bottom,
    };
  });
}

/** Presses a key until the focused element's name matches. */
export async function pressUntil(page, key, pattern, atMost = 12) {
  for (let i = 0; i <= atMost; i += 1) {
    const name = await focusedName(page);
    if (pattern.test(name)) return name;
    await press(page, key);
  }
  assert.fail(
    `${pattern} was not reached by ${atMost} × ${key}; the focus is on ${await focusedName(page)}`,
  );
}

/** No serious or critical accessibility finding on what is on screen now. */
export async function assertAccessible(page) {
  // The page's own policy forbids injected script tags; evaluation goes around it.
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const found = await window.axe.run(document, { resultTypes: ['violations'] });
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 140)).join(' | ')}`);
  });
  assert.deepEqual(violations, []);
}

/** Keeps a picture of the screen for people to look at. */
export async function shoot(page, name) {
  const { width, height } = page.viewportSize();
  await mkdir(screens, { recursive: true });
  await page.screenshot({ path: `${screens}${name}-${width}x${height}.png` });
}

/** The three in one: quiet, accessible, pictured. */
export async function inspect(page, name) {
  await page.waitForTimeout(500);
  await assertAccessible(page);
  await shoot(page, name);
}

export function readVideo(page) {
  return page.evaluate(() => {
    const video = document.querySelector('video');
    return (
      video && {
        seconds: video.currentTime,
        width: video.videoWidth,
        audioBytes: video.webkitAudioDecodedByteCount,
        isPaused: video.paused,
      }
    );
  });
}

export async function waitForPicture(page, afterSeconds = 0) {
  await page.waitForFunction(
    after => {
      const video = document.querySelector('video');
      return video && video.videoWidth > 0 && !video.seeking && video.currentTime > after;
    },
    afterSeconds,
    { timeout: 40_000 },
  );
}

/** The id of the built-in film that plays without internet. */
export function playbackCheckId(page) {
  return page.evaluate(async () => {
    const { rows } = await (await fetch('/api/v1/home')).json();
    const titles = rows.flatMap(row => row.items);
    return titles.find(({ title }) => title === 'Playback check').id;
  });
}
