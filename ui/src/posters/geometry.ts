import type { Layout } from '../layout/layout';

/** Sizes of a grid of posters, in rem; rows have a fixed pitch, so none has to be measured. */
export interface GridMetrics {
  columns: number;
  cardWidth: number;
  posterHeight: number;
  columnPitch: number;
  rowPitch: number;
}

export interface RowRange {
  first: number;
  last: number;
}

/** The title and the year under a poster, and the room down to the next row. */
const textHeight = 4.25;
const rowGap = 2;
/** A width that rounding took this much from still counts as whole. */
const tolerance = 0.05;
/** Rows drawn beyond those in view, so that the next press of an arrow finds its card. */
const rowsAhead = 1;
const rowsAroundFocus = 1;

/** Between two posters. */
export const gridGap: Record<Layout, number> = { tv: 2.5, desktop: 2, phone: 1.4 };
const narrowestCard: Record<Layout, number> = { tv: 13, desktop: 13.5, phone: 9.4 };

/** As many columns as fit in `width`, and the cards as wide as that leaves. */
export function gridMetrics(width: number, gap: number, layout: Layout): GridMetrics {
  const narrowest = narrowestCard[layout];
  const columns = Math.max(2, Math.floor((width + gap + tolerance) / (narrowest + gap)));
  const cardWidth = (width - (columns - 1) * gap) / columns;
  const posterHeight = cardWidth * 1.5;
  return {
    columns,
    cardWidth,
    posterHeight,
    columnPitch: cardWidth + gap,
    rowPitch: posterHeight + textHeight + rowGap,
  };
}

export function rowCount(titles: number, columns: number): number {
  return Math.ceil(titles / columns);
}

/** The rows in view of a grid that begins `top` below the edge of a screen of `height`. */
export function rowsInView(top: number, height: number, pitch: number, rows: number): RowRange {
  const within = (row: number) => Math.min(Math.max(row, 0), Math.max(0, rows - 1));
  return {
    first: within(Math.floor(-top / pitch)),
    last: within(Math.floor((height - top) / pitch)),
  };
}

/** The rows that exist: those in view and those around the focus, wherever it was left. */
export function rowsToDraw(inView: RowRange, focusedRow: number, rows: number): number[] {
  const drawn = new Set<number>();
  const add = (from: number, to: number) => {
    for (let row = Math.max(0, from); row <= Math.min(to, rows - 1); row += 1) drawn.add(row);
  };
  add(inView.first - rowsAhead, inView.last + rowsAhead);
  add(focusedRow - rowsAroundFocus, focusedRow + rowsAroundFocus);
  return Array.from(drawn).sort((a, b) => a - b);
}
