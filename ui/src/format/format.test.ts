import { expect, test } from 'vitest';
import type { Title } from '../api/types';
import { formatBytes, formatRate } from './bytes';
import {
  formatAgo,
  formatClock,
  formatDay,
  formatPosition,
  formatRuntime,
  formatUntil,
  isAhead,
} from './time';
import {
  formatEpisode,
  formatLeft,
  formatStanding,
  isResumable,
  metaOf,
  watchedShare,
} from './title';

const sintel: Title = {
  id: 3,
  kind: 'movie',
  overview: '',
  title: 'Sintel',
  year: 2010,
  runtime_ms: 888_000,
  tint: ['#3a2a1c', '#0e1a24'],
  poster: null,
  backdrop: null,
  still: null,
  logo: null,
  genres: [],
  rating: null,
  is_playable: true,
  origin: 'built_in',
  badge: null,
  progress: null,
  episode: null,
};

test('a position shows hours only when there are some', () => {
  expect(formatPosition(5_400)).toBe('0:05');
  expect(formatPosition(750_000)).toBe('12:30');
  expect(formatPosition(3_723_000)).toBe('1:02:03');
  expect(formatPosition(-1)).toBe('0:00');
});

test('a runtime is said the way people say it', () => {
  expect(formatRuntime(48_000)).toBe('48 s');
  expect(formatRuntime(60_000)).toBe('1 min');
  expect(formatRuntime(888_000)).toBe('15 min');
  expect(formatRuntime(3_600_000)).toBe('1 h');
  expect(formatRuntime(6_720_000)).toBe('1 h 52 min');
});

test('a size has at most three digits', () => {
  expect(formatBytes(512)).toBe('512 B');
  expect(formatBytes(1_234_567)).toBe('1.2 MB');
  expect(formatBytes(734_003_200)).toBe('734 MB');
  expect(formatBytes(999_900)).toBe('1.0 MB');
  expect(formatRate(1_840_000)).toBe('1.8 MB/s');
});

test('the past gets coarser the further away it is', () => {
  const now = 1_000_000_000;
  expect(formatAgo(now - 30_000, now)).toBe('just now');
  expect(formatAgo(now - 5 * 60_000, now)).toBe('5 min ago');
  expect(formatAgo(now - 7_400_000, now)).toBe('2 h ago');
  expect(formatAgo(now - 3 * 86_400_000, now)).toBe('3 days ago');
});

test('the future gets coarser the further away it is', () => {
  const now = 1_000_000_000;
  expect(formatUntil(now - 5000, now)).toBe('any moment');
  expect(formatUntil(now + 20_000, now)).toBe('in 20 s');
  expect(formatUntil(now + 48 * 60_000, now)).toBe('in 48 min');
  expect(formatUntil(now + 5 * 3_600_000, now)).toBe('in 5 h');
  expect(formatUntil(now + 3 * 86_400_000, now)).toBe('in 3 days');
});

test('the clock has two digits each', () => {
  expect(formatClock(new Date(2026, 0, 1, 9, 5))).toBe('09:05');
});

test('a title says its year and runtime, and that it is one’s own', () => {
  expect(metaOf(sintel)).toEqual(['2010', '15 min']);
  expect(metaOf({ ...sintel, year: null, origin: 'own' })).toEqual(['15 min', 'Your torrent']);
});

test('a title from the film database says its kinds and what people think of it', () => {
  const genres = ['Drama', 'Comedy', 'Family'];
  expect(metaOf({ ...sintel, runtime_ms: null, genres, rating: 7.04 })).toEqual([
    '2010',
    'Drama, Comedy',
    '★ 7.0',
  ]);
});

test('a film half watched can be resumed and says what is left', () => {
  const progress = {
    position_ms: 444_000,
    duration_ms: 888_000,
    state: 'watching',
    updated_at: 1,
  } as const;
  const half = { ...sintel, progress };
  expect(isResumable(half)).toBe(true);
  expect(watchedShare(half)).toBe(0.5);
  expect(formatLeft(half)).toBe('7 min left');
});

test('a film watched to its end is not resumed', () => {
  const progress = {
    position_ms: 850_000,
    duration_ms: 888_000,
    state: 'watched',
    updated_at: 1,
  } as const;
  expect(isResumable({ ...sintel, progress })).toBe(false);
  expect(watchedShare({ ...sintel, progress })).toBe(1);
});

test('an episode is known by its season and number, a special by its number alone', () => {
  expect(formatEpisode({ season_number: 2, number: 4 })).toBe('S2 E4');
  expect(formatEpisode({ season_number: 0, number: 3 })).toBe('Special 3');
});

test('where one stands in a show is its episode, and what is left of it or else its name', () => {
  const episode = {
    id: 1,
    season_number: 2,
    number: 4,
    name: 'The Trial',
    still: null,
    runtime_ms: null,
  };
  const progress = {
    position_ms: 60_000,
    duration_ms: 1_320_000,
    state: 'watching' as const,
    updated_at: 0,
  };
  expect(formatStanding({ ...sintel, kind: 'show', episode })).toBe('S2 E4 · The Trial');
  expect(formatStanding({ ...sintel, kind: 'show', episode, progress })).toBe(
    'S2 E4 · 21 min left',
  );
  expect(formatStanding({ ...sintel, kind: 'show', episode: { ...episode, name: '' } })).toBe(
    'S2 E4',
  );
  expect(formatStanding({ ...sintel, progress })).toBe('21 min left');
  expect(formatStanding(sintel)).toBeUndefined();
});

test('a day is said in full, and is ahead only from tomorrow on', () => {
  expect(formatDay('2026-03-09')).toBe('Mar 9, 2026');
  const now = new Date(2026, 2, 9, 23, 59);
  expect(isAhead('2026-03-09', now)).toBe(false);
  expect(isAhead('2026-03-10', now)).toBe(true);
});
