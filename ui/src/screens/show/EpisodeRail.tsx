import { useEffect, useRef, useState } from 'react';
import type { Episode, Season, ShowDetail } from '../../api/types';
import { useOverlay } from '../../app/useOverlay';
import { RowPager } from '../../components/RowPager';
import { FocusGroup } from '../../input/FocusGroup';
import { focusKey } from '../../input/focus';
import { inputMode } from '../../input/inputMode';
import { useLayout } from '../../layout/layout';
import { EpisodeCard, episodeName } from './EpisodeCard';
import css from './EpisodeRail.module.css';
import { EpisodeSheet } from './EpisodeSheet';
import { firstEpisode } from './episodes';

/** An episode that somebody asked to be taken to; each time of asking counts. */
export interface Wish {
  episodeId: number;
  count: number;
}

interface EpisodeRailProps {
  show: ShowDetail;
  season: Season;
  wish: Wish;
  /** It stands where the button with the focus was. */
  takesFocus: boolean;
}

export const railName = 'episode-rail';

/** In rem: a still and the gap to the next one, and the width there is on a 16:9 television. */
const pitch = 26.5;
const gap = 1.5;
const room = 106;
const cardsBefore = 2;
const cardsAfter = 6;

/** The episodes of a season. A television moves them as one piece; elsewhere they scroll. */
export function EpisodeRail({ show, season, wish, takesFocus }: EpisodeRailProps) {
  const { episodes } = season;
  const isTv = useLayout() === 'tv';
  const sheet = useOverlay('episode');
  const [openId, setOpenId] = useState<number>();
  const [current, setCurrent] = useState(() => firstEpisode(episodes, show.next?.id));
  const scroller = useRef<HTMLDivElement>(null);
  const answered = useRef(0);

  useEffect(() => {
    const index = episodes.findIndex(episode => episode.id === wish.episodeId);
    if (index < 0 || answered.current === wish.count) return;
    answered.current = wish.count;
    setCurrent(index);
    bringIn(scroller.current, index);
  }, [wish, episodes]);

  // The card it is about may only be drawn once the rail has moved there.
  const currentId = episodes[current]?.id;
  useEffect(() => {
    if (wish.count > 0 && wish.episodeId === currentId) focusKey(episodeName(currentId));
  }, [wish, currentId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only where the rail begins
  useEffect(() => {
    if (current > 0) bringIn(scroller.current, current, 'auto');
    if (takesFocus) focusKey(railName);
  }, []);

  const mostCards = Math.max(0, Math.ceil((episodes.length * pitch - gap - room) / pitch));
  const shift = Math.min(current, mostCards) * pitch;
  const opened = episodes.find(episode => episode.id === openId);
  const preferred = episodes[Math.min(current, episodes.length - 1)];

  const open = (episode: Episode) => {
    setOpenId(episode.id);
    sheet.open();
  };

  return (
    <>
      <FocusGroup
        name={railName}
        role="tabpanel"
        preferred={preferred && episodeName(preferred.id)}
        className={css.rail}
      >
        <div
          ref={scroller}
          className={css.track}
          style={isTv ? { transform: `translateX(${-shift}rem)` } : undefined}
        >
          {episodes.map((episode, index) => {
            if (isTv && (index < current - cardsBefore || index > current + cardsAfter))
              return null;
            const left = index * pitch;
            return (
              <div
                key={episode.id}
                className={isTv && left < shift ? `${css.slot} ${css.gone}` : css.slot}
                style={isTv ? { left: `${left}rem` } : undefined}
              >
                <EpisodeCard
                  episode={episode}
                  seasonNumber={season.number}
                  tint={show.tint}
                  onFocus={() => {
                    setCurrent(index);
                    if (inputMode() === 'keys') bringIn(scroller.current, index);
                  }}
                  onClick={() => open(episode)}
                />
              </div>
            );
          })}
        </div>
        {!isTv && <RowPager scroller={scroller} top="1.25rem" bottom="5.5rem" />}
      </FocusGroup>
      {sheet.isOpen && opened && <EpisodeSheet show={show} season={season} episode={opened} />}
    </>
  );
}

/** Where the rail scrolls, scrolls the card to its start. */
function bringIn(
  scroller: HTMLElement | null,
  index: number,
  behavior: ScrollBehavior = 'smooth',
): void {
  const slot = scroller?.children[index];
  if (!scroller || !(slot instanceof HTMLElement)) return;
  if (getComputedStyle(scroller).overflowX !== 'auto') return;
  const { paddingLeft } = getComputedStyle(scroller);
  scroller.scrollTo({ left: slot.offsetLeft - Number.parseFloat(paddingLeft), behavior });
}
