// Other people's pages in the browser of somebody who is signed in.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import * as b from '../lib/browser.mjs';
import { signInBy, startDaemon } from '../lib/daemon.mjs';

let daemon;
let browser;

before(async () => {
  daemon = await startDaemon();
  browser = await b.launch(['--host-resolver-rules=MAP evil.test 127.0.0.1']);
});

after(async () => {
  await browser?.close();
  await daemon?.stop();
});

test('a name that was rebound to the daemon gets neither the app nor an answer', async () => {
  const page = await b.openPage(browser, b.desktop);
  const rebound = daemon.url.replace('127.0.0.1', 'evil.test');
  for (const path of ['/', '/api/v1/health']) {
    const answer = await page.goto(rebound + path);
    assert.equal(answer.status(), 421, path);
    assert.equal(await page.locator('#app').count(), 0, path);
  }
  await page.context().close();
});

test('a page of another origin makes no account with the cookies of an admin', async () => {
  const page = await b.openPage(browser, b.desktop);
  await signInBy(page, daemon);
  const usernames = () =>
    page.evaluate(async () =>
      (await (await fetch('/api/v1/users')).json()).users.map(user => user.username),
    );
  assert.deepEqual(await usernames(), ['ada']);

  const target = `${daemon.url}/api/v1/users`;
  const account = { username: 'eve', password: 'a password of eve', role: 'admin' };
  // A form can send text that reads as JSON; fetch can send it with the cookies.
  const name = JSON.stringify(account).slice(0, -1).concat(',"x":"').replaceAll('"', '&quot;');
  const form = `<form method="post" enctype="text/plain" action="${target}"><input name="${name}" value="&quot;}"></form>`;
  const site = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>evil</title>${form}`);
  });
  await new Promise(resolve => site.listen(0, '127.0.0.1', resolve));
  try {
    const evil = await page.context().newPage();
    await evil.goto(`http://localhost:${site.address().port}/`);
    await evil.evaluate(
      ({ target, account }) =>
        Promise.allSettled(
          ['application/json', 'text/plain'].flatMap(type =>
            ['cors', 'no-cors'].map(mode =>
              fetch(target, {
                method: 'POST',
                mode,
                credentials: 'include',
                headers: { 'Content-Type': type },
                body: JSON.stringify(account),
              }),
            ),
          ),
        ),
      { target, account },
    );
    const [answer] = await Promise.all([
      evil.waitForResponse(target),
      evil.evaluate(() => document.forms[0].submit()),
    ]);
    assert.equal(answer.status(), 403);
  } finally {
    site.closeAllConnections();
    site.close();
  }
  assert.deepEqual(await usernames(), ['ada']);
  await page.context().close();
});
