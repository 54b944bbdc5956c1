import { CornerRightDown, SquarePlay } from 'lucide-react';
import { useState } from 'react';
import { isApiError } from '../../api/errors';
import type { ShowDetail } from '../../api/types';
import { Screen } from '../../app/Screen';
import { Button } from '../../components/Button';
import { ButtonLink } from '../../components/ButtonLink';
import { Failure } from '../../components/Notice';
import { formatEpisode, formatLeft, isResumable, metaOf } from '../../format/title';
import { isMessageKey, t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';
import { NotFound } from '../notFound/NotFound';
import { DetailScreen } from '../title/DetailScreen';
import { MarkButtons } from '../title/MarkButtons';
import { MetaLine } from '../title/MetaLine';
import { People } from '../title/People';
import { TitleName } from '../title/TitleName';
import { firstSeason, isShowWatched } from './episodes';
import { SeasonPanel } from './SeasonPanel';
import { SeasonTabs } from './SeasonTabs';
import css from './Show.module.css';
import { ShowSkeleton } from './ShowSkeleton';
import { useShow, useShowMarks } from './showQueries';

export default function Show({ id }: { id: number }) {
  const show = useShow(id);
  if (show.isPending) return <ShowSkeleton />;
  if (isApiError(show.error) && show.error.status === 404) return <NotFound />;
  if (show.isError) {
    return (
      <Screen>
        <Failure heading={t('show.failed')} error={show.error} onRetry={() => show.refetch()} />
      </Screen>
    );
  }
  return <ShowContent show={show.data} />;
}

function ShowContent({ show }: { show: ShowDetail }) {
  const marks = useShowMarks(show);
  const [chosen, setChosen] = useState<number>();
  // Counted, so that asking for the same episode again brings the focus there again.
  const [wish, setWish] = useState({ episodeId: 0, count: 0 });
  const season = chosen ?? firstSeason(show);
  const { next } = show;
  useInitialFocus('show-actions');

  return (
    <DetailScreen title={show} preferred="show-actions" className={css.page}>
      <div className={css.block}>
        <TitleName
          title={show.title}
          logo={show.logo}
          originalTitle={show.original_title}
          className={show.title.length > 24 ? css.longName : css.name}
        />
        <MetaLine title={show} facts={factsOf(show)} ageRating={show.age_rating} />
        {show.overview && <p className={css.overview}>{show.overview}</p>}
        <People makers={show.creators} makersLabel={t('title.creators')} starring={show.starring} />
      </div>
      <FocusGroup
        name="show-actions"
        preferred={next ? 'go-to-episode' : 'my-list'}
        className={next ? `${css.actions} ${css.withPrimary}` : css.actions}
      >
        {next && (
          <Button
            name="go-to-episode"
            kind="primary"
            icon={CornerRightDown}
            label={t('show.goTo', { episode: formatEpisode(next) })}
            onClick={() => {
              setChosen(next.season_number);
              setWish(({ count }) => ({ episodeId: next.id, count: count + 1 }));
            }}
          />
        )}
        {show.trailer && (
          <ButtonLink
            name="trailer"
            icon={SquarePlay}
            label={t('title.trailer')}
            href={show.trailer}
          />
        )}
        <MarkButtons
          isInMyList={show.is_in_my_list}
          isWatched={isShowWatched(show)}
          onMyList={marks.setInMyList}
          onWatched={marks.setWatched}
        />
      </FocusGroup>
      {season === undefined ? (
        <p className={css.unknown}>{t('show.noSeasons')}</p>
      ) : (
        <>
          <SeasonTabs seasons={show.seasons} current={season} onChoose={setChosen} />
          <SeasonPanel key={season} show={show} number={season} wish={wish} />
        </>
      )}
    </DetailScreen>
  );
}

function factsOf(show: ShowDetail): string[] {
  const seasons = show.seasons.filter(season => season.number > 0).length;
  const facts = metaOf(show);
  if (seasons > 0)
    facts.splice(show.year === null ? 0 : 1, 0, t('show.seasons', { count: seasons }));
  const status = `show.status.${show.status}`;
  if (show.status) facts.push(isMessageKey(status) ? t(status) : show.status);
  const underWay = { progress: show.next_progress };
  if (isResumable(underWay)) facts.push(formatLeft(underWay));
  return facts;
}
