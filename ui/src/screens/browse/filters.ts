import type { Title } from '../../api/types';

/** What of the catalog is shown, and in which order. The address says it, so Back and reload keep it. */
export interface Filters {
  kind: Title['kind'];
  genre: number | null;
  years: Years | null;
  rating: number | null;
  /** Of films only. */
  maxMinutes: number | null;
  /** Of films only: nothing plays episodes yet. */
  isAvailable: boolean;
  sort: Sort;
}

/** The first and the last year, both included; an end left open is null. */
export interface Years {
  from: number | null;
  to: number | null;
}

export const sorts = ['popular', 'newest', 'rating', 'title'] as const;
export type Sort = (typeof sorts)[number];

export const ratings = [6, 7, 8];
export const lengths = [90, 120];

const msPerMinute = 60_000;
const decadesBefore = 7;

export const noFilters: Filters = {
  kind: 'movie',
  genre: null,
  years: null,
  rating: null,
  maxMinutes: null,
  isAvailable: false,
  sort: 'popular',
};

/** Reads the part of an address after the question mark; what makes no sense there counts as unset. */
export function readFilters(search: string): Filters {
  const params = new URLSearchParams(search);
  const number = (name: string, isKnown: (value: number) => boolean) => {
    const value = Number(params.get(name) ?? Number.NaN);
    return isKnown(value) ? value : null;
  };
  const kind = params.get('kind') === 'show' ? 'show' : 'movie';
  return {
    kind,
    genre: number('genre', value => Number.isInteger(value) && value > 0),
    years: readYears(params.get('years') ?? ''),
    rating: number('rating', value => ratings.includes(value)),
    maxMinutes: kind === 'movie' ? number('length', value => lengths.includes(value)) : null,
    isAvailable: kind === 'movie' && params.get('available') === '1',
    sort: sorts.find(sort => sort === params.get('sort')) ?? 'popular',
  };
}

/** The address's part for these filters, without what is as it is anyway. */
export function writeFilters(filters: Filters): string {
  const params = new URLSearchParams();
  if (filters.kind === 'show') params.set('kind', 'show');
  if (filters.genre !== null) params.set('genre', String(filters.genre));
  if (filters.years !== null) params.set('years', writeYears(filters.years));
  if (filters.rating !== null) params.set('rating', String(filters.rating));
  if (filters.kind === 'movie' && filters.maxMinutes !== null) {
    params.set('length', String(filters.maxMinutes));
  }
  if (filters.kind === 'movie' && filters.isAvailable) params.set('available', '1');
  if (filters.sort !== 'popular') params.set('sort', filters.sort);
  return params.toString();
}

/** What the daemon is asked for these filters. */
export function queryFor(filters: Filters): string {
  const params = new URLSearchParams();
  if (filters.genre !== null) params.set('genre', String(filters.genre));
  const { from = null, to = null } = filters.years ?? {};
  if (from !== null) params.set('from_year', String(from));
  if (to !== null) params.set('to_year', String(to));
  if (filters.rating !== null) params.set('min_rating', String(filters.rating));
  if (filters.kind === 'movie' && filters.maxMinutes !== null) {
    params.set('max_runtime_ms', String(filters.maxMinutes * msPerMinute));
  }
  if (filters.kind === 'movie' && filters.isAvailable) params.set('available', 'true');
  params.set('sort', filters.sort);
  return params.toString();
}

/** What years there are to choose from: those of this decade one by one, the decades before, and all older. */
export function yearChoices(thisYear: number): Years[] {
  const decade = Math.floor(thisYear / 10) * 10;
  const choices: Years[] = [];
  for (let year = thisYear; year >= decade; year -= 1) choices.push({ from: year, to: year });
  for (let back = 1; back <= decadesBefore; back += 1) {
    choices.push({ from: decade - back * 10, to: decade - back * 10 + 9 });
  }
  choices.push({ from: null, to: decade - decadesBefore * 10 - 1 });
  return choices;
}

/** `1990-1999`, or `-1949` without a beginning. */
export function writeYears({ from, to }: Years): string {
  return `${from ?? ''}-${to ?? ''}`;
}

function readYears(text: string): Years | null {
  const [, from = '', to = ''] = /^(\d{4})?-(\d{4})?$/.exec(text) ?? [];
  if (from === '' && to === '') return null;
  return { from: from === '' ? null : Number(from), to: to === '' ? null : Number(to) };
}

/** Whether anything but kind and order narrows the titles. */
export function isNarrowed(filters: Filters): boolean {
  const { kind, sort } = filters;
  return writeFilters(filters) !== writeFilters({ ...noFilters, kind, sort });
}
