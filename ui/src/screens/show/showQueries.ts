import { useQuery, useQueryClient } from '@tanstack/react-query';
import * as api from '../../api/endpoints';
import { useMarking, watchedProgress } from '../../api/marks';
import { keys } from '../../api/queries';
import type { Episode, Season, ShowDetail } from '../../api/types';
import { isOut, upTo } from './episodes';

/** The server reads a show's parts from afar when somebody first looks; this is how long we ask. */
const askEveryMs = 1500;
const asksAtMost = 7;

const seasonKey = (showId: number, number: number) => [...keys.show(showId), 'season', number];

export const useShow = (id: number) =>
  useQuery({
    queryKey: keys.show(id),
    queryFn: () => api.readShow(id),
    refetchInterval: ({ state }) =>
      state.data?.seasons.length === 0 && state.dataUpdateCount < asksAtMost && askEveryMs,
  });

export function useSeason(showId: number, number: number) {
  const queryKey = seasonKey(showId, number);
  const query = useQuery({
    queryKey,
    queryFn: () => api.readSeason(showId, number),
    refetchInterval: ({ state }) => isStillRead(state.data, state.dataUpdateCount) && askEveryMs,
  });
  const answers = useQueryClient().getQueryState(queryKey)?.dataUpdateCount ?? 0;
  return { ...query, isStillRead: isStillRead(query.data, answers) };
}

const isStillRead = (season: Season | undefined, answers: number) =>
  season !== undefined && !season.is_complete && answers < asksAtMost;

export function useShowMarks(show: ShowDetail) {
  const mark = useMarking<ShowDetail>(keys.show(show.id));
  return {
    setInMyList: (isIn: boolean) =>
      mark(
        shown => ({ ...shown, is_in_my_list: isIn }),
        () => api.setInMyList(show, isIn),
      ),
    setWatched: (isWatched: boolean) =>
      mark(
        shown => ({ ...shown, ...marked(shown, isWatched) }),
        () => api.setWatched(`shows/${show.id}`, isWatched),
      ),
  };
}

function marked(show: ShowDetail, isWatched: boolean): Partial<ShowDetail> {
  const seasons = show.seasons.map(season => ({
    ...season,
    ...(season.number > 0 && { watched_count: isWatched ? season.episode_count : 0 }),
  }));
  return { seasons, ...(isWatched && { next: null, next_progress: null }) };
}

/** Marks of one season's episodes. Each puts the whole show in question: its ticks, and what is next. */
export function useSeasonMarks(show: ShowDetail, season: Season) {
  const queryClient = useQueryClient();
  const markSeason = useMarking<Season>(seasonKey(show.id, season.number));
  const mark = async (
    changes: (episode: Episode) => boolean,
    isWatched: boolean,
    send: () => Promise<unknown>,
  ) => {
    await markSeason(shown => withMarks(shown, changes, isWatched), send);
    queryClient.invalidateQueries({ queryKey: keys.show(show.id) });
  };
  return {
    setEpisode: (marked: Episode, isWatched: boolean) =>
      mark(
        episode => episode.id === marked.id,
        isWatched,
        () => api.setWatched(`episodes/${marked.id}`, isWatched),
      ),
    setSeason: (isWatched: boolean) =>
      mark(
        episode => !isWatched || isOut(episode),
        isWatched,
        () => api.setWatched(`shows/${show.id}/seasons/${season.number}`, isWatched),
      ),
    /** Every episode up to this one, those of earlier seasons too; specials stand outside the order. */
    markTo: (last: Episode) =>
      mark(
        episode => episode.number <= last.number,
        true,
        async () => {
          for (const { number } of show.seasons) {
            if (number > 0 && number < season.number) {
              await api.setWatched(`shows/${show.id}/seasons/${number}`, true);
            }
          }
          for (const { id } of upTo(season.episodes, last)) {
            await api.setWatched(`episodes/${id}`, true);
          }
        },
      ),
  };
}

function withMarks(
  season: Season,
  changes: (episode: Episode) => boolean,
  isWatched: boolean,
): Season {
  const episodes = season.episodes.map(episode =>
    changes(episode)
      ? { ...episode, progress: isWatched ? watchedProgress(episode.runtime_ms) : null }
      : episode,
  );
  return { ...season, episodes };
}
