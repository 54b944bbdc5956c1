import { useRef } from 'react';
import type { HomeRow, Title } from '../../api/types';
import { RowPager } from '../../components/RowPager';
import { FocusGroup } from '../../input/FocusGroup';
import { inputMode } from '../../input/inputMode';
import { Card } from './Card';
import { cardName, rowMemory, rowName, titleKey } from './rowMemory';
import css from './ScrollRow.module.css';

interface ScrollRowProps {
  row: HomeRow;
  onFocus: (title: Title) => void;
  onMenu: (title: Title) => void;
}

/** A row that scrolls by itself: swiped on a phone, paged by its arrows with a mouse. */
export function ScrollRow({ row, onFocus, onMenu }: ScrollRowProps) {
  const { slug, kind, items } = row;
  const scroller = useRef<HTMLDivElement>(null);
  const preferred = items[rowMemory.cardOf(slug, items.length)];

  return (
    <FocusGroup
      name={rowName(slug)}
      as="section"
      label={row.name}
      preferred={preferred && cardName(slug, preferred)}
      className={css.row}
    >
      <h2 className={css.heading}>{row.name}</h2>
      <div ref={scroller} className={css.scroller}>
        {items.map((title, index) => (
          <div key={titleKey(title)} className={css.slot}>
            <Card
              name={cardName(slug, title)}
              title={title}
              kind={kind}
              onMenu={() => onMenu(title)}
              onFocus={() => {
                rowMemory.note(slug, index);
                onFocus(title);
                if (inputMode() === 'keys') bringIn(scroller.current, index);
              }}
            />
          </div>
        ))}
      </div>
      <RowPager scroller={scroller} top="3.5rem" bottom="1.75rem" />
    </FocusGroup>
  );
}

function bringIn(scroller: HTMLElement | null, index: number): void {
  const slot = scroller?.children[index];
  if (!scroller || !(slot instanceof HTMLElement)) return;
  const { paddingLeft } = getComputedStyle(scroller);
  const left = slot.offsetLeft - Number.parseFloat(paddingLeft);
  scroller.scrollTo({ left, behavior: 'smooth' });
}
