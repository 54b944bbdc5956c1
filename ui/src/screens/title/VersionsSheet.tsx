import type { MovieDetail, Source } from '../../api/types';
import { replaceWith } from '../../app/history';
import { paths } from '../../app/paths';
import { Sheet } from '../../components/Sheet';
import { t } from '../../i18n/t';
import { SourceRow } from './SourceRow';

/** Every playable source of a title, the chosen one first, each with the reasons for its place. */
export function VersionsSheet({ movie }: { movie: MovieDetail }) {
  // The sheet's own history entry becomes the player's, so Back from the film lands on the page.
  const play = (source: Source) => replaceWith(paths.play(movie.id, { sourceId: source.id }));
  return (
    <Sheet
      name="versions-sheet"
      heading={t('versions.heading')}
      preferred={movie.sources[0] && `source-${movie.sources[0].id}`}
    >
      {movie.sources.map((source, index) => (
        <SourceRow
          key={source.id}
          source={source}
          mark={index === 0 ? t('versions.best') : undefined}
          onClick={() => play(source)}
        />
      ))}
    </Sheet>
  );
}
