import { beforeEach, expect, test } from 'vitest';
import { forgetRecent, noteRecent, readRecent } from './recentSearches';

beforeEach(() => window.localStorage.clear());

test('the newest search comes first, and the same one in other letters only once', () => {
  noteRecent(1, 'alien');
  noteRecent(1, 'dune');
  noteRecent(1, ' Alien ');
  expect(readRecent(1)).toEqual(['Alien', 'dune']);
});

test('eight are kept', () => {
  for (let i = 0; i < 12; i += 1) noteRecent(1, `film ${i}`);
  expect(readRecent(1)).toHaveLength(8);
  expect(readRecent(1)[0]).toBe('film 11');
});

test('a single letter is no search', () => {
  noteRecent(1, 'a ');
  expect(readRecent(1)).toEqual([]);
});

test('each person has their own, and can forget them', () => {
  noteRecent(1, 'alien');
  expect(readRecent(2)).toEqual([]);
  forgetRecent(1);
  expect(readRecent(1)).toEqual([]);
});

test('what is not a list of texts counts as none', () => {
  window.localStorage.setItem('miauflix.recent-searches.1', '{"a":1}');
  expect(readRecent(1)).toEqual([]);
  window.localStorage.setItem('miauflix.recent-searches.1', '[1,"dune"');
  expect(readRecent(1)).toEqual([]);
});
