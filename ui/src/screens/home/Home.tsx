import { Clapperboard, Magnet } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useHome } from '../../api/queries';
import type { HomeRow, Title } from '../../api/types';
import { goTo } from '../../app/history';
import { paths } from '../../app/paths';
import { Screen } from '../../app/Screen';
import { CardSheet } from '../../app/screens';
import { useOverlay } from '../../app/useOverlay';
import { Button } from '../../components/Button';
import { Failure, Notice } from '../../components/Notice';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { rescueFocus } from '../../input/focus';
import { useInitialFocus } from '../../input/screenFocus';
import { useLayout } from '../../layout/layout';
import { Backdrop } from '../title/Backdrop';
import { Hero } from './Hero';
import css from './Home.module.css';
import { HomeSkeleton } from './HomeSkeleton';
import { RowStack } from './RowStack';
import { rowMemory, rowName } from './rowMemory';
import { ScrollRow } from './ScrollRow';
import { useRested } from './useRested';

/** How long the focus must rest before the hero follows it. */
const heroRestMs = 280;

export function Home() {
  const home = useHome();
  if (home.isPending) return <HomeSkeleton />;
  if (home.isError) {
    return (
      <Screen>
        <Failure heading={t('home.failed')} error={home.error} onRetry={() => home.refetch()} />
      </Screen>
    );
  }
  const rows = home.data.rows.filter(row => row.items.length > 0);
  return rows.length > 0 ? <HomeRows rows={rows} /> : <EmptyHome />;
}

function HomeRows({ rows }: { rows: HomeRow[] }) {
  const layout = useLayout();
  const firstRow = rows.find(row => row.slug === rowMemory.lastRow()) ?? rows[0];
  const [focused, setFocused] = useState<Title | undefined>(() => {
    return firstRow?.items[rowMemory.cardOf(firstRow.slug, firstRow.items.length)];
  });
  const rested = useRested(focused, heroRestMs);
  const hero = layout === 'phone' ? rows[0]?.items[0] : rested;
  const first = firstRow && rowName(firstRow.slug);
  const menu = useOverlay('card-menu');
  const [menuOf, setMenuOf] = useState<Title>();
  useInitialFocus(first ?? 'screen');

  // A card that had the focus may be gone from its row, and the row with it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are what may lose the focus
  useEffect(rescueFocus, [rows]);

  const openMenu = (title: Title) => {
    setMenuOf(title);
    menu.open();
  };

  return (
    <>
      {hero && <Backdrop title={hero} />}
      <FocusGroup
        name="screen"
        as="main"
        className={rows.length === 1 ? `${css.home} ${css.oneRow}` : css.home}
      >
        {hero && <Hero title={hero} hasActions={layout === 'phone'} />}
        {layout === 'tv' ? (
          <RowStack rows={rows} onFocus={setFocused} onMenu={openMenu} />
        ) : (
          rows.map(row => (
            <ScrollRow key={row.slug} row={row} onFocus={setFocused} onMenu={openMenu} />
          ))
        )}
        {menu.isOpen && menuOf && <CardSheet title={menuOf} />}
      </FocusGroup>
    </>
  );
}

function EmptyHome() {
  return (
    <Screen>
      <Notice icon={Clapperboard} heading={t('home.empty')} cause={t('home.emptyCause')}>
        <Button
          kind="primary"
          icon={Magnet}
          label={t('nav.openTorrent')}
          onClick={() => goTo(paths.openTorrent)}
        />
      </Notice>
    </Screen>
  );
}
