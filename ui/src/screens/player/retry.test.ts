import { expect, test } from 'vitest';
import { retryDelayMs } from './retry';

test('a broken stream is asked for again four times, ever later, and then no more', () => {
  expect([0, 1, 2, 3, 4].map(retryDelayMs)).toEqual([500, 2000, 5000, 10_000, null]);
});
