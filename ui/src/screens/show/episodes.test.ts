import { expect, test } from 'vitest';
import type { Episode, SeasonSummary } from '../../api/types';
import {
  firstEpisode,
  firstSeason,
  inTabOrder,
  isSeasonWatched,
  isShowWatched,
  upTo,
} from './episodes';

const season = (number: number, watched_count = 0): SeasonSummary => ({
  number,
  name: '',
  air_date: null,
  episode_count: 8,
  poster: null,
  watched_count,
});

const episode = (number: number, isWatched = false): Episode => ({
  id: 100 + number,
  number,
  name: '',
  overview: '',
  air_date: null,
  runtime_ms: null,
  still: null,
  progress: isWatched ? { position_ms: 1, duration_ms: 1, state: 'watched', updated_at: 0 } : null,
});

test('the specials stand behind the last season', () => {
  expect(inTabOrder([season(0), season(1), season(2)]).map(({ number }) => number)).toEqual([
    1, 2, 0,
  ]);
});

test('a show opens at the season to go on with, else at its first', () => {
  const seasons = [season(0), season(1), season(2)];
  const next = { id: 1, season_number: 2, number: 1, name: '', still: null, runtime_ms: null };
  expect(firstSeason({ next, seasons })).toBe(2);
  expect(firstSeason({ next: null, seasons })).toBe(1);
  expect(firstSeason({ next: null, seasons: [season(0)] })).toBe(0);
  expect(firstSeason({ next: null, seasons: [] })).toBeUndefined();
});

test('a season with an episode left is not watched, nor is one without episodes', () => {
  expect(isSeasonWatched(season(1, 8))).toBe(true);
  expect(isSeasonWatched(season(1, 7))).toBe(false);
  expect(isSeasonWatched({ ...season(1), episode_count: 0 })).toBe(false);
});

test('a show is watched when nothing is next and something was seen, specials aside', () => {
  expect(isShowWatched({ next: null, seasons: [season(1, 8)] })).toBe(true);
  expect(isShowWatched({ next: null, seasons: [season(0, 3), season(1)] })).toBe(false);
});

test('the rail begins at the next episode, else at the first not watched', () => {
  const episodes = [episode(1, true), episode(2), episode(3)];
  expect(firstEpisode(episodes, 103)).toBe(2);
  expect(firstEpisode(episodes, undefined)).toBe(1);
  expect(firstEpisode([episode(1, true)], undefined)).toBe(0);
});

test('only what is not watched yet is marked on the way to an episode', () => {
  const episodes = [episode(1, true), episode(2), episode(3), episode(4)];
  expect(upTo(episodes, episode(3)).map(({ number }) => number)).toEqual([2, 3]);
});
