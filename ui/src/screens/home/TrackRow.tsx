import { useState } from 'react';
import type { HomeRow, Title } from '../../api/types';
import { FocusGroup } from '../../input/FocusGroup';
import { Card } from './Card';
import { cardPitch, cardSize, trackShift } from './geometry';
import { cardName, rowMemory, rowName, titleKey } from './rowMemory';
import css from './TrackRow.module.css';

interface TrackRowProps {
  row: HomeRow;
  top: number;
  place: 'above' | 'current' | 'below';
  onFocus: (title: Title) => void;
  onMenu: (title: Title) => void;
}

/** Width of the row in rem on a 16:9 television, from the left edge of the content to the right one. */
const room = 106;
const cardsBefore = 2;
const cardsAfter = 7;

/** A row moved as one piece; only the cards near the focus exist. */
export function TrackRow({ row, top, place, onFocus, onMenu }: TrackRowProps) {
  const { slug, kind, items } = row;
  const [current, setCurrent] = useState(() => rowMemory.cardOf(slug, items.length));
  const shift = trackShift(kind, items.length, current, room);
  const preferred = items[rowMemory.cardOf(slug, items.length)];

  return (
    <FocusGroup
      name={rowName(slug)}
      as="section"
      label={row.name}
      preferred={preferred && cardName(slug, preferred)}
      className={`${css.row} ${css[place]}`}
      style={{ transform: `translateY(${top}rem)` }}
    >
      <h2 className={css.heading}>{row.name}</h2>
      <div
        className={css.track}
        style={{ height: `${cardSize(kind).height}rem`, transform: `translateX(${-shift}rem)` }}
      >
        {items.map((title, index) => {
          if (index < current - cardsBefore || index > current + cardsAfter) return null;
          const left = index * cardPitch(kind);
          return (
            // Cards pushed out on the left would lie under the rail.
            <div
              key={titleKey(title)}
              className={left < shift ? `${css.slot} ${css.gone}` : css.slot}
            >
              <Card
                name={cardName(slug, title)}
                title={title}
                kind={kind}
                left={left}
                onMenu={() => onMenu(title)}
                onFocus={() => {
                  rowMemory.note(slug, index);
                  setCurrent(index);
                  onFocus(title);
                }}
              />
            </div>
          );
        })}
      </div>
    </FocusGroup>
  );
}
