// A film database on loopback that answers as The Movie Database does, with films and shows of our
// own making and pictures painted for each of them.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { deflateSync } from 'node:zlib';

const token = 'a-token-of-the-stand-in';
const perPage = 20;
const dayMs = 24 * 60 * 60 * 1000;

const genres = [
  { id: 18, name: 'Drama' },
  { id: 35, name: 'Comedy' },
  { id: 878, name: 'Science Fiction' },
  { id: 53, name: 'Thriller' },
  { id: 12, name: 'Adventure' },
  { id: 9648, name: 'Mystery' },
];

const germanGenres = {
  Drama: 'Drama',
  Comedy: 'Komödie',
  'Science Fiction': 'Science-Fiction',
  Thriller: 'Thriller',
  Adventure: 'Abenteuer',
  Mystery: 'Krimi',
};

const filmNames = [
  'The Salt Road',
  'Nine Bridges',
  'A Winter of Crows',
  'Paper Lanterns',
  'The Cartographer',
  'Low Tide',
  'Glass Orchard',
  'Northern Line',
  'The Clockmaker’s Daughter',
  'Ember Season',
  'Undertow',
  'The Last Ferry to Anholt',
  'Marigold',
  'Static',
  'Harvest Moon Motel',
  'The Quiet Frequency',
  'Cinder Lane',
  'Seven Minutes to Dawn',
  'Drift',
  'The Beekeepers',
  'Copper Sky',
  'Midnight at the Observatory',
  'Tundra',
  'An Honest Forgery',
];

/** The rest is called in German as it is in English. */
const germanNames = {
  'The Salt Road': 'Die Salzstraße',
  'Nine Bridges': 'Neun Brücken',
  'A Winter of Crows': 'Ein Winter der Krähen',
  'Paper Lanterns': 'Papierlaternen',
  'The Cartographer': 'Die Kartenzeichnerin',
  'Low Tide': 'Niedrigwasser',
  'The Last Ferry to Anholt': 'Die letzte Fähre nach Anholt',
  'Harbour Lights': 'Hafenlichter',
  'The Understudies': 'Die Zweitbesetzung',
  'Small Hours': 'Vor Tagesanbruch',
};

const people = [
  'Ines Vantongeren',
  'Tobias Ahrensberg',
  'Maren Okonkwo',
  'Luca Ferrandi',
  'Sólveig Hallsdóttir',
  'Dae-jung Ryu',
  'Amara Delacroix',
  'Piotr Zawadzki',
];

const showNames = [
  'Harbour Lights',
  'The Understudies',
  'Meridian',
  'Fathom',
  'Small Hours',
  'The Ashgrove Papers',
  'Overwinter',
  'Signal Hill',
  'Kestrel & Daughters',
  'The Long Orbit',
  'Saltmarsh',
  'Parallel Lines',
];

const episodeNames = [
  'Arrivals',
  'What the Tide Left',
  'A Borrowed Coat',
  'The Trial',
  'Crossing',
  'Letters Unsent',
  'The Weight of Water',
  'Nightwork',
  'Low Ceiling',
  'The Way Back',
];

const overview =
  'When the last train leaves without her, a night porter finds a suitcase that is addressed to nobody. ' +
  'What begins as an errand across a sleeping town turns into the one story everybody here agreed to forget.';

const germanOverview =
  'Als der letzte Zug ohne sie abfährt, findet eine Nachtportierin einen Koffer, der an niemanden adressiert ist. ' +
  'Was als Botengang durch eine schlafende Stadt beginnt, wird zu der Geschichte, die hier alle vergessen wollten.';

const films = filmNames.map((title, index) => ({ id: 5001 + index, title, index }));
const shows = showNames.map((name, index) => ({ id: 7001 + index, name, index }));

const common = ({ id, index }) => ({
  id,
  original_language: 'en',
  overview,
  popularity: 100 - index,
  vote_average: 6.1 + ((index * 7) % 30) / 10,
  vote_count: 200 + index,
  genre_ids: [genres[index % genres.length].id],
  adult: false,
});

const filmSummary = film => ({
  ...common(film),
  title: film.title,
  original_title: film.title,
  release_date: `${1994 + ((film.index * 5) % 32)}-05-01`,
  poster_path: `/poster${film.id}.png`,
  backdrop_path: `/backdrop${film.id}.png`,
});

const showSummary = show => ({
  ...common(show),
  name: show.name,
  original_name: show.name,
  first_air_date: `${2012 + show.index}-09-12`,
  poster_path: `/poster${show.id}.png`,
  backdrop_path: `/backdrop${show.id}.png`,
});

const genresOf = ({ index }) => [
  genres[index % genres.length],
  genres[(index + 2) % genres.length],
];

/** What comes with a title when it is asked for all by `append_to_response`. */
function extras({ id, index, title, name }, namedAs, alike) {
  const cast = people.map((_, turn) => people[(index + turn) % people.length]);
  const german = { [namedAs]: germanNames[title ?? name] ?? '', overview: germanOverview };
  return {
    translations: {
      translations: [
        { iso_639_1: 'en', iso_3166_1: 'US', data: { [namedAs]: '', overview: '', tagline: '' } },
        { iso_639_1: 'de', iso_3166_1: 'DE', data: { ...german, tagline: '' } },
      ],
    },
    credits: {
      cast: cast.slice(1).map((person, order) => ({ name: person, order, character: 'Somebody' })),
      crew: [
        { name: cast[0], job: 'Director', department: 'Directing' },
        { name: cast[2], job: 'Editor', department: 'Editing' },
      ],
    },
    videos: {
      results: [
        { key: `trailer${id}`, site: 'YouTube', type: 'Trailer', official: true, iso_639_1: 'en' },
      ],
    },
    images: {
      logos: index % 3 === 0 ? [{ file_path: `/logo${id}.png`, iso_639_1: 'en' }] : [],
    },
    recommendations: { page: 1, results: alike, total_pages: 1 },
  };
}

const filmDetails = film => ({
  ...filmSummary(film),
  ...extras(
    film,
    'title',
    turned(films, film.index + 1)
      .slice(0, 12)
      .map(filmSummary),
  ),
  release_dates: {
    results: [
      { iso_3166_1: 'US', release_dates: [{ certification: 'PG-13', type: 3 }] },
      { iso_3166_1: 'DE', release_dates: [{ certification: '12', type: 3 }] },
    ],
  },
  imdb_id: `tt00${film.id}`,
  tagline: 'Some roads are remembered by the ones who left.',
  runtime: 84 + ((film.index * 13) % 70),
  genres: genresOf(film),
  budget: 0,
  revenue: 0,
});

const seasonCount = show => 1 + (show.index % 4);
const hasSpecials = show => show.index % 3 === 0;
/** Every other show is still going: its last season ends in the future. */
const isGoing = show => show.index % 2 === 0;

function seasonNumbers(show) {
  const regular = Array.from({ length: seasonCount(show) }, (_, index) => index + 1);
  return hasSpecials(show) ? [0, ...regular] : regular;
}

const episodeCount = (show, number) => (number === 0 ? 3 : 6 + ((show.index + number) % 4));

const dayAt = ms => new Date(ms).toISOString().slice(0, 10);

function airDate(show, season, episode) {
  const isCurrent = isGoing(show) && season === seasonCount(show);
  // Of the season under way half is out; earlier ones lie years back.
  const start = isCurrent
    ? Date.now() - 25 * dayMs
    : Date.UTC(2012 + show.index + Math.max(0, season - 1), 8, 12);
  return dayAt(start + (episode - 1) * 7 * dayMs);
}

const showDetails = show => ({
  ...showSummary(show),
  ...extras(
    show,
    'name',
    turned(shows, show.index + 1)
      .slice(0, 8)
      .map(showSummary),
  ),
  created_by: [{ id: 1, name: people[show.index % people.length] }],
  content_ratings: {
    results: [
      { iso_3166_1: 'US', rating: 'TV-14' },
      { iso_3166_1: 'DE', rating: '16' },
    ],
  },
  external_ids: { imdb_id: `tt00${show.id}` },
  tagline: 'Everyone on the quay knows. Nobody says.',
  status: isGoing(show) ? 'Returning Series' : 'Ended',
  in_production: isGoing(show),
  genres: genresOf(show),
  seasons: seasonNumbers(show).map(number => ({
    id: show.id * 100 + number,
    season_number: number,
    name: number === 0 ? 'Specials' : `Season ${number}`,
    overview: '',
    air_date: airDate(show, number, 1),
    poster_path: `/poster${show.id}s${number}.png`,
    episode_count: episodeCount(show, number),
  })),
});

const season = (show, number) => ({
  id: show.id * 100 + number,
  season_number: number,
  episodes: Array.from({ length: episodeCount(show, number) }, (_, index) => ({
    id: (show.id * 100 + number) * 100 + index,
    episode_number: index + 1,
    name: episodeNames[(index + number * 3) % episodeNames.length],
    overview,
    air_date: airDate(show, number, index + 1),
    runtime: 38 + ((index * 7 + number) % 21),
    still_path: `/still${show.id}s${number}e${index}.png`,
  })),
});

const list = (all, summary, page) => ({
  page,
  results: all.slice((page - 1) * perPage, page * perPage).map(summary),
  total_pages: Math.ceil(all.length / perPage),
});

/** Another order for each list, so that no two rows look alike. */
const turned = (all, by) => [...all.slice(by), ...all.slice(0, by)];

const lists = {
  'trending/movie/week': [films, filmSummary],
  'movie/now_playing': [turned(films, 7), filmSummary],
  'movie/popular': [turned(films, 13), filmSummary],
  'movie/top_rated': [turned(films, 18), filmSummary],
  'trending/tv/week': [shows, showSummary],
  'tv/on_the_air': [turned(shows, 4).filter(isGoing), showSummary],
  'tv/popular': [turned(shows, 6), showSummary],
  'tv/top_rated': [turned(shows, 9), showSummary],
};

/** In no list: only a search finds it. */
const hidden = { id: 4900, index: 49, title: 'Xylophone Winter' };

function answer(path, query) {
  if (path === 'search/multi') {
    const isMeant = hidden.title.toLowerCase().startsWith(query.get('query').toLowerCase());
    const results = isMeant ? [{ ...filmSummary(hidden), media_type: 'movie' }] : [];
    return { page: 1, results, total_pages: 1 };
  }
  if (/^genre\/(movie|tv)\/list$/.test(path)) {
    const isGerman = query.get('language')?.startsWith('de');
    return {
      genres: genres.map(genre =>
        isGerman ? { ...genre, name: germanGenres[genre.name] } : genre,
      ),
    };
  }
  if (lists[path]) {
    const [all, summary] = lists[path];
    return list(all, summary, Number(query.get('page') ?? 1));
  }
  const film = [...films, hidden].find(({ id }) => path === `movie/${id}`);
  if (film) return filmDetails(film);
  const [, id, number] = /^tv\/(\d+)(?:\/season\/(\d+))?$/.exec(path) ?? [];
  const show = shows.find(known => known.id === Number(id));
  if (!show) return null;
  if (number === undefined) return showDetails(show);
  return seasonNumbers(show).includes(Number(number)) ? season(show, Number(number)) : null;
}

/** Answers what makes a daemon ask here, and how to end it. */
export async function startFilmDatabase() {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const picture = /^\/t\/p\/(w\d+|original)\/(\w+)\.png$/.exec(pathname);
    if (picture) {
      response.writeHead(200, { 'Content-Type': 'image/png' });
      response.end(paint(picture[2]));
      return;
    }
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401, { 'Content-Type': 'application/json' });
      response.end('{"status_code":7}');
      return;
    }
    const found = pathname.startsWith('/3/') && answer(pathname.slice(3), searchParams);
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(found || { status_code: 34 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${server.address().port}`;
  return {
    env: {
      MIAUFLIX_TMDB__TOKEN: token,
      MIAUFLIX_TMDB__API_URL: `${base}/3/`,
      MIAUFLIX_TMDB__IMAGES_URL: `${base}/t/p/`,
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const painted = new Map();

/** A landscape in the title's own colours: a sky, a sun and ridges one behind the other. */
function paint(name) {
  const known = painted.get(name);
  if (known) return known;
  if (name.startsWith('logo')) return keep(name, letters(name));
  const isPoster = name.startsWith('poster');
  const [width, height] = isPoster
    ? [180, 270]
    : name.startsWith('still')
      ? [320, 180]
      : [640, 360];
  const random = randomOf(name);
  // The golden angle, so that neighbours differ; whatever belongs to a title shares its hue.
  const hue = (Number(/\d+/.exec(name)[0]) * 137.5) % 360;
  const sun = { x: (0.45 + random() * 0.45) * width, y: (0.25 + random() * 0.25) * height };
  const sunRadius = height * (0.07 + random() * 0.08);
  const ridges = Array.from({ length: 4 }, (_, index) => ({
    base: 0.5 + index * 0.13,
    swing: 0.05 + random() * 0.07,
    pace: 1.5 + random() * 4,
    from: random() * 7,
  }));
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const fromSun = Math.hypot(x - sun.x, y - sun.y);
      const glow = Math.max(0, 1 - fromSun / (height * 0.8));
      let colour = hsl(hue + 40 * glow, 0.5, 0.16 + 0.2 * (y / height) + 0.35 * glow * glow);
      if (fromSun < sunRadius) colour = hsl(hue + 45, 0.85, 0.8);
      ridges.forEach(({ base, swing, pace, from }, index) => {
        const u = (x / width) * pace + from;
        const edge = base + swing * (Math.sin(u) + 0.4 * Math.sin(u * 2.7));
        if (y / height > edge) colour = hsl(hue - 12 * index, 0.42, 0.26 - index * 0.06);
      });
      rows.set(colour, at);
    }
  }
  return keep(name, png(width, height, rows));
}

function keep(name, picture) {
  painted.set(name, picture);
  return picture;
}

/** Capital letters of three by five squares; each digit is a row, its bits the squares. */
const glyphs =
  '25755 65656 34443 65556 74647 74644 34553 55755 72227 11152 55655 44447 57755 ' +
  '65555 25552 65644 25563 65655 34216 72222 55557 55552 55775 55255 55222 71247';

/** A title's name on nothing. */
function letters(name) {
  const id = Number(/\d+/.exec(name)[0]);
  const { title, name: showName } = [...films, ...shows].find(known => known.id === id);
  const text = (title ?? showName).toUpperCase().replace(/[^A-Z ]/g, '');
  const square = Math.floor(500 / (text.length * 4));
  const [width, height] = [500, square * 5];
  const rows = Buffer.alloc((width * 4 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < text.length * 4 * square; x += 1) {
      const column = Math.floor(x / square) % 4;
      const letter = text.charCodeAt(Math.floor(x / square / 4)) - 65;
      const row = glyphs.split(' ')[letter]?.[Math.floor(y / square)] ?? 0;
      if (column < 3 && (row >> (2 - column)) & 1) {
        rows.set([...hsl((id * 137.5) % 360, 0.4, 0.88), 255], y * (width * 4 + 1) + 1 + x * 4);
      }
    }
  }
  return png(width, height, rows, withAlpha);
}

function randomOf(text) {
  let state = 7;
  for (const char of text) state = (state * 131 + char.charCodeAt(0)) % 2147483647;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

function hsl(hue, saturation, lightness) {
  const amplitude = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map(offset => {
    const k = (offset + hue / 30 + 24) % 12;
    return 255 * (lightness - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  });
}

const opaque = 2;
const withAlpha = 6;

/** A PNG of 8-bit RGB, perhaps with alpha (https://www.w3.org/TR/png/). */
function png(width, height, rows, colours = opaque) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colours, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc(body), body.length + 4);
  return framed;
}

function crc(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}
