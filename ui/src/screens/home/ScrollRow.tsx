import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { HomeRow, Title } from '../../api/types';
import { t } from '../../i18n/t';
import { FocusGroup } from '../../input/FocusGroup';
import { inputMode } from '../../input/inputMode';
import { Card } from './Card';
import { cardName, rowMemory, rowName } from './rowMemory';
import css from './ScrollRow.module.css';

/** A row that scrolls by itself: swiped on a phone, paged by its arrows with a mouse. */
export function ScrollRow({ row, onFocus }: { row: HomeRow; onFocus: (title: Title) => void }) {
  const { slug, kind, items } = row;
  const scroller = useRef<HTMLDivElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const measure = () => {
      const element = scroller.current;
      setOverflows(element !== null && element.scrollWidth > element.clientWidth);
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);

  const preferred = items[rowMemory.cardOf(slug, items.length)];

  const page = (direction: 1 | -1) => {
    const width = scroller.current?.clientWidth ?? 0;
    scroller.current?.scrollBy({ left: direction * width * 0.8, behavior: 'smooth' });
  };

  return (
    <FocusGroup
      name={rowName(slug)}
      as="section"
      label={row.name}
      preferred={preferred && cardName(slug, preferred.id)}
      className={css.row}
    >
      <h2 className={css.heading}>{row.name}</h2>
      <div ref={scroller} className={css.scroller}>
        {items.map((title, index) => (
          <div key={title.id} className={css.slot}>
            <Card
              name={cardName(slug, title.id)}
              title={title}
              kind={kind}
              onFocus={() => {
                rowMemory.note(slug, index);
                onFocus(title);
                if (inputMode() === 'keys') bringIn(scroller.current, index);
              }}
            />
          </div>
        ))}
      </div>
      {overflows && (
        <>
          <PageButton side="previous" onClick={() => page(-1)} />
          <PageButton side="next" onClick={() => page(1)} />
        </>
      )}
    </FocusGroup>
  );
}

/** For the mouse alone; keys move from card to card. */
function PageButton({ side, onClick }: { side: 'previous' | 'next'; onClick: () => void }) {
  const Icon = side === 'next' ? ChevronRight : ChevronLeft;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${css.page} ${css[side]}`}
      aria-label={t(side === 'next' ? 'row.next' : 'row.previous')}
      onMouseDown={event => event.preventDefault()}
      onClick={onClick}
    >
      <Icon aria-hidden />
    </button>
  );
}

function bringIn(scroller: HTMLElement | null, index: number): void {
  const slot = scroller?.children[index];
  if (!scroller || !(slot instanceof HTMLElement)) return;
  const { paddingLeft } = getComputedStyle(scroller);
  const left = slot.offsetLeft - Number.parseFloat(paddingLeft);
  scroller.scrollTo({ left, behavior: 'smooth' });
}
