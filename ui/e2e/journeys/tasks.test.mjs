// An admin looks at what the server does by itself, and has some of it done now.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { signInBy, startDaemon } from '../lib/daemon.mjs';
import { startFilmDatabase } from '../lib/filmDatabase.mjs';

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
  await untilRun(1);
  await page.goto(`${daemon.url}/`);
  await b.assertFocus(page, 'opening');
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
  database?.stop();
});

const runsOfLists = () =>
  page.evaluate(async () => {
    const { tasks } = await (await fetch('/api/v1/admin/tasks')).json();
    return tasks.find(({ name }) => name === 'lists').runs;
  });

async function untilRun(times) {
  for (let tries = 0; tries < 60; tries += 1) {
    if ((await runsOfLists()) >= times) return;
    await page.waitForTimeout(500);
  }
  assert.fail(`the lists were not read ${times} times`);
}

test('the admin page says what each kind of work does and how it goes', async () => {
  await b.pressUntil(page, 'ArrowLeft', /^Home$/);
  await b.pressUntil(page, 'ArrowDown', /^Admin$/);
  await b.press(page, 'Enter', 'ArrowRight');
  await page.getByRole('heading', { name: 'Background work' }).waitFor();
  await page.getByText('Reads which titles are popular').waitFor();
  await page
    .getByText(/Last run .*next in/)
    .first()
    .waitFor();
  await b.inspect(page, 'tasks');
});

test('one of them is run by remote, and has run once more', async () => {
  const before = await runsOfLists();
  await b.pressUntil(page, 'ArrowRight', /^(Run now|Running): /);
  await b.pressUntil(page, 'ArrowDown', /^(Run now|Running): Lists$/);
  await b.press(page, 'Enter');
  await untilRun(before + 1);
  await page.getByRole('button', { name: 'Run now: Lists' }).waitFor();
  assert.match(await b.focusedName(page), /: Lists$/);
});

test('a run that fails says why, in words that stay readable', async () => {
  database.stop();
  await b.press(page, 'Enter');
  await page
    .getByText(/^Failed just now: /)
    .first()
    .waitFor({ timeout: 60_000 });
  await b.inspect(page, 'tasks-failed');
});

test('on a phone all of it fits the width', async () => {
  const other = await b.openPage(browser, b.phone);
  await signInBy(other, daemon);
  await other.goto(`${daemon.url}/admin`);
  await other.getByText('Reads which titles are popular').waitFor();
  await b.inspect(other, 'tasks');
  const overflow = await other.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  b.assertQuiet(other);
  await other.context().close();
});

test('nothing complained on the way', () => b.assertQuiet(page));
