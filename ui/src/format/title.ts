import type { Title } from '../api/types';
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

/** Share of the film already watched, or null when it was never started. */
export function watchedShare(title: Title): number | null {
  const { progress } = title;
  if (!progress || progress.duration_ms <= 0) return null;
  if (progress.state === 'watched') return 1;
  return Math.min(1, progress.position_ms / progress.duration_ms);
}

export function isResumable(title: Title): boolean {
  return title.progress?.state === 'watching' && title.progress.position_ms > 0;
}

/** What is left of a film someone started, such as `9 min left`. */
export function formatLeft(title: Title): string {
  const { progress } = title;
  if (!progress) return '';
  const left = Math.max(0, progress.duration_ms - progress.position_ms);
  return t('title.left', { time: formatRuntime(left) });
}
