import { Check, CheckCheck, ListChecks, ListX, Undo2 } from 'lucide-react';
import type { Episode, Season, ShowDetail } from '../../api/types';
import { closeOverlayThen } from '../../app/history';
import { ListRow } from '../../components/ListRow';
import { Sheet } from '../../components/Sheet';
import { formatEpisode, isWatched } from '../../format/title';
import { t } from '../../i18n/t';
import { factsOf } from './EpisodeCard';
import css from './EpisodeSheet.module.css';
import { isOut, upTo } from './episodes';
import { useSeasonMarks } from './showQueries';

interface EpisodeSheetProps {
  show: ShowDetail;
  season: Season;
  episode: Episode;
}

/** What an episode is about, and the marks it can get. */
export function EpisodeSheet({ show, season, episode }: EpisodeSheetProps) {
  const marks = useSeasonMarks(show, season);
  const isSeen = isWatched(episode);
  const isWholeSeasonSeen = season.episodes.every(other => isWatched(other) || !isOut(other));
  const numbers = formatEpisode({ season_number: season.number, number: episode.number });
  const facts = [numbers, ...factsOf(episode)];

  return (
    <Sheet name="episode-sheet" heading={episode.name || numbers} preferred="mark-episode">
      <p className={css.facts}>{facts.join(' · ')}</p>
      {episode.overview && <p className={css.overview}>{episode.overview}</p>}
      {isOut(episode) || isSeen ? (
        <>
          <ListRow
            name="mark-episode"
            icon={isSeen ? Undo2 : Check}
            heading={t(isSeen ? 'episode.markUnwatched' : 'episode.markWatched')}
            onClick={() => closeOverlayThen(() => marks.setEpisode(episode, !isSeen))}
          />
          {upTo(season.episodes, episode).length > 1 && (
            <ListRow
              icon={CheckCheck}
              heading={t('episode.markToHere')}
              onClick={() => closeOverlayThen(() => marks.markTo(episode))}
            />
          )}
          <ListRow
            icon={isWholeSeasonSeen ? ListX : ListChecks}
            heading={t(isWholeSeasonSeen ? 'episode.unmarkSeason' : 'episode.markSeason')}
            onClick={() => closeOverlayThen(() => marks.setSeason(!isWholeSeasonSeen))}
          />
        </>
      ) : (
        <p className={css.notOut}>{t('episode.notOut')}</p>
      )}
    </Sheet>
  );
}
