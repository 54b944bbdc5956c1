import type { Source } from '../../api/types';
import { Sheet } from '../../components/Sheet';
import { t } from '../../i18n/t';
import { SourceRow } from '../title/SourceRow';

interface PlayerVersionsSheetProps {
  sources: Source[];
  currentId: number | undefined;
  onChoose: (source: Source) => void;
}

/** Another version of the film that is on, at the same position. */
export function PlayerVersionsSheet({ sources, currentId, onChoose }: PlayerVersionsSheetProps) {
  return (
    <Sheet
      name="versions-sheet"
      heading={t('versions.heading')}
      preferred={currentId === undefined ? undefined : `source-${currentId}`}
    >
      {sources.map(source => (
        <SourceRow
          key={source.id}
          source={source}
          isCurrent={source.id === currentId}
          mark={source.id === currentId ? t('versions.current') : undefined}
          onClick={() => onChoose(source)}
        />
      ))}
    </Sheet>
  );
}
