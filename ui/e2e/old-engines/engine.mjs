// Drives a Chromium too old for Playwright, by its raw DevTools protocol.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import WebSocket from 'ws';

const packages = fileURLToPath(new URL('./node_modules/', import.meta.url));
const unpacked = join(tmpdir(), 'miauflix-old-engines');
const startsWithinMs = 15_000;
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-zygote',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  '--window-size=1920,1080',
  '--remote-debugging-port=0',
];
const keyCodes = {
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
  Enter: 13,
  Escape: 27,
};

/** Starts the engine with a fresh profile and one blank page. */
export async function startEngine(major) {
  const binary = await unpack(major);
  const profile = await mkdtemp(join(tmpdir(), `chromium-${major}-`));
  const child = spawn(binary, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: dirname(binary),
  });
  const port = await debuggingPort(child);
  const socket = await connect(await firstPage(port));
  const page = await openPage(socket);
  return {
    ...page,
    close: async () => {
      const gone = new Promise(resolve => child.once('exit', resolve));
      socket.close();
      child.kill('SIGKILL');
      await gone;
      await rm(profile, { recursive: true, force: true });
    },
  };
}

async function openPage(socket) {
  const complaints = [];
  const waiting = new Map();
  let lastId = 0;

  socket.on('message', data => {
    const { id, result, error, method, params } = JSON.parse(data);
    if (id) {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(error.message));
      else resolve(result);
    } else if (method === 'Runtime.exceptionThrown') {
      const { exception, text } = params.exceptionDetails;
      complaints.push(exception?.description ?? text);
    } else if (method === 'Log.entryAdded' && params.entry.level === 'error') {
      complaints.push(`${params.entry.text} ${params.entry.url ?? ''}`);
    }
  });

  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      socket.send(JSON.stringify({ id: lastId, method, params }));
    });
  await Promise.all(['Page.enable', 'Runtime.enable', 'Log.enable'].map(method => send(method)));

  const evaluate = async expression => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
    return result.value;
  };

  return {
    complaints,
    evaluate,
    goto: url => send('Page.navigate', { url }),
    type: async text => {
      for (const character of text) {
        await send('Input.dispatchKeyEvent', { type: 'char', text: character });
      }
    },
    press: async key => {
      const code = { key, code: key, windowsVirtualKeyCode: keyCodes[key] };
      const isEnter = key === 'Enter';
      await send('Input.dispatchKeyEvent', {
        type: isEnter ? 'keyDown' : 'rawKeyDown',
        ...code,
        ...(isEnter && { text: '\r' }),
      });
      await send('Input.dispatchKeyEvent', { type: 'keyUp', ...code });
      await pause(250);
    },
    waitFor: async (expression, withinMs = 15_000) => {
      const until = Date.now() + withinMs;
      while (Date.now() < until) {
        if (await evaluate(expression)) return;
        await pause(100);
      }
      throw new Error(`never true: ${expression}\n${complaints.join('\n')}`);
    },
    screenshot: async () => {
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(data, 'base64');
    },
  };
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/** The package carries the engine as one brotli file; it is unpacked once and kept. */
async function unpack(major) {
  const binary = join(unpacked, `${major}`, 'chromium');
  const isThere = await stat(binary).then(
    () => true,
    () => false,
  );
  if (isThere) return binary;
  const bin = join(packages, `chromium-${major}`, 'bin');
  const packed = (await readdir(bin)).find(name => /^chromium.*\.br$/.test(name));
  await mkdir(dirname(binary), { recursive: true });
  const part = `${binary}.${process.pid}`;
  await pipeline(
    createReadStream(join(bin, packed)),
    createBrotliDecompress(),
    createWriteStream(part),
  );
  await chmod(part, 0o755);
  await rename(part, binary);
  return binary;
}

function debuggingPort(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new Error(`the engine did not start:\n${output}`)),
      startsWithinMs,
    );
    child.stderr.on('data', chunk => {
      output += chunk;
      const match = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(output);
      if (!match) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    });
    child.once('exit', code => reject(new Error(`the engine exited with ${code}:\n${output}`)));
  });
}

/** The address of the blank page, which may come a moment after the engine itself. */
async function firstPage(port) {
  const until = Date.now() + startsWithinMs;
  while (Date.now() < until) {
    const pages = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    const page = pages.find(({ type }) => type === 'page');
    if (page) return page.webSocketDebuggerUrl;
    await pause(100);
  }
  throw new Error('the engine opened no page');
}

function connect(url) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}
