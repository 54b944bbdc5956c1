// A real swarm on loopback: a long film, qBittorrent seeding it at a limited rate, and a tracker that knows the way.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const pieceBytes = 1024 * 1024;
/** An address of its own: clients take two peers at one address for the same one. */
const seeder = { ip: `127.88.${(process.pid % 200) + 1}.1`, port: 51413 };
/** Slow enough that a film of 200 MB is still coming while the test looks. */
const uploadKiB = 6 * 1024;
const startsWithinMs = 30_000;
/** The film that the daemon's own tests make. */
const sharedFilm = fileURLToPath(new URL('../../../target/tmp/films/long.mp4', import.meta.url));

/** Answers the .torrent's path, and how to end it all. */
export async function startSwarm() {
  const dir = await mkdtemp(join(tmpdir(), 'miauflix-swarm-'));
  const film = existsSync(sharedFilm) ? sharedFilm : await makeFilm(dir);
  const tracker = await startTracker();
  const torrent = join(dir, 'film.torrent');
  await writeFile(
    torrent,
    await describe(film, `http://127.0.0.1:${tracker.address().port}/announce`),
  );
  const client = await startSeeder(dir, dirname(film), torrent);
  return {
    torrent,
    bytes: (await stat(film)).size,
    stop: async () => {
      const gone = once(client, 'exit');
      client.kill('SIGKILL');
      await gone;
      tracker.close();
      tracker.closeAllConnections();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Four minutes and more than 200 MB: twelve times twenty seconds of noise. */
async function makeFilm(dir) {
  const [part, film] = [join(dir, 'part.mp4'), join(dir, 'film.mp4')];
  const quiet = ['-v', 'error', '-nostdin', '-y'];
  const picture = 'testsrc2=s=1280x720:r=24:d=20,noise=alls=40:allf=t,format=yuv420p';
  const rate = ['-b:v', '8500k', '-minrate', '8500k', '-maxrate', '8500k', '-bufsize', '8500k'];
  const inputs = ['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', 'sine=f=440:r=48000:d=20'];
  const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48', ...rate];
  await run('ffmpeg', [...quiet, ...inputs, ...video, '-c:a', 'aac', '-ac', '2', part]);
  const repeat = ['-stream_loop', '11', '-i', part, '-c', 'copy', '-movflags', '+faststart'];
  await run('ffmpeg', [...quiet, ...repeat, film]);
  return film;
}

/** The metainfo file (BEP 3) of one film. */
async function describe(film, announce) {
  const hashes = [];
  const hash = bytes => hashes.push(createHash('sha1').update(bytes).digest());
  for await (const piece of createReadStream(film, { highWaterMark: pieceBytes })) hash(piece);
  const text = value => `${Buffer.byteLength(value)}:${value}`;
  const pieces = Buffer.concat(hashes);
  const { size } = await stat(film);
  return Buffer.concat([
    Buffer.from(
      `d8:announce${text(announce)}4:infod6:lengthi${size}e4:name${text(basename(film))}`,
    ),
    Buffer.from(`12:piece lengthi${pieceBytes}e6:pieces${pieces.length}:`),
    pieces,
    Buffer.from('ee'),
  ]);
}

/** Tells everybody who asks about the one seeder (BEP 23). */
async function startTracker() {
  const peer = Buffer.from([
    ...seeder.ip.split('.').map(Number),
    seeder.port >> 8,
    seeder.port & 255,
  ]);
  const answer = Buffer.concat([Buffer.from('d8:intervali60e5:peers6:'), peer, Buffer.from('e')]);
  const server = createServer((_, response) => response.end(answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Nothing but the tracker leads to it, and nothing of it leaves this machine. */
async function startSeeder(dir, folder, torrent) {
  const config = join(dir, 'qBittorrent/config');
  await mkdir(config, { recursive: true });
  const session = {
    BTProtocol: 'TCP',
    DHTEnabled: false,
    GlobalUPSpeedLimit: uploadKiB,
    IgnoreLimitsOnLAN: false,
    Interface: 'lo',
    InterfaceAddress: seeder.ip,
    LSDEnabled: false,
    PeXEnabled: false,
    Port: seeder.port,
  };
  const lines = Object.entries(session).map(([key, value]) => `Session\\${key}=${value}`);
  const preferences = ['Connection\\ResolvePeerCountries=false', `WebUI\\Address=${seeder.ip}`];
  await writeFile(
    join(config, 'qBittorrent.conf'),
    ['[LegalNotice]', 'Accepted=true', '[BitTorrent]', ...lines, '[Network]']
      .concat([
        'PortForwardingEnabled=false',
        '[Preferences]',
        ...preferences,
        'WebUI\\UPnP=false',
        '',
      ])
      .join('\n'),
  );
  const options = [`--profile=${dir}`, `--save-path=${folder}`, '--skip-hash-check', torrent];
  const client = spawn('qbittorrent-nox', options, { stdio: 'ignore' });
  const until = Date.now() + startsWithinMs;
  while (!(await accepts())) {
    if (Date.now() > until || client.exitCode !== null)
      throw new Error('qBittorrent does not seed');
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return client;
}

function accepts() {
  return new Promise(resolve => {
    const socket = createConnection({ host: seeder.ip, port: seeder.port });
    const end = answer => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
