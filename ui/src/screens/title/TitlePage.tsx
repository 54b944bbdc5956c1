import { Layers, RotateCcw } from 'lucide-react';
import { isApiError } from '../../api/errors';
import { useMovieMarks } from '../../api/marks';
import { useMovie } from '../../api/queries';
import type { MovieDetail } from '../../api/types';
import { goTo } from '../../app/history';
import { paths } from '../../app/paths';
import { Screen } from '../../app/Screen';
import { useOverlay } from '../../app/useOverlay';
import { Button } from '../../components/Button';
import { PlayIcon } from '../../components/icons';
import { Failure } from '../../components/Notice';
import { formatPosition } from '../../format/time';
import { formatStanding, isResumable, isWatched } from '../../format/title';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useInitialFocus } from '../../input/screenFocus';
import { NotFound } from '../notFound/NotFound';
import { Backdrop } from './Backdrop';
import { MarkButtons } from './MarkButtons';
import { MetaLine } from './MetaLine';
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
    <>
      <Backdrop title={movie} />
      <FocusGroup name="screen" as="main" preferred="title-actions" className={css.page}>
        <div className={css.block}>
          <h1 className={movie.title.length > 24 ? css.longName : css.name}>{movie.title}</h1>
          {movie.tagline && <p className={css.tagline}>{movie.tagline}</p>}
          <MetaLine title={movie} extra={formatStanding(movie)} />
          {movie.overview && <p className={css.overview}>{movie.overview}</p>}
          {!isPlayable && <p className={css.noSource}>{t('title.noSource')}</p>}
          <FocusGroup name="title-actions" preferred="play" className={css.actions}>
            <Button
              name="play"
              kind="primary"
              icon={PlayIcon}
              label={
                resumable
                  ? t('title.resumeAt', { time: formatPosition(position) })
                  : t('title.play')
              }
              isDisabled={!isPlayable}
              onClick={() => goTo(paths.play(movie.id))}
            />
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
      </FocusGroup>
    </>
  );
}
