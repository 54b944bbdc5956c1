import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { toast } from '../components/toast';
import * as api from './endpoints';
import { explain } from './explain';
import { keys } from './queries';
import type { Home, MovieDetail, Progress, Title } from './types';

/**
 * What a person notes about titles: seen, on my list, out of a row. It shows at once; afterwards the
 * server is asked how things stand, so a refused mark takes itself back.
 */
export type Marking<T> = (change: (shown: T) => T, send: () => Promise<unknown>) => Promise<void>;

export function useMarking<T>(queryKey: QueryKey): Marking<T> {
  const queryClient = useQueryClient();
  return async (change, send) => {
    await queryClient.cancelQueries({ queryKey });
    queryClient.setQueryData<T>(queryKey, shown => shown && change(shown));
    try {
      await send();
    } catch (error) {
      toast(explain(error));
    }
    queryClient.invalidateQueries({ queryKey });
    if (queryKey !== keys.home) queryClient.invalidateQueries({ queryKey: keys.home });
  };
}

export const watchedProgress = (durationMs: number | null): Progress => ({
  position_ms: durationMs ?? 0,
  duration_ms: durationMs ?? 0,
  state: 'watched',
  updated_at: Date.now(),
});

export function useMovieMarks(movie: MovieDetail) {
  const mark = useMarking<MovieDetail>(keys.movie(movie.id));
  return {
    setInMyList: (isIn: boolean) =>
      mark(
        shown => ({ ...shown, is_in_my_list: isIn }),
        () => api.setInMyList(movie, isIn),
      ),
    setWatched: (isWatched: boolean) =>
      mark(
        shown => ({ ...shown, progress: isWatched ? watchedProgress(shown.runtime_ms) : null }),
        () => api.setWatched(`movies/${movie.id}`, isWatched),
      ),
  };
}

/** Marks from the rows of what is under way; either takes the card out of its row. */
export function useCardMarks() {
  const queryClient = useQueryClient();
  const mark = useMarking<Home>(keys.home);
  const clear = async (title: Title, send: () => Promise<unknown>) => {
    await mark(home => withoutCard(home, title), send);
    queryClient.invalidateQueries({ queryKey: [title.kind, title.id] });
  };
  return {
    markWatched: (title: Title) =>
      clear(title, () =>
        api.setWatched(title.episode ? `episodes/${title.episode.id}` : `movies/${title.id}`, true),
      ),
    remove: (title: Title) => clear(title, () => api.forgetProgress(title)),
  };
}

function withoutCard(home: Home, { kind, id }: Title): Home {
  const rows = home.rows.map(row =>
    row.kind === 'list'
      ? row
      : { ...row, items: row.items.filter(item => item.kind !== kind || item.id !== id) },
  );
  return { ...home, rows };
}
