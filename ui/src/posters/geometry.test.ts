import { expect, test } from 'vitest';
import { gridMetrics, rowCount, rowsInView, rowsToDraw } from './geometry';

test('a television shows seven posters of 208 by 312 in its whole width', () => {
  const { columns, cardWidth, posterHeight } = gridMetrics(106, 2.5, 'tv');
  expect(columns).toBe(7);
  expect(cardWidth * 16).toBeCloseTo(208);
  expect(posterHeight * 16).toBeCloseTo(312);
});

test('a width that rounding made a hair too small keeps its column', () => {
  expect(gridMetrics(105.998, 2.5, 'tv').columns).toBe(7);
});

test('beside the keyboard there are five columns, on a phone three', () => {
  expect(gridMetrics(71, 1.5, 'tv').columns).toBe(5);
  expect(gridMetrics(33.3, 1.4, 'phone').columns).toBe(3);
});

test('the last row may be short', () => {
  expect(rowCount(15, 7)).toBe(3);
  expect(rowCount(0, 7)).toBe(0);
});

test('the rows in view follow the scroll and stay within the grid', () => {
  expect(rowsInView(300, 1080, 400, 10)).toEqual({ first: 0, last: 1 });
  expect(rowsInView(-850, 1080, 400, 10)).toEqual({ first: 2, last: 4 });
  expect(rowsInView(-9000, 1080, 400, 10)).toEqual({ first: 9, last: 9 });
});

test('a thousand rows cost as much as ten', () => {
  expect(rowsToDraw({ first: 500, last: 502 }, 501, 1000)).toEqual([499, 500, 501, 502, 503]);
});

test('the row that has the focus exists wherever the page was scrolled', () => {
  const rows = rowsToDraw({ first: 500, last: 502 }, 3, 1000);
  expect(rows).toEqual([2, 3, 4, 499, 500, 501, 502, 503]);
});
