import { Check } from 'lucide-react';
import type { SeasonSummary } from '../../api/types';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { useFocusTarget } from '../../input/useFocusTarget';
import { inTabOrder, isSeasonWatched } from './episodes';
import css from './SeasonTabs.module.css';

interface SeasonTabsProps {
  seasons: SeasonSummary[];
  current: number;
  onChoose: (number: number) => void;
}

const tabName = (number: number) => `season-${number}`;

/** One tab per season. OK chooses; passing over them on the way to the episodes does not. */
export function SeasonTabs({ seasons, current, onChoose }: SeasonTabsProps) {
  return (
    <FocusGroup
      name="season-tabs"
      role="tablist"
      label={t('show.seasonTabs')}
      preferred={tabName(current)}
      remembersLast={false}
      className={css.tabs}
    >
      {inTabOrder(seasons).map(season => (
        <Tab
          key={season.number}
          season={season}
          isCurrent={season.number === current}
          onChoose={() => onChoose(season.number)}
        />
      ))}
    </FocusGroup>
  );
}

interface TabProps {
  season: SeasonSummary;
  isCurrent: boolean;
  onChoose: () => void;
}

function Tab({ season, isCurrent, onChoose }: TabProps) {
  const { ref, props } = useFocusTarget<HTMLButtonElement>({
    name: tabName(season.number),
    onFocus: () => {
      const tab = ref.current;
      const tabs = tab?.parentElement;
      if (!tab || !tabs) return;
      const left = tab.offsetLeft - (tabs.clientWidth - tab.clientWidth) / 2;
      tabs.scrollTo({ left, behavior: 'smooth' });
    },
  });
  return (
    <button
      ref={ref}
      {...props}
      type="button"
      role="tab"
      aria-selected={isCurrent}
      className={css.tab}
      onClick={onChoose}
    >
      {season.number === 0 ? t('show.specials') : t('show.season', { number: season.number })}
      {isSeasonWatched(season) && (
        <>
          <Check aria-hidden className={css.tick} />
          <span className="visually-hidden">, {t('show.allWatched')}</span>
        </>
      )}
    </button>
  );
}
