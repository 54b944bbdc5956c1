import { Check } from 'lucide-react';
import { useState } from 'react';
import type { Episode } from '../../api/types';
import { Scene } from '../../art/Scene';
import { formatDay, formatRuntime } from '../../format/time';
import {
  formatEpisode,
  formatLeft,
  isResumable,
  isWatched,
  watchedShare,
} from '../../format/title';
import { t } from '../../i18n/t';
import { useFocusTarget } from '../../input/useFocusTarget';
import css from './EpisodeCard.module.css';
import { isOut } from './episodes';

interface EpisodeCardProps {
  episode: Episode;
  seasonNumber: number;
  tint: [string, string];
  onFocus: () => void;
  onClick: () => void;
}

export const episodeName = (id: number) => `episode-${id}`;

/** One episode of the rail: its still, and two lines under it. */
export function EpisodeCard({ episode, seasonNumber, tint, onFocus, onClick }: EpisodeCardProps) {
  const { ref, props } = useFocusTarget<HTMLButtonElement>({
    name: episodeName(episode.id),
    onFocus,
    scrolls: true,
  });
  const [isBroken, setBroken] = useState(false);
  const share = watchedShare(episode);
  const isKnownOut = isOut(episode);
  const number =
    seasonNumber === 0
      ? formatEpisode({ season_number: 0, number: episode.number })
      : t('episode.number', { number: episode.number });

  return (
    <button
      ref={ref}
      {...props}
      type="button"
      className={isKnownOut ? css.card : `${css.card} ${css.ahead}`}
      onClick={onClick}
    >
      <span className={css.still} style={{ background: tint[1] }}>
        {episode.still && !isBroken ? (
          <img
            className={css.image}
            src={episode.still}
            alt=""
            decoding="async"
            onError={() => setBroken(true)}
          />
        ) : (
          <Scene className={css.image} scene={episode.id} seed={episode.name} tint={tint} />
        )}
        {isWatched(episode) && <Check aria-hidden className={css.watched} />}
        {share !== null && share < 1 && (
          <span className={css.bar}>
            <span className={css.played} style={{ transform: `scaleX(${share})` }} />
          </span>
        )}
      </span>
      <span className={css.name}>{[number, episode.name].filter(Boolean).join(' · ')}</span>
      <span className={css.facts}>{factsOf(episode).join(' · ')}</span>
      {isWatched(episode) && <span className="visually-hidden">, {t('episode.isWatched')}</span>}
    </button>
  );
}

export function factsOf(episode: Episode): string[] {
  const facts: string[] = [];
  if (isResumable(episode)) facts.push(formatLeft(episode));
  else if (episode.runtime_ms !== null) facts.push(formatRuntime(episode.runtime_ms));
  if (episode.air_date !== null) {
    const day = formatDay(episode.air_date);
    facts.push(isOut(episode) ? day : t('episode.airs', { day }));
  }
  return facts;
}
