import { CloudOff, RotateCcw, SearchX } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter/use-browser-location';
import { useSearchTitles } from '../../api/catalogQueries';
import { explain } from '../../api/explain';
import type { User } from '../../api/types';
import { notedFocus, replaceWith } from '../../app/history';
import { paths } from '../../app/paths';
import { Button } from '../../components/Button';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { focusKey } from '../../input/focus';
import { inputMode } from '../../input/inputMode';
import { useLayout } from '../../layout/layout';
import { GridPage } from '../../posters/GridPage';
import { gridGap } from '../../posters/geometry';
import { PosterGrid } from '../../posters/PosterGrid';
import { PosterSkeleton } from '../../posters/PosterSkeleton';
import { useRested } from '../home/useRested';
import { Hint } from './Hint';
import { Keyboard, keyboardName, keyName } from './Keyboard';
import { RecentSearches } from './RecentSearches';
import { noteRecent } from './recentSearches';
import css from './Search.module.css';
import { SearchField, searchFieldName } from './SearchField';
import { useTyping } from './useTyping';

/** How long the typing must rest before the daemon is asked. */
const typingRestMs = 150;
const longestText = 80;
/** Beside the keyboard there is less room than on a screen of posters alone. */
const besideKeyboard = 1.5;
const parkedAt = { tv: 5.5, desktop: 9, phone: 3 };

const readText = (search: string) => new URLSearchParams(search).get('q') ?? '';

/** Films and shows by name, found while typing: on letters of the screen, or a keyboard that is there. */
export default function Search({ user }: { user: User }) {
  const search = useSearch();
  const isTv = useLayout() === 'tv';
  const [text, setText] = useState(() => readText(search));
  const asked = useRested(text.trim(), typingRestMs);
  const wantsResults = useRef(false);
  const type = (next: string) => {
    wantsResults.current = false;
    setText(next.slice(0, longestText));
  };

  useEffect(() => {
    if (readText(window.location.search) === asked) return;
    replaceWith(paths.search + (asked && `?q=${encodeURIComponent(asked)}`));
  }, [asked]);

  useFirstFocus(isTv);
  useTyping(text, type, character => focusKey(isTv ? keyName(character) : searchFieldName));

  const choose = (recent: string) => {
    if (inputMode() !== 'touch') focusKey(isTv ? keyboardName : searchFieldName);
    type(recent);
    wantsResults.current = true;
  };
  const results =
    text.trim() === '' ? (
      <RecentSearches userId={user.id} onChoose={choose} />
    ) : (
      <Results text={asked} user={user} takesFocus={wantsResults.current} />
    );
  const field = <SearchField text={text} onChange={type} />;

  if (!isTv) {
    return (
      <GridPage preferred={searchFieldName}>
        <h1 className="visually-hidden">{t('nav.search')}</h1>
        <div className={css.field}>{field}</div>
        {results}
      </GridPage>
    );
  }
  return (
    <FocusGroup
      name="screen"
      as="main"
      preferred={keyboardName}
      remembersLast={false}
      className={css.screen}
    >
      <h1 className="visually-hidden">{t('nav.search')}</h1>
      <div className={css.typing}>
        {field}
        <Keyboard text={text} onChange={type} />
      </div>
      <div data-scroller className={css.results}>
        {results}
      </div>
    </FocusGroup>
  );
}

function Results({ text, user, takesFocus }: { text: string; user: User; takesFocus: boolean }) {
  const layout = useLayout();
  const gap = layout === 'tv' ? besideKeyboard : gridGap[layout];
  const results = useSearchTitles(text);
  const shownFor = useRef(text);
  if (results.data && !results.isPlaceholderData) shownFor.current = text;

  if (results.isError) {
    return (
      <Hint icon={CloudOff} heading={t('search.failed')} cause={explain(results.error)}>
        <Button
          kind="primary"
          icon={RotateCcw}
          label={t('retry')}
          onClick={() => results.refetch()}
        />
      </Hint>
    );
  }
  const items = results.data?.items ?? [];
  const mayStillCome = results.data?.is_complete === false && results.isFetching;
  if (!results.data || (items.length === 0 && mayStillCome)) return <PosterSkeleton gap={gap} />;
  if (items.length === 0) {
    return (
      <Hint
        icon={SearchX}
        heading={t('search.nothing', { text: shownFor.current })}
        cause={t('search.nothingCause')}
      />
    );
  }
  return (
    <>
      <p className="visually-hidden" role="status">
        {t('search.count', { count: items.length })}
      </p>
      <PosterGrid
        titles={items}
        label={t('search.results')}
        about={shownFor.current}
        gap={gap}
        parkedAt={parkedAt[layout]}
        isStale={results.isPlaceholderData}
        takesFocus={takesFocus}
        onOpen={() => noteRecent(user.id, text)}
      />
    </>
  );
}

/** Whoever comes to search wants to type; whoever comes back from a title finds it where it was. */
function useFirstFocus(isTv: boolean): void {
  useEffect(() => {
    const isBack = notedFocus() !== undefined;
    if (isBack && inputMode() === 'touch') return;
    focusKey(isTv ? keyboardName : searchFieldName);
  }, [isTv]);
}
