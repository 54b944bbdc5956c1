import { type ReactNode, type RefObject, useEffect } from 'react';
import { FocusGroup } from '../input/FocusGroup';
import { useLayout } from '../layout/layout';
import css from './Rail.module.css';
import { RowPager } from './RowPager';

interface RailProps<T> {
  name: string;
  role?: string;
  label?: string;
  items: T[];
  keyOf: (item: T) => string | number;
  /** The card that the rail stands at, by its place and by its name. */
  current: number;
  preferred: string | undefined;
  scroller: RefObject<HTMLDivElement | null>;
  /** In rem: the width of a card, the height of its picture, and that of both picture and text. */
  width: number;
  pictureHeight: number;
  height: number;
  children: (item: T, index: number) => ReactNode;
}

/** In rem: what is between two cards, and the width there is on a 16:9 television. */
const gap = 1.5;
const room = 106;
const cardsBefore = 2;
/** Beyond those in view. */
const cardsAfter = 2;

/** Cards side by side. A television moves them as one piece; elsewhere they scroll. */
export function Rail<T>(rail: RailProps<T>) {
  const { items, current, scroller, width, height } = rail;
  const isTv = useLayout() === 'tv';
  const pitch = width + gap;
  const mostCards = Math.max(0, Math.ceil((items.length * pitch - gap - room) / pitch));
  const shift = Math.min(current, mostCards) * pitch;
  const last = current + Math.floor(room / pitch) + cardsAfter;

  // biome-ignore lint/correctness/useExhaustiveDependencies: only where the rail begins
  useEffect(() => {
    if (current > 0) bringIn(scroller.current, current, 'auto');
  }, []);

  return (
    <FocusGroup
      name={rail.name}
      role={rail.role}
      label={rail.label}
      preferred={rail.preferred}
      className={css.rail}
      style={isTv ? { height: `${height}rem` } : undefined}
    >
      <div
        ref={scroller}
        className={css.track}
        style={isTv ? { transform: `translateX(${-shift}rem)` } : undefined}
      >
        {items.map((item, index) => {
          if (isTv && (index < current - cardsBefore || index > last)) return null;
          const left = index * pitch;
          return (
            <div
              key={rail.keyOf(item)}
              className={isTv && left < shift ? `${css.slot} ${css.gone}` : css.slot}
              style={isTv ? { width: `${width}rem`, left: `${left}rem` } : { width: `${width}rem` }}
            >
              {rail.children(item, index)}
            </div>
          );
        })}
      </div>
      {!isTv && (
        <RowPager scroller={scroller} top="1.25rem" bottom={`${height - rail.pictureHeight}rem`} />
      )}
    </FocusGroup>
  );
}

/** Where the rail scrolls, scrolls the card to its start. */
export function bringIn(
  scroller: HTMLElement | null,
  index: number,
  behavior: ScrollBehavior = 'smooth',
): void {
  const slot = scroller?.children[index];
  if (!scroller || !(slot instanceof HTMLElement)) return;
  if (getComputedStyle(scroller).overflowX !== 'auto') return;
  const { paddingLeft } = getComputedStyle(scroller);
  scroller.scrollTo({ left: slot.offsetLeft - Number.parseFloat(paddingLeft), behavior });
}
