import { useState } from 'react';
import type { HomeRow, Title } from '../../api/types';
import { focusKey } from '../../input/focus';
import { useKeys } from '../../input/keyboard';
import { rowTops } from './geometry';
import css from './RowStack.module.css';
import { rowMemory, rowName } from './rowMemory';
import { TrackRow } from './TrackRow';

const rowsAbove = 1;
const rowsBelow = 2;

interface RowStackProps {
  rows: HomeRow[];
  onFocus: (title: Title) => void;
  onMenu: (title: Title) => void;
}

/** The television's rows: the focused one always stands at the same height, those around it are drawn. */
export function RowStack({ rows, onFocus, onMenu }: RowStackProps) {
  // By name, not by number: a new row on top must not move the focus to another one.
  const [currentSlug, setCurrentSlug] = useState(rowMemory.lastRow);
  const current = Math.max(
    0,
    rows.findIndex(row => row.slug === currentSlug),
  );
  const tops = rowTops(rows);

  useKeys(key => {
    const step = key === 'next_row' ? 1 : key === 'previous_row' ? -1 : 0;
    const target = rows[current + step];
    if (step === 0 || !target) return false;
    focusKey(rowName(target.slug));
    return true;
  });

  return (
    <div className={css.window}>
      <div className={css.stack} style={{ transform: `translateY(${-(tops[current] ?? 0)}rem)` }}>
        {rows.map((row, index) => {
          if (index < current - rowsAbove || index > current + rowsBelow) return null;
          return (
            <TrackRow
              key={row.slug}
              row={row}
              top={tops[index] ?? 0}
              place={index < current ? 'above' : index > current ? 'below' : 'current'}
              onMenu={onMenu}
              onFocus={title => {
                setCurrentSlug(row.slug);
                onFocus(title);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}
