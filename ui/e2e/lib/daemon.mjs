// The daemon under test: one that runs already (MIAUFLIX_URL, MIAUFLIX_SETUP_TOKEN), or one of our
// own, started from MIAUFLIX_BIN with an empty data directory on a free port.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const startsWithinMs = 30_000;
const stopsWithinMs = 10_000;
const printedSetupUrl = /(https?:\/\/\S+?)\/setup[?#]token=([\w.~-]+)/;

export const owner = { username: 'ada', password: 'correct horse battery' };

/** `env` holds settings beside the usual ones; a daemon that runs already has its own. */
export async function startDaemon(env = {}) {
  const { MIAUFLIX_URL, MIAUFLIX_SETUP_TOKEN, MIAUFLIX_BIN } = process.env;
  if (MIAUFLIX_URL) {
    return { url: MIAUFLIX_URL, setupToken: MIAUFLIX_SETUP_TOKEN, stop: async () => {} };
  }
  if (!MIAUFLIX_BIN)
    throw new Error('set MIAUFLIX_URL or MIAUFLIX_BIN to say which daemon to test');

  const dir = await mkdtemp(join(tmpdir(), 'miauflix-e2e-'));
  const port = await freePort();
  const child = spawn(MIAUFLIX_BIN, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      MIAUFLIX_SERVER__LISTEN: `127.0.0.1:${port}`,
      MIAUFLIX_DATA__DIR: dir,
      MIAUFLIX_TORRENTS__DHT: 'false',
      ...env,
    },
  });
  const [, , setupToken] = await printed(child, printedSetupUrl);
  return {
    url: `http://127.0.0.1:${port}`,
    setupToken,
    stop: async () => {
      const gone = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopsWithinMs);
      await gone;
      clearTimeout(timer);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Makes the owner's account if there is none; either way the answer signs the page's browser in. */
export async function signInBy(page, daemon) {
  await page.goto(`${daemon.url}/`);
  await page.evaluate(
    async ({ token, owner }) => {
      const post = (path, body) =>
        fetch(`/api/v1/${path}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        });
      const { needed } = await (await fetch('/api/v1/setup')).json();
      const answer = needed
        ? await post('setup', { token, ...owner })
        : await post('auth/login', owner);
      if (!answer.ok) throw new Error(`sign-in failed with ${answer.status}`);
      localStorage.setItem('miauflix.signed-in', '1');
    },
    { token: daemon.setupToken, owner },
  );
}

function printed(child, pattern) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new Error(`the daemon printed no setup address:\n${output}`)),
      startsWithinMs,
    );
    const read = chunk => {
      output += chunk;
      const match = pattern.exec(output);
      if (!match) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', code => reject(new Error(`the daemon exited with ${code}:\n${output}`)));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
