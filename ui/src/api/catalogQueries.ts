import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import * as api from './endpoints';
import type { SearchResults, Title, TitlePage } from './types';

/** What the screens of posters ask. Apart from the other queries, so that home need not load it. */

/** While the film database is still being asked, its titles come in one by one. */
const askAgainEveryMs = 500;
const askAtMost = 6;

/** The answer to an earlier question stays until the new one is here. */
const keepPrevious = <T>(previous: T): T => previous;

export function useSearchTitles(text: string) {
  return useQuery({
    queryKey: ['search', text],
    queryFn: ({ signal }) => api.searchTitles(text, signal),
    enabled: text !== '',
    placeholderData: keepPrevious,
    refetchInterval: ({ state }) => (isGrowing(state) ? askAgainEveryMs : false),
  });
}

function isGrowing(state: { data?: SearchResults; dataUpdateCount: number }): boolean {
  return state.data?.is_complete === false && state.dataUpdateCount < askAtMost;
}

export function useBrowse(kind: Title['kind'], query: string) {
  return useInfiniteQuery({
    queryKey: ['browse', kind, query],
    queryFn: ({ pageParam, signal }) => api.browseTitles(kind, after(query, pageParam), signal),
    initialPageParam: firstPage,
    getNextPageParam: (page: Pick<TitlePage, 'next'>) => page.next,
    placeholderData: keepPrevious,
  });
}

export function useList(slug: string) {
  return useInfiniteQuery({
    queryKey: ['list', slug],
    queryFn: ({ pageParam, signal }) => api.readList(slug, after('', pageParam), signal),
    initialPageParam: firstPage,
    getNextPageParam: (page: Pick<TitlePage, 'next'>) => page.next,
    // A title put on the list, or taken off, on its own page must show at once.
    staleTime: 0,
  });
}

export const useGenres = () =>
  useQuery({
    queryKey: ['genres'],
    queryFn: api.readGenres,
    staleTime: Number.POSITIVE_INFINITY,
    select: ({ genres }) => genres.slice().sort((a, b) => a.name.localeCompare(b.name)),
  });

const firstPage: string | null = null;

function after(query: string, cursor: string | null): string {
  const params = new URLSearchParams(query);
  if (cursor !== null) params.set('after', cursor);
  return params.toString();
}

/** The titles of all pages; one that moved between pages meanwhile stands only at its first place. */
export function titlesOf(pages: Pick<TitlePage, 'items'>[]): Title[] {
  const seen = new Set<string>();
  return pages
    .flatMap(page => page.items)
    .filter(({ kind, id }) => {
      const key = `${kind}-${id}`;
      return !seen.has(key) && seen.add(key);
    });
}

/** Asks for the next page; undefined while there is none, it is on its way, or it did not come. */
export function nextPageOf(pages: {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => void;
}): (() => void) | undefined {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages;
  return hasNextPage && !isFetchingNextPage && !isFetchNextPageError ? fetchNextPage : undefined;
}
