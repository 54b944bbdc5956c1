import { expect, test } from 'vitest';
import {
  type Filters,
  isNarrowed,
  noFilters,
  queryFor,
  readFilters,
  writeFilters,
  writeYears,
  yearChoices,
} from './filters';

const all: Filters = {
  kind: 'movie',
  genre: 18,
  years: { from: 1990, to: 1999 },
  rating: 7,
  maxMinutes: 90,
  isAvailable: true,
  sort: 'newest',
};

test('filters survive the way through the address', () => {
  expect(readFilters(writeFilters(all))).toEqual(all);
  expect(readFilters('')).toEqual(noFilters);
});

test('an address without filters is short', () => {
  expect(writeFilters(noFilters)).toBe('');
});

test('nonsense in the address counts as unset', () => {
  expect(
    readFilters('kind=book&genre=-1&years=x-y&rating=99&length=7&available=yes&sort=odd'),
  ).toEqual(noFilters);
});

test('the daemon is asked in its own words', () => {
  expect(queryFor(all)).toBe(
    'genre=18&from_year=1990&to_year=1999&min_rating=7&max_runtime_ms=5400000&available=true&sort=newest',
  );
});

test('shows have neither a length nor sources to filter by', () => {
  expect(queryFor({ ...all, kind: 'show' })).not.toMatch(/runtime|available/);
  expect(readFilters('kind=show&length=90').maxMinutes).toBeNull();
  expect(readFilters('kind=show&available=1').isAvailable).toBe(false);
});

test('kind and order alone hide nothing', () => {
  expect(isNarrowed({ ...noFilters, kind: 'show', sort: 'title' })).toBe(false);
  expect(isNarrowed({ ...noFilters, isAvailable: true })).toBe(true);
});

test('the years of this decade stand alone, older ones in tens, the oldest together', () => {
  const choices = yearChoices(2026).map(writeYears);
  expect(choices.slice(0, 2)).toEqual(['2026-2026', '2025-2025']);
  expect(choices.slice(6, 8)).toEqual(['2020-2020', '2010-2019']);
  expect(choices[choices.length - 1]).toBe('-1949');
});

test('years open at one end are asked for without it', () => {
  const oldest = readFilters('years=-1949');
  expect(writeFilters(oldest)).toBe('years=-1949');
  expect(queryFor(oldest)).toBe('to_year=1949&sort=popular');
});
