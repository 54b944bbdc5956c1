import { ListPlus } from 'lucide-react';
import { nextPageOf, titlesOf, useList } from '../../api/catalogQueries';
import { goToSection } from '../../app/history';
import { paths } from '../../app/paths';
import { Button } from '../../components/Button';
import { Failure, Notice } from '../../components/Notice';
import { t } from '../../i18n/t';
import { useLayout } from '../../layout/layout';
import { GridPage } from '../../posters/GridPage';
import { gridGap } from '../../posters/geometry';
import { MoreTitles } from '../../posters/MoreTitles';
import { gridName, PosterGrid } from '../../posters/PosterGrid';
import { PosterSkeleton } from '../../posters/PosterSkeleton';
import css from './ListPage.module.css';

const parkedAt = { tv: 5.5, desktop: 9, phone: 3 };

/** The titles of one list, such as a person's own. */
export default function ListPage({ slug }: { slug: string }) {
  const layout = useLayout();
  const list = useList(slug);
  const first = list.data?.pages[0];
  const titles = list.data ? titlesOf(list.data.pages) : [];

  return (
    <GridPage preferred={titles.length > 0 ? gridName : undefined}>
      {first && titles.length > 0 && (
        <header className={css.header}>
          <h1 className={css.heading}>{first.name}</h1>
          {first.description && <p className={css.description}>{first.description}</p>}
        </header>
      )}
      {list.isPending && (
        <div className={css.waiting}>
          <PosterSkeleton gap={gridGap[layout]} />
        </div>
      )}
      {list.isError && !first && (
        <Failure heading={t('list.failed')} error={list.error} onRetry={() => list.refetch()} />
      )}
      {first && titles.length === 0 && (
        <Notice icon={ListPlus} heading={t('list.empty')} cause={t('list.emptyCause')}>
          <Button
            kind="primary"
            label={t('list.browse')}
            onClick={() => goToSection(paths.browse)}
          />
        </Notice>
      )}
      {first && titles.length > 0 && (
        <PosterGrid
          titles={titles}
          label={first.name}
          about={slug}
          gap={gridGap[layout]}
          parkedAt={parkedAt[layout]}
          onNearEnd={nextPageOf(list)}
        />
      )}
      <MoreTitles pages={list} />
    </GridPage>
  );
}
