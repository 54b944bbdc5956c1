import type { HomeRow } from '../../api/types';

/** Sizes of the rows in rem; the television places cards by them instead of measuring. */
export const cardGap = 1.5;

const cards = {
  list: { width: 21.5, height: 12.125 },
  continue: { width: 26.25, height: 14.75 },
  next_up: { width: 26.25, height: 14.75 },
};
const headingHeight = 3.5;
const belowCards = 3.375;

export function cardSize(kind: HomeRow['kind']) {
  return cards[kind];
}

export function cardPitch(kind: HomeRow['kind']): number {
  return cards[kind].width + cardGap;
}

/** Where each row begins, counted from the first. */
export function rowTops(rows: HomeRow[]): number[] {
  const tops: number[] = [];
  let top = 0;
  for (const row of rows) {
    tops.push(top);
    top += headingHeight + cards[row.kind].height + belowCards;
  }
  return tops;
}

/**
 * How far a row is pushed left, in whole cards: the focused one stands in the first column, unless
 * the last card is already in view.
 */
export function trackShift(
  kind: HomeRow['kind'],
  count: number,
  index: number,
  room: number,
): number {
  const pitch = cardPitch(kind);
  const overflow = count * pitch - cardGap - room;
  const mostCards = Math.max(0, Math.ceil(overflow / pitch));
  return Math.min(index, mostCards) * pitch;
}
