import { Film, History, X } from 'lucide-react';
import { useState } from 'react';
import { ListRow } from '../../components/ListRow';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { focusKey } from '../../input/focus';
import { useLayout } from '../../layout/layout';
import { Hint } from './Hint';
import { keyboardName } from './Keyboard';
import css from './RecentSearches.module.css';
import { forgetRecent, readRecent } from './recentSearches';
import { searchFieldName } from './SearchField';

interface RecentSearchesProps {
  userId: number;
  onChoose: (text: string) => void;
}

/** Before anything is typed: what was searched for lately, or what will be here. */
export function RecentSearches({ userId, onChoose }: RecentSearchesProps) {
  const isTv = useLayout() === 'tv';
  const [recent, setRecent] = useState(() => readRecent(userId));
  if (recent.length === 0) {
    return <Hint icon={Film} heading={t('search.start')} cause={t('search.startCause')} />;
  }
  return (
    <FocusGroup name="recent" as="section" label={t('search.recent')} className={css.recent}>
      <h2 className={css.heading}>{t('search.recent')}</h2>
      {recent.map(text => (
        <ListRow key={text} icon={History} heading={text} onClick={() => onChoose(text)} />
      ))}
      <ListRow
        icon={X}
        heading={t('search.forget')}
        onClick={() => {
          focusKey(isTv ? keyboardName : searchFieldName);
          forgetRecent(userId);
          setRecent([]);
        }}
      />
    </FocusGroup>
  );
}
