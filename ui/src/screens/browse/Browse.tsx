import { SearchX } from 'lucide-react';
import { useSearch } from 'wouter/use-browser-location';
import { nextPageOf, titlesOf, useBrowse } from '../../api/catalogQueries';
import { replaceWith } from '../../app/history';
import { paths } from '../../app/paths';
import { Button } from '../../components/Button';
import { Failure, Notice } from '../../components/Notice';
import { t } from '../../i18n/t';
import { currentFocusKey, focusKey } from '../../input/focus';
import { useKeys } from '../../input/keyboard';
import { useLayout } from '../../layout/layout';
import { GridPage } from '../../posters/GridPage';
import { gridGap } from '../../posters/geometry';
import { MoreTitles } from '../../posters/MoreTitles';
import { gridName, PosterGrid } from '../../posters/PosterGrid';
import { PosterSkeleton } from '../../posters/PosterSkeleton';
import { FilterBar, filterBarName } from './FilterBar';
import {
  type Filters,
  isNarrowed,
  noFilters,
  queryFor,
  readFilters,
  writeFilters,
} from './filters';
import { KindTabs, kindTabsName } from './KindTabs';

/** Under the filters, which stay in sight. */
const parkedAt = { tv: 10, desktop: 15, phone: 8 };

/** The whole catalog, narrowed by what a person is in the mood for. */
export default function Browse() {
  const layout = useLayout();
  const filters = readFilters(useSearch());
  const query = queryFor(filters);
  const browse = useBrowse(filters.kind, query);
  const titles = browse.data ? titlesOf(browse.data.pages) : [];

  const change = (next: Filters) => {
    const search = writeFilters(next);
    replaceWith(paths.browse + (search && `?${search}`));
  };

  // The filters stay in sight over the grid, so where they lie says nothing about what is next to them.
  useKeys(key => {
    const current = currentFocusKey();
    const target = current.startsWith('filter-')
      ? { up: kindTabsName, down: titles.length > 0 ? gridName : undefined }
      : { up: undefined, down: current.startsWith('kind-') ? filterBarName : undefined };
    const next = key === 'up' || key === 'down' ? target[key] : undefined;
    if (next) focusKey(next);
    return next !== undefined;
  });

  return (
    <GridPage isPlain preferred={titles.length > 0 ? gridName : undefined}>
      <h1 className="visually-hidden">{t('nav.browse')}</h1>
      <KindTabs kind={filters.kind} onChange={kind => change({ ...filters, kind, genre: null })} />
      <FilterBar filters={filters} onChange={change} />
      {browse.isPending && <PosterSkeleton gap={gridGap[layout]} />}
      {browse.isError && !browse.data && (
        <Failure
          heading={t('browse.failed')}
          error={browse.error}
          onRetry={() => browse.refetch()}
        />
      )}
      {browse.data && titles.length === 0 && !browse.isPlaceholderData && (
        <NothingHere filters={filters} onChange={change} />
      )}
      {titles.length > 0 && (
        <PosterGrid
          titles={titles}
          label={t(`browse.${filters.kind}s`)}
          about={`${filters.kind}?${query}`}
          gap={gridGap[layout]}
          parkedAt={parkedAt[layout]}
          isStale={browse.isPlaceholderData}
          onNearEnd={nextPageOf(browse)}
          onLeaveUp={() => focusKey(filterBarName)}
        />
      )}
      <MoreTitles pages={browse} />
    </GridPage>
  );
}

function NothingHere({
  filters,
  onChange,
}: {
  filters: Filters;
  onChange: (next: Filters) => void;
}) {
  if (!isNarrowed(filters)) {
    return <Notice icon={SearchX} heading={t('home.empty')} cause={t('browse.emptyCause')} />;
  }
  return (
    <Notice icon={SearchX} heading={t('browse.noMatch')} cause={t('browse.noMatchCause')}>
      <Button
        kind="primary"
        label={t('browse.clear')}
        onClick={() => {
          focusKey(filterBarName);
          onChange({ ...noFilters, kind: filters.kind, sort: filters.sort });
        }}
      />
    </Notice>
  );
}
