import type { Source } from '../../api/types';
import { ListRow } from '../../components/ListRow';
import { formatBytes } from '../../format/bytes';
import { t } from '../../i18n/t';

interface SourceRowProps {
  source: Source;
  mark?: string;
  isCurrent?: boolean;
  onClick: () => void;
}

export function SourceRow({ source, mark, isCurrent, onClick }: SourceRowProps) {
  const heading = [source.resolution ?? t('versions.unknownResolution'), mark].filter(Boolean);
  return (
    <ListRow
      name={`source-${source.id}`}
      heading={heading.join(' · ')}
      detail={
        <>
          {source.why.join(' · ')}
          <br />
          {source.release_name}
        </>
      }
      trailing={source.size_bytes === null ? undefined : formatBytes(source.size_bytes)}
      isCurrent={isCurrent}
      onClick={onClick}
    />
  );
}
