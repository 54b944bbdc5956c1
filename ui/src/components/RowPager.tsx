import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type RefObject, useEffect, useState } from 'react';
import { t } from '../i18n/t';
import css from './RowPager.module.css';

interface RowPagerProps {
  scroller: RefObject<HTMLElement | null>;
  /** Where the cards begin and end in the row, which must be positioned. */
  top: string;
  bottom: string;
}

/** Arrows over both ends of a row that scrolls, for the mouse alone; keys move from card to card. */
export function RowPager({ scroller, top, bottom }: RowPagerProps) {
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const measure = () => {
      const element = scroller.current;
      setOverflows(element !== null && element.scrollWidth > element.clientWidth);
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, [scroller]);
  if (!overflows) return null;

  const page = (direction: 1 | -1) => {
    const width = scroller.current?.clientWidth ?? 0;
    scroller.current?.scrollBy({ left: direction * width * 0.8, behavior: 'smooth' });
  };
  const arrow = (side: 'previous' | 'next') => {
    const Icon = side === 'next' ? ChevronRight : ChevronLeft;
    return (
      <button
        type="button"
        tabIndex={-1}
        className={`${css.page} ${css[side]}`}
        style={{ top, bottom }}
        aria-label={t(side === 'next' ? 'row.next' : 'row.previous')}
        onMouseDown={event => event.preventDefault()}
        onClick={() => page(side === 'next' ? 1 : -1)}
      >
        <Icon aria-hidden />
      </button>
    );
  };
  return (
    <>
      {arrow('previous')}
      {arrow('next')}
    </>
  );
}
