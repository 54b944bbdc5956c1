import type { EpisodeRef, Progress, Title } from '../api/types';
import { t } from '../i18n/t';
import { formatRuntime } from './time';

/** More of them say less. */
const maxGenres = 2;

/** The short facts under a title, in reading order. */
export function metaOf(title: Title): string[] {
  const facts: string[] = [];
  if (title.year !== null) facts.push(String(title.year));
  if (title.runtime_ms !== null) facts.push(formatRuntime(title.runtime_ms));
  if (title.genres.length > 0) facts.push(title.genres.slice(0, maxGenres).join(', '));
  if (title.rating !== null) facts.push(`★ ${title.rating.toFixed(1)}`);
  if (title.origin === 'own') facts.push(t('title.ownTorrent'));
  return facts;
}

/** What a person has seen of something: a film, an episode, or a show by its episode. */
interface Watched {
  progress: Progress | null;
}

/** Share of it already watched, or null when it was never started. */
export function watchedShare({ progress }: Watched): number | null {
  if (!progress) return null;
  if (progress.state === 'watched') return 1;
  if (progress.duration_ms <= 0) return null;
  return Math.min(1, progress.position_ms / progress.duration_ms);
}

export function isWatched({ progress }: Watched): boolean {
  return progress?.state === 'watched';
}

export function isResumable({ progress }: Watched): boolean {
  return progress?.state === 'watching' && progress.position_ms > 0;
}

/** What is left of something that was started, such as `9 min left`. */
export function formatLeft({ progress }: Watched): string {
  if (!progress) return '';
  const left = Math.max(0, progress.duration_ms - progress.position_ms);
  return t('title.left', { time: formatRuntime(left) });
}

/** An episode by its numbers: `S2 E4`; a special has no season to name. */
export function formatEpisode(episode: Pick<EpisodeRef, 'season_number' | 'number'>): string {
  const { season_number: season, number } = episode;
  return season === 0 ? t('episode.special', { number }) : t('episode.numbers', { season, number });
}

/** Where somebody is in a film or a show: `21 min left`, `S2 E4 · 21 min left`, `S2 E4 · The Trial`. */
export function formatStanding(title: Title): string | undefined {
  const left = isResumable(title) ? formatLeft(title) : undefined;
  const { episode } = title;
  if (!episode) return left;
  return [formatEpisode(episode), left ?? episode.name].filter(Boolean).join(' · ');
}
