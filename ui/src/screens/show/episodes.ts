import type { Episode, SeasonSummary, ShowDetail } from '../../api/types';
import { isAhead } from '../../format/time';
import { isWatched } from '../../format/title';

/** The seasons as people count them: from the first on, the specials last. */
export function inTabOrder<S extends Pick<SeasonSummary, 'number'>>(seasons: S[]): S[] {
  return seasons.slice().sort((a, b) => (a.number || Infinity) - (b.number || Infinity));
}

/** The season a person most likely comes for. */
export function firstSeason({ next, seasons }: Pick<ShowDetail, 'next' | 'seasons'>) {
  return next?.season_number ?? inTabOrder(seasons)[0]?.number;
}

export function isSeasonWatched({ episode_count, watched_count }: SeasonSummary): boolean {
  return watched_count > 0 && watched_count >= episode_count;
}

/** All that is out has been watched, specials aside: then there is nothing to go on with. */
export function isShowWatched({ next, seasons }: Pick<ShowDetail, 'next' | 'seasons'>): boolean {
  return !next && seasons.some(({ number, watched_count }) => number > 0 && watched_count > 0);
}

export function isOut({ air_date }: Pick<Episode, 'air_date'>, now = new Date()): boolean {
  return air_date === null || !isAhead(air_date, now);
}

/** Where the focus goes first: the episode to go on with, else the first not watched, else the first. */
export function firstEpisode(episodes: Episode[], nextId: number | undefined): number {
  const next = episodes.findIndex(episode => episode.id === nextId);
  if (next >= 0) return next;
  return Math.max(
    0,
    episodes.findIndex(episode => !isWatched(episode)),
  );
}

/** The episodes from the first one to this, without those that are watched already. */
export function upTo(episodes: Episode[], last: Episode): Episode[] {
  return episodes.filter(episode => episode.number <= last.number && !isWatched(episode));
}
