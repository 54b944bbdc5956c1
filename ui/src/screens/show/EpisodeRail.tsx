import { useEffect, useRef, useState } from 'react';
import type { Episode, Season, ShowDetail } from '../../api/types';
import { useOverlay } from '../../app/useOverlay';
import { bringIn, Rail } from '../../components/Rail';
import { focusKey } from '../../input/focus';
import { inputMode } from '../../input/inputMode';
import { EpisodeCard, episodeName } from './EpisodeCard';
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

/** In rem: a still, and the lines under it. */
const width = 25;
const pictureHeight = 14.0625;
const height = pictureHeight + 5.4375;

/** The episodes of a season. */
export function EpisodeRail({ show, season, wish, takesFocus }: EpisodeRailProps) {
  const { episodes } = season;
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
    if (takesFocus) focusKey(railName);
  }, []);

  const opened = episodes.find(episode => episode.id === openId);
  const preferred = episodes[Math.min(current, episodes.length - 1)];

  const open = (episode: Episode) => {
    setOpenId(episode.id);
    sheet.open();
  };

  return (
    <>
      <Rail
        name={railName}
        role="tabpanel"
        items={episodes}
        keyOf={episode => episode.id}
        current={current}
        preferred={preferred && episodeName(preferred.id)}
        scroller={scroller}
        width={width}
        pictureHeight={pictureHeight}
        height={height}
      >
        {(episode, index) => (
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
        )}
      </Rail>
      {sheet.isOpen && opened && <EpisodeSheet show={show} season={season} episode={opened} />}
    </>
  );
}
