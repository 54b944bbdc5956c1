import { useEffect, useRef, useState } from 'react';
import type { Title } from '../api/types';
import { type FocusNote, notedFocus, noteFocus } from '../app/history';
import { FocusGroup } from '../input/FocusGroup';
import { focusKey } from '../input/focus';
import { inputMode } from '../input/inputMode';
import { useKeys } from '../input/keyboard';
import { rowsToDraw } from './geometry';
import { PosterCard } from './PosterCard';
import css from './PosterGrid.module.css';
import { useGridWindow } from './useGridWindow';

interface PosterGridProps {
  titles: Title[];
  label: string;
  /** Another value means other titles: the grid then begins anew. */
  about: string;
  /** Between two posters, in rem. */
  gap: number;
  /** How far under the upper edge the row with the focus stands, in rem. */
  parkedAt: number;
  /** These are the answer to an earlier question. */
  isStale?: boolean;
  /** Takes the focus when it appears, even from something that has it. */
  takesFocus?: boolean;
  onNearEnd?: () => void;
  onLeaveUp?: () => void;
  onOpen?: () => void;
}

/** How many rows before the last the next page is asked for. */
const rowsBeforeEnd = 3;

type Place = Pick<FocusNote, 'name' | 'index'>;
const atStart: Place = { name: '', index: 0 };

export const gridName = 'grid';
const cardName = (title: Title) => `poster-${title.kind}-${title.id}`;

/** Posters in rows; only the rows in view and those around the focus exist. */
export function PosterGrid(props: PosterGridProps) {
  const { titles, about, gap, parkedAt, onNearEnd } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [noted] = useState(notedFocus);
  const [focused, setFocused] = useState<Place>(noted ?? atStart);
  const [shown, setShown] = useState(about);
  if (shown !== about) {
    setShown(about);
    setFocused(atStart);
  }
  const current = indexOf(focused, titles);
  const isMixed = titles.some(title => title.kind !== titles[0]?.kind);
  const { metrics, rows, inView, ...scroll } = useGridWindow(frame, titles.length, gap);
  const columns = metrics?.columns ?? 1;
  const currentRow = Math.floor(current / columns);
  const preferred = titles[current];
  const hasFocus = () => frame.current?.contains(document.activeElement) ?? false;

  useReturn({
    noted,
    card: preferred && cardName(preferred),
    isLaidOut: metrics !== null,
    takesFocus: props.takesFocus ?? false,
    scrollTo: scroll.scrollTo,
  });

  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other titles are what starts at the top
  useEffect(() => {
    if (!isFirst.current) scroll.scrollTo(0);
    isFirst.current = false;
  }, [about]);

  const isNearEnd = rows > 0 && Math.max(inView.last, currentRow) >= rows - rowsBeforeEnd;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that came may still not reach
  useEffect(() => {
    if (isNearEnd) onNearEnd?.();
  }, [isNearEnd, rows, onNearEnd]);

  useKeys(key => {
    if (!hasFocus()) return false;
    if (key === 'up' && currentRow === 0 && props.onLeaveUp) {
      props.onLeaveUp();
      return true;
    }
    const step = key === 'next_row' ? 1 : key === 'previous_row' ? -1 : 0;
    const target = titles[Math.min(current + step * columns, titles.length - 1)];
    if (step === 0 || !target) return false;
    focusKey(cardName(target));
    return true;
  });

  return (
    <div ref={frame} className={props.isStale ? `${css.frame} ${css.stale}` : css.frame}>
      {metrics && (
        <FocusGroup
          name={gridName}
          as="ul"
          label={props.label}
          remembersLast={false}
          preferred={preferred && cardName(preferred)}
          className={css.grid}
          style={{ height: `${rows * metrics.rowPitch}rem` }}
        >
          {/* One flat list: cards must stay the same elements while rows come and go. */}
          {rowsToDraw(inView, currentRow, rows).flatMap(row =>
            titles.slice(row * columns, (row + 1) * columns).map((title, column) => {
              const index = row * columns + column;
              return (
                <li
                  key={cardName(title)}
                  className={css.slot}
                  aria-setsize={titles.length}
                  aria-posinset={index + 1}
                  style={{
                    top: `${row * metrics.rowPitch}rem`,
                    left: `${column * metrics.columnPitch}rem`,
                    width: `${metrics.cardWidth}rem`,
                  }}
                >
                  <PosterCard
                    name={cardName(title)}
                    title={title}
                    height={metrics.posterHeight}
                    isAmongFilms={isMixed}
                    onFocus={() => {
                      setFocused({ name: cardName(title), index });
                      if (inputMode() === 'keys') scroll.park(row, parkedAt);
                    }}
                    onOpen={() => {
                      noteFocus({ name: cardName(title), index, scroll: scroll.scrollPosition() });
                      props.onOpen?.();
                    }}
                  />
                </li>
              );
            }),
          )}
        </FocusGroup>
      )}
    </div>
  );
}

/** Titles may move while more of them come in, so a card is known by its name first. */
function indexOf(place: Place, titles: Title[]): number {
  const index = titles.findIndex(title => cardName(title) === place.name);
  // The title is gone from here, such as from a list: its neighbour takes its place.
  return index >= 0 ? index : Math.max(0, Math.min(place.index, titles.length - 1));
}

interface Return {
  noted: FocusNote | undefined;
  card: string | undefined;
  isLaidOut: boolean;
  takesFocus: boolean;
  scrollTo: (position: number) => void;
}

/**
 * Puts focus and scroll back where they were left. On a first visit the focus goes to the grid only
 * if it is wanted there or nothing else has it yet.
 */
function useReturn({ noted, card, isLaidOut, takesFocus, scrollTo }: Return): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current || !isLaidOut || !card) return;
    isDone.current = true;
    if (!noted) {
      const active = document.activeElement;
      const isFree = !active || active === document.body || active.tagName === 'MAIN';
      if (isFree || takesFocus) focusKey(gridName);
      return;
    }
    // After the screen around it has put the focus where a first visit has it, and the page has jumped
    // to its top because its address changed.
    window.requestAnimationFrame(() => {
      focusKey(card);
      scrollTo(noted.scroll);
    });
  }, [noted, card, isLaidOut, takesFocus, scrollTo]);
}
