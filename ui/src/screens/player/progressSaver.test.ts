import { beforeEach, expect, test, vi } from 'vitest';
import { createProgressSaver } from './progressSaver';

const durationMs = 60_000;
const save = vi.fn();
let now = 0;
const saver = () => createProgressSaver({ save, now: () => now });

beforeEach(() => {
  save.mockClear();
  now = 0;
});

test('watching saves every ten seconds and not in between', () => {
  const { watched } = saver();
  for (now = 0; now <= 25_000; now += 250) watched(now, durationMs);
  expect(save.mock.calls.map(([position]) => position)).toEqual([10_000, 20_000]);
});

test('a pause saves at once, and the ten seconds begin anew', () => {
  const { watched, settle } = saver();
  now = 4000;
  settle(4000, durationMs);
  now = 12_000;
  watched(12_000, durationMs);
  expect(save.mock.calls).toEqual([[4000, durationMs, false]]);
});

test('leaving right after a pause does not save the same position twice', () => {
  const { settle } = saver();
  settle(4000, durationMs);
  settle(4100, durationMs, true);
  expect(save).toHaveBeenCalledTimes(1);
});

test('the last save outlives the page', () => {
  saver().settle(4000, durationMs, true);
  expect(save).toHaveBeenCalledWith(4000, durationMs, true);
});

test('nothing is saved while the length of the film is unknown', () => {
  saver().settle(4000, Number.NaN);
  saver().settle(4000, 0);
  expect(save).not.toHaveBeenCalled();
});
