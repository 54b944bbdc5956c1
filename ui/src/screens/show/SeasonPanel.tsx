import { RotateCcw } from 'lucide-react';
import { useRef } from 'react';
import { explain } from '../../api/explain';
import type { ShowDetail } from '../../api/types';
import { Button } from '../../components/Button';
import { useIsSlow } from '../../components/Skeleton';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { EpisodeRail, railName, type Wish } from './EpisodeRail';
import { RailSkeleton } from './RailSkeleton';
import css from './Show.module.css';
import { useSeason } from './showQueries';

interface SeasonPanelProps {
  show: ShowDetail;
  number: number;
  wish: Wish;
}

/** The chosen season: its episodes, or why there are none to see. */
export function SeasonPanel({ show, number, wish }: SeasonPanelProps) {
  const season = useSeason(show.id, number);
  const isSlow = useIsSlow();
  const { data } = season;
  const isRetried = useRef(false);
  const retry = () => {
    isRetried.current = true;
    season.refetch();
  };

  if (data && data.episodes.length > 0) {
    return <EpisodeRail show={show} season={data} wish={wish} takesFocus={isRetried.current} />;
  }
  if (season.isError) {
    return <Message text={t('show.seasonFailed')} cause={explain(season.error)} onRetry={retry} />;
  }
  if (!data || season.isStillRead) {
    return <div className={css.panel}>{isSlow && <RailSkeleton />}</div>;
  }
  return <Message text={t('show.noEpisodes')} onRetry={retry} />;
}

interface MessageProps {
  text: string;
  cause?: string;
  onRetry: () => void;
}

function Message({ text, cause, onRetry }: MessageProps) {
  return (
    <FocusGroup name={railName} className={css.panel}>
      <div role="status">
        <p className={css.message}>{text}</p>
        {cause && <p className={css.cause}>{cause}</p>}
      </div>
      <Button icon={RotateCcw} label={t('retry')} onClick={onRetry} />
    </FocusGroup>
  );
}
