// The states a healthy daemon seldom shows: slow, empty, failing, unreachable, refusing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { signInBy, startDaemon } from '../lib/daemon.mjs';

let daemon;
let browser;

before(async () => {
  daemon = await startDaemon();
  browser = await b.launch();
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
});

const problem = (status, code, detail, headers = {}) => ({
  status,
  headers: { 'Content-Type': 'application/problem+json', ...headers },
  body: JSON.stringify({ type: 'about:blank', title: code, status, code, detail }),
});
/** The browser itself reports every refused request; the tests here refuse on purpose. */
const refused = /Failed to load resource/;

for (const [device, size] of [
  [b.tv, 'on the television'],
  [b.phone, 'on the phone'],
]) {
  const signedIn = async () => {
    const page = await b.openPage(browser, device);
    await signInBy(page, daemon);
    return page;
  };

  test(`a slow home shows its shapes ${size}`, async () => {
    const page = await signedIn();
    await page.route('**/api/v1/home', async route => {
      await new Promise(resolve => setTimeout(resolve, 1500));
      await route.continue();
    });
    await page.goto(`${daemon.url}/`);
    await page.getByLabel('Loading').waitFor();
    await page.waitForTimeout(400);
    await b.shoot(page, 'home-loading');
    await page
      .getByRole('button', { name: /Playback check/ })
      .first()
      .waitFor();
    await b.assertFocus(page, 'loading');
    b.assertQuiet(page);
    await page.context().close();
  });

  test(`an empty home says what will come and what can be done ${size}`, async () => {
    const page = await signedIn();
    await page.route('**/api/v1/home', route => route.fulfill({ json: { rows: [] } }));
    await page.goto(`${daemon.url}/`);
    await page.getByText('Nothing to watch yet').waitFor();
    assert.match(await b.assertFocus(page, 'loading'), /Open a torrent/);
    await b.inspect(page, 'home-empty');
    await page.context().close();
  });

  test(`a failed home offers to try again, and trying works ${size}`, async () => {
    const page = await signedIn();
    await page.route('**/api/v1/home', route =>
      route.fulfill(problem(500, 'internal', 'The catalog is being rebuilt.')),
    );
    await page.goto(`${daemon.url}/`);
    await page.getByText('The catalog is being rebuilt.').waitFor();
    assert.match(await b.assertFocus(page, 'failing'), /Try again/);
    await b.inspect(page, 'home-error');
    await page.unroute('**/api/v1/home');
    await page.keyboard.press('Enter');
    await page
      .getByRole('button', { name: /Playback check/ })
      .first()
      .waitFor();
    b.assertQuiet(page, refused);
    await page.context().close();
  });

  test(`an unreachable server is said in a bar while the page stays ${size}`, async () => {
    const page = await signedIn();
    await page.goto(`${daemon.url}/admin`);
    await page.getByRole('button', { name: 'root' }).first().waitFor();
    await page.context().setOffline(true);
    await page.getByText('Server unreachable').waitFor();
    assert.ok(await page.getByRole('button', { name: 'root' }).first().isVisible());
    await b.shoot(page, 'offline');
    await page.context().setOffline(false);
    await page.getByText('Server unreachable').waitFor({ state: 'detached', timeout: 12_000 });
    await page.context().close();
  });

  test(`a screen whose code does not come offers to try again, and trying works ${size}`, async () => {
    const page = await signedIn();
    await page.route('**/assets/Settings-*.js', route => route.abort());
    await page.goto(`${daemon.url}/settings`);
    await page.getByText('This screen didn’t load').waitFor();
    assert.match(await b.assertFocus(page, 'failing'), /Try again/);
    await b.inspect(page, 'screen-missing');

    await page.context().setOffline(true);
    await page.keyboard.press('Enter');
    await page.getByText('The server doesn’t answer. It may be starting').waitFor();
    await page.context().setOffline(false);
    await page.unroute('**/assets/Settings-*.js');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await b.assertFocus(page, 'trying again');
    b.assertQuiet(page, /Failed to load resource|MissingCodeError/);
    await page.context().close();
  });

  test(`a film nobody shares ends in an honest sentence with a way on ${size}`, async () => {
    const page = await signedIn();
    await page.route('**/api/v1/playback', route =>
      route.fulfill(problem(504, 'metadata_timeout', 'No peers.')),
    );
    await page.goto(`${daemon.url}/movies/${await b.playbackCheckId(page)}`);
    await page
      .getByRole('button', { name: /^(Play|Resume)/ })
      .first()
      .click();
    await page.getByText('No peer that knows this film').waitFor();
    assert.match(await b.assertFocus(page, 'failing'), /Try again/);
    await b.inspect(page, 'player-error');
    b.assertQuiet(page, refused);
    await page.context().close();
  });

  test(`a wrong password is said plainly, and a throttled one counts down ${size}`, async () => {
    const page = await b.openPage(browser, device);
    await page.route('**/api/v1/setup', route => route.fulfill({ json: { needed: false } }));
    await page.route('**/api/v1/auth/login', route =>
      route.fulfill(problem(401, 'wrong_credentials', 'Wrong.')),
    );
    await page.goto(`${daemon.url}/`);
    await page.getByLabel('Username').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await b.inspect(page, 'sign-in');
    await page.keyboard.press('Enter');
    await page.getByText('don’t belong together').waitFor();
    await b.inspect(page, 'sign-in-wrong');
    await page.route('**/api/v1/auth/login', route =>
      route.fulfill(problem(429, 'too_many_attempts', 'Slow down.', { 'Retry-After': '20' })),
    );
    await page.keyboard.press('Enter');
    await page.getByText(/Try again in 1\d seconds/).waitFor();
    b.assertQuiet(page, refused);
    await page.context().close();
  });

  test(`an address that leads nowhere says so ${size}`, async () => {
    const page = await signedIn();
    await page.goto(`${daemon.url}/nowhere`);
    await page.getByText('There is nothing here').waitFor();
    await b.inspect(page, 'not-found');
    await b.press(page, 'Enter');
    assert.equal(new URL(page.url()).pathname, '/');
    await page.context().close();
  });
}

test('a stream that is revoked midway comes back at the same position', async () => {
  const page = await b.openPage(browser, b.tv);
  await signInBy(page, daemon);
  await page.goto(`${daemon.url}/movies/${await b.playbackCheckId(page)}`);
  await page
    .getByRole('button', { name: /^(Play|Start over)/ })
    .last()
    .click();
  await b.waitForPicture(page, 2);
  const { seconds } = await b.readVideo(page);
  let playbacks = 0;
  await page.route('**/stream/**', route => route.fulfill({ status: 401 }));
  page.on('request', request => {
    if (request.method() !== 'POST' || !request.url().endsWith('/playback')) return;
    playbacks += 1;
    page.unroute('**/stream/**');
  });
  await page.evaluate(() => document.querySelector('video').load());
  await b.waitForPicture(page, seconds - 1);
  assert.equal(playbacks, 1);
  assert.ok((await b.readVideo(page)).seconds < seconds + 15);
  await page.context().close();
});
