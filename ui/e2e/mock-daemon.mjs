// A stand-in for the daemon: the HTTP contract over made-up data, for developing the UI alone.
// usage: node e2e/mock-daemon.mjs FILM.mp4 [port]
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const [film, port = '7878'] = process.argv.slice(2);
const dist = new URL('../dist/', import.meta.url).pathname;
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

const token = 'setup-token-for-tests';
const state = {
  users: [],
  signedIn: false,
  progress: {},
  movies: [],
  playbacks: 0,
  started: Date.now(),
};

const movie = (id, title, year, minutes, tint, overview, extra = {}) => ({
  id,
  kind: 'movie',
  title,
  year,
  runtime_ms: minutes * 60_000,
  tint,
  poster: null,
  backdrop: null,
  origin: 'built_in',
  badge: null,
  tagline: null,
  overview,
  license: { name: 'CC BY 3.0', url: 'https://creativecommons.org/licenses/by/3.0/' },
  sources: [
    {
      id: id * 10,
      release_name: `${title.replace(/ /g, '.')}.${year}.1080p.WEB.x264`,
      size_bytes: 734_000_000,
      resolution: '1080p',
      why: ['Openly licensed', 'Plays on this device', '214 seeders'],
    },
    {
      id: id * 10 + 1,
      release_name: `${title.replace(/ /g, '.')}.${year}.720p.WEB.x264`,
      size_bytes: 412_000_000,
      resolution: '720p',
      why: ['Openly licensed', '38 seeders'],
    },
  ],
  ...extra,
});

state.movies.push(
  movie(
    1,
    'Playback check',
    2026,
    1,
    ['#2f6f8f', '#12203a'],
    'A minute of moving shapes and tones that streams through the whole torrent path. If this plays, everything does.',
    {
      badge: 'Works offline',
      license: { name: 'CC0 1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' },
      sources: [
        {
          id: 10,
          release_name: 'Playback.Check.720p.x264.AAC',
          size_bytes: 9_100_000,
          resolution: '720p',
          why: ['Works offline', 'Openly licensed'],
        },
      ],
    },
  ),
  movie(
    2,
    'Big Buck Bunny',
    2008,
    10,
    ['#6f8f3a', '#1c3a2a'],
    'A giant rabbit with a heart bigger than himself wakes to find his morning spoiled by three bullying rodents, and plans a comical revenge.',
  ),
  movie(
    3,
    'Sintel',
    2010,
    15,
    ['#8a4a2c', '#1a2438'],
    'A wandering girl befriends a wounded baby dragon. When it is taken from her, she sets out across the world to find it again.',
  ),
  movie(
    4,
    'Tears of Steel',
    2012,
    12,
    ['#3a6a9a', '#2a1c3a'],
    'In a ruined Amsterdam a group of warriors and scientists stages a crucial event from the past in a desperate attempt to save the world from robots.',
  ),
  movie(
    5,
    'Cosmos Laundromat',
    2015,
    12,
    ['#9a6a8a', '#16323a'],
    'On a desolate island a suicidal sheep named Franck meets a quirky salesman who offers him the gift of a lifetime.',
  ),
);

const card = m => {
  const { overview, tagline, license, sources, ...rest } = m;
  return { ...rest, progress: state.progress[m.id] ?? null };
};
const detail = m => ({ ...m, progress: state.progress[m.id] ?? null });
const find = id => state.movies.find(m => m.id === Number(id));

function home() {
  const watching = state.movies.filter(m => state.progress[m.id]?.state === 'watching');
  const own = state.movies.filter(m => m.origin === 'own');
  const rows = [
    {
      slug: 'open-movies',
      name: 'Open movies',
      kind: 'list',
      items: state.movies.filter(m => m.origin === 'built_in').map(card),
    },
  ];
  if (own.length)
    rows.push({ slug: 'own', name: 'Your torrents', kind: 'list', items: own.map(card) });
  if (watching.length)
    rows.unshift({
      slug: 'continue',
      name: 'Continue watching',
      kind: 'continue',
      items: watching.map(card),
    });
  return { rows };
}

const json = (res, status, body, headers = {}) => {
  res.writeHead(status, {
    'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json',
    ...headers,
  });
  res.end(body === undefined ? '' : JSON.stringify(body));
};
const problem = (res, status, code, detail, headers) =>
  json(res, status, { type: 'about:blank', title: code, status, detail, code }, headers);
const readBody = req =>
  new Promise(resolve => {
    const chunks = [];
    req.on('data', c => chunks.push(c)).on('end', () => resolve(Buffer.concat(chunks)));
  });

const signedIn = user => ({ user, session_id: 's1', expires_at: Date.now() + 600_000 });
const cookies = { 'Set-Cookie': ['miauflix_access=yes; Path=/; HttpOnly; SameSite=Strict'] };

function status(started) {
  const age = Date.now() - started;
  const size = statSync(film).size;
  const share = Math.min(1, age / 20_000);
  return {
    state:
      age < 700 ? 'finding_peers' : age < 1500 ? 'buffering' : share === 1 ? 'complete' : 'playing',
    peers: { connected: Math.min(7, Math.floor(age / 300)), seen: 9 },
    download_bytes_per_s: share === 1 ? 0 : 1_840_000,
    upload_bytes_per_s: 120_000,
    downloaded_bytes: Math.round(size * share),
    total_bytes: size,
    have:
      share > 0.3
        ? [
            [0, share * 0.8],
            [0.9, 0.9 + share * 0.1],
          ]
        : [[0, share]],
    contiguous_bytes: Math.min(2_097_152, age * 1400),
    eta_ms: Math.max(0, 1500 - age),
    message: null,
  };
}
const playbacks = new Map();

const routes = {
  'GET setup': (_req, res) => json(res, 200, { needed: state.users.length === 0 }),
  'POST setup': (_req, res, body) => {
    if (state.users.length) return problem(res, 409, 'setup_done', 'Setup is done.');
    if (body.token !== token)
      return problem(res, 403, 'setup_token_wrong', 'The setup token is wrong.');
    if (body.password.length < 8)
      return problem(res, 422, 'weak_password', 'A password has at least 8 characters.');
    state.users.push({
      id: 1,
      username: body.username,
      role: 'admin',
      is_active: true,
      created_at: Date.now(),
      password: body.password,
    });
    state.signedIn = true;
    json(res, 201, signedIn(state.users[0]), cookies);
  },
  'POST auth/login': (_req, res, body) => {
    const user = state.users.find(
      u => u.username === body.username && u.password === body.password,
    );
    if (!user) return problem(res, 401, 'wrong_credentials', 'Wrong username or password.');
    json(res, 200, signedIn(user), cookies);
  },
  'POST auth/refresh': (_req, res) => problem(res, 401, 'refresh_invalid', 'Sign in again.'),
  'POST auth/logout': (_req, res) =>
    json(res, 204, undefined, { 'Set-Cookie': 'miauflix_access=; Path=/; Max-Age=0' }),
  'GET me': (_req, res) => json(res, 200, state.users[0]),
  'PATCH me': (_req, res, body) =>
    body.current_password === state.users[0].password
      ? json(res, 200, state.users[0])
      : problem(res, 401, 'wrong_credentials', 'no'),
  'GET me/sessions': (_req, res) =>
    json(res, 200, {
      sessions: [
        {
          id: 's1',
          device_name: 'Chrome on Linux',
          user_agent: 'x',
          created_at: state.started,
          last_seen_at: Date.now(),
          current: true,
        },
        {
          id: 's2',
          device_name: 'Samsung TV',
          user_agent: 'x',
          created_at: state.started,
          last_seen_at: Date.now() - 7_400_000,
          current: false,
        },
        {
          id: 's3',
          device_name: 'iPhone',
          user_agent: 'x',
          created_at: state.started,
          last_seen_at: Date.now() - 3 * 86_400_000,
          current: false,
        },
      ],
    }),
  'GET users': (_req, res) => json(res, 200, { users: state.users }),
  'POST users': (_req, res, body) => {
    state.users.push({
      id: state.users.length + 1,
      is_active: true,
      created_at: Date.now(),
      ...body,
    });
    json(res, 201, state.users.at(-1));
  },
  'GET home': (_req, res) => json(res, 200, home()),
  'POST torrents': (_req, res) => {
    const id = 100;
    if (!find(id))
      state.movies.push(
        movie(id, 'Night of the Living Dead', 1968, 96, ['#7a7a72', '#20201e'], null, {
          origin: 'own',
          year: 1968,
          license: null,
        }),
      );
    json(res, 201, detail(find(id)));
  },
  'POST playback': (_req, res, body) => {
    const m = find(body.movie_id);
    if (!m) return problem(res, 404, 'movie_not_found', 'No such film.');
    const id = `pb_${++state.playbacks}`;
    playbacks.set(id, Date.now());
    const source = m.sources.find(s => s.id === body.source_id) ?? m.sources[0];
    const progress = state.progress[m.id];
    setTimeout(
      () =>
        json(res, 201, {
          id,
          stream_url: `/stream/${id}`,
          mime: 'video/mp4',
          file_name: 'film.mp4',
          size_bytes: statSync(film).size,
          resume_position_ms: progress?.state === 'watching' ? progress.position_ms : 0,
          duration_ms: null,
          title: card(m),
          source,
          alternatives: m.sources.filter(s => s !== source),
          expires_at: Date.now() + 3_600_000,
        }),
      300,
    );
  },
  'GET admin/actors': (_req, res) => {
    const a = (path, kind, x = {}) => ({
      path,
      name: path.split('/').at(-1),
      kind,
      state: 'running',
      restarts: 0,
      in_flight: 0,
      last_error: null,
      started_at: state.started,
      ...x,
    });
    json(res, 200, {
      actors: [
        a('root', 'supervisor'),
        a('root/storage', 'supervisor'),
        a('root/storage/database', 'actor', { in_flight: 1 }),
        a('root/playback', 'supervisor'),
        a('root/playback/torrents', 'actor', { in_flight: 2 }),
        a('root/playback/streams', 'actor', {
          restarts: 1,
          last_error: 'failed to read piece: disk is busy',
        }),
        a('root/catalog', 'supervisor'),
        a('root/catalog/list_refresh', 'actor', {
          state: 'restarting',
          restarts: 3,
          last_error: 'failed to fetch list: connection refused',
        }),
        a('root/housekeeping', 'actor'),
      ],
    });
  },
  'GET health': (_req, res) => json(res, 200, { status: 'ok' }),
};

async function api(req, res, path) {
  const raw = await readBody(req);
  let body = {};
  try {
    body = JSON.parse(raw.toString() || '{}');
  } catch {
    /* a torrent file */
  }
  const isOpen = ['setup', 'health'].includes(path) || path.startsWith('auth/');
  if (!isOpen && !/miauflix_access=yes/.test(req.headers.cookie ?? ''))
    return problem(res, 401, 'unauthenticated', 'Sign in first.');
  const exact = routes[`${req.method} ${path}`];
  if (exact) return exact(req, res, body);
  const [area, a, b] = path.split('/');
  if (area === 'movies' && req.method === 'GET') {
    const m = find(a);
    return m
      ? json(res, 200, b ? { sources: m.sources } : detail(m))
      : problem(res, 404, 'movie_not_found', 'No such film.');
  }
  if (area === 'users' && req.method === 'PATCH') {
    const user = state.users.find(u => u.id === Number(a));
    return json(res, 200, Object.assign(user, body));
  }
  if (area === 'progress' && req.method === 'PUT') {
    const { position_ms, duration_ms } = body;
    state.progress[b] = {
      position_ms,
      duration_ms,
      state: position_ms / duration_ms > 0.9 ? 'watched' : 'watching',
      updated_at: Date.now(),
    };
    return json(res, 200, state.progress[b]);
  }
  if (area === 'playback' && b === 'status') {
    const started = playbacks.get(a) ?? Date.now();
    if (!/event-stream/.test(req.headers.accept ?? '')) return json(res, 200, status(started));
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const tick = () => res.write(`event: status\ndata: ${JSON.stringify(status(started))}\n\n`);
    tick();
    const timer = setInterval(tick, 500);
    req.on('close', () => clearInterval(timer));
    return;
  }
  if (req.method === 'DELETE') return json(res, 204);
  problem(res, 404, 'not_found', 'No such route.');
}

function stream(req, res) {
  const { size } = statSync(film);
  const range = /bytes=(\d+)-(\d*)/.exec(req.headers.range ?? '');
  const from = range ? Number(range[1]) : 0;
  const to = range?.[2] ? Number(range[2]) : size - 1;
  res.writeHead(range ? 206 : 200, {
    'Content-Type': 'video/mp4',
    'Accept-Ranges': 'bytes',
    'Content-Length': to - from + 1,
    ...(range && { 'Content-Range': `bytes ${from}-${to}/${size}` }),
  });
  if (req.method === 'HEAD') return res.end();
  createReadStream(film, { start: from, end: to })
    .on('error', () => res.destroy())
    .pipe(res);
}

createServer((req, res) => {
  const { pathname } = new URL(req.url, 'http://mock');
  if (pathname.startsWith('/api/v1/')) return api(req, res, pathname.slice(8));
  if (pathname.startsWith('/stream/')) return stream(req, res);
  const file = join(dist, pathname);
  const path = extname(pathname) && existsSync(file) ? file : join(dist, 'index.html');
  res.writeHead(200, {
    'Content-Type': types[extname(path)] ?? 'application/octet-stream',
    'Content-Security-Policy': csp,
  });
  res.end(readFileSync(path));
}).listen(Number(port), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${port}/setup?token=${token}`);
});
