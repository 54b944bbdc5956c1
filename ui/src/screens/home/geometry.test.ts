import { expect, test } from 'vitest';
import { cardPitch, rowTops, trackShift } from './geometry';

test('the focused card stands in the first column', () => {
  expect(trackShift('list', 40, 3, 106)).toBe(3 * cardPitch('list'));
});

test('a row that fits does not move, and a longer one stops at its last card', () => {
  expect(trackShift('list', 4, 3, 106)).toBe(0);
  expect(trackShift('list', 6, 5, 106)).toBe(2 * cardPitch('list'));
});

test('rows follow one another by their own heights', () => {
  const row = (kind: 'continue' | 'list') => ({ slug: kind, name: '', kind, items: [] });
  const [first = 0, second = 0, third = 0] = rowTops([row('continue'), row('list'), row('list')]);
  expect(first).toBe(0);
  expect(second - first).toBeGreaterThan(third - second);
});
