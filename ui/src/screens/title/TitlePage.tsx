import { Layers, RotateCcw, SquarePlay } from 'lucide-react';
import { isApiError } from '../../api/errors';
import { useMovieMarks } from '../../api/marks';
import { useMovie } from '../../api/queries';
import type { MovieDetail } from '../../api/types';
import { goTo } from '../../app/history';
import { paths } from '../../app/paths';
import { Screen } from '../../app/Screen';
import { useOverlay } from '../../app/useOverlay';
import { Button } from '../../components/Button';
import { ButtonLink } from '../../components/ButtonLink';
import { PlayIcon } from '../../components/icons';
import { Failure } from '../../components/Notice';
import { formatPosition } from '../../format/time';
import { formatStanding, isResumable, isWatched } from '../../format/title';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';
import { NotFound } from '../notFound/NotFound';
import { DetailScreen } from './DetailScreen';
import { MarkButtons } from './MarkButtons';
import { MetaLine } from './MetaLine';
import { People } from './People';
import { TitleName } from './TitleName';
import css from './TitlePage.module.css';
import { TitleSkeleton } from './TitleSkeleton';
import { VersionsSheet } from './VersionsSheet';

export default function TitlePage({ id }: { id: number }) {
  const movie = useMovie(id);
  if (movie.isPending) return <TitleSkeleton />;
  if (isApiError(movie.error) && movie.error.status === 404) return <NotFound />;
  if (movie.isError) {
    return (
      <Screen>
        <Failure heading={t('title.failed')} error={movie.error} onRetry={() => movie.refetch()} />
      </Screen>
    );
  }
  return <TitleContent movie={movie.data} />;
}

function TitleContent({ movie }: { movie: MovieDetail }) {
  const versions = useOverlay('versions');
  const resumable = isResumable(movie);
  const position = movie.progress?.position_ms ?? 0;
  const isPlayable = movie.is_playable;
  const marks = useMovieMarks(movie);
  useInitialFocus('title-actions');

  return (
    <DetailScreen title={movie} preferred="title-actions" className={css.page}>
      <div className={css.block}>
        <TitleName
          title={movie.title}
          logo={movie.logo}
          originalTitle={movie.original_title}
          className={movie.title.length > 24 ? css.longName : css.name}
        />
        {movie.tagline && <p className={css.tagline}>{movie.tagline}</p>}
        <MetaLine title={movie} extra={formatStanding(movie)} ageRating={movie.age_rating} />
        {movie.overview && <p className={css.overview}>{movie.overview}</p>}
        <People
          makers={movie.directors}
          makersLabel={t('title.directors', { count: movie.directors.length })}
          starring={movie.starring}
        />
        {!isPlayable && <p className={css.noSource}>{t('title.noSource')}</p>}
        <FocusGroup
          name="title-actions"
          preferred={isPlayable ? 'play' : movie.trailer ? 'trailer' : 'my-list'}
          className={css.actions}
        >
          {isPlayable && (
            <Button
              name="play"
              kind="primary"
              icon={PlayIcon}
              label={
                resumable
                  ? t('title.resumeAt', { time: formatPosition(position) })
                  : t('title.play')
              }
              onClick={() => goTo(paths.play(movie.id))}
            />
          )}
          {resumable && (
            <Button
              name="start-over"
              icon={RotateCcw}
              label={t('title.startOver')}
              onClick={() => goTo(paths.play(movie.id, { fromStart: true }))}
            />
          )}
          {isPlayable && (
            <Button
              name="versions"
              icon={Layers}
              label={t('title.versions', { count: movie.sources.length })}
              onClick={versions.open}
            />
          )}
          {movie.trailer && (
            <ButtonLink
              name="trailer"
              icon={SquarePlay}
              label={t('title.trailer')}
              href={movie.trailer}
            />
          )}
          <MarkButtons
            isInMyList={movie.is_in_my_list}
            isWatched={isWatched(movie)}
            onMyList={marks.setInMyList}
            onWatched={marks.setWatched}
          />
        </FocusGroup>
        {movie.license && (
          <p className={css.license}>
            {t('title.license')}{' '}
            <a href={movie.license.url} target="_blank" rel="noreferrer" tabIndex={-1}>
              {movie.license.name}
            </a>
          </p>
        )}
      </div>
      {versions.isOpen && <VersionsSheet movie={movie} />}
    </DetailScreen>
  );
}
