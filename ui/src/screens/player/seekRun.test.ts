import { expect, test } from 'vitest';
import { pressSeek, type SeekRun, stepSeconds } from './seekRun';

test('three short presses move thirty seconds', () => {
  let run: SeekRun | null = null;
  let moved = 0;
  for (const at of [0, 200, 400]) {
    const pressed = pressSeek(run, { direction: 1, at, isHeld: false });
    run = pressed.run;
    moved += pressed.deltaMs;
  }
  expect(moved).toBe(30_000);
});

test('a held key goes from ten to thirty, sixty and a hundred and twenty seconds a step', () => {
  expect([0, 999, 1000, 2500, 5000, 60_000].map(stepSeconds)).toEqual([10, 10, 30, 60, 120, 120]);
});

test('a held key steps no faster than eight times a second', () => {
  const first = pressSeek(null, { direction: 1, at: 0, isHeld: false });
  const tooSoon = pressSeek(first.run, { direction: 1, at: 60, isHeld: true });
  const inTime = pressSeek(tooSoon.run, { direction: 1, at: 125, isHeld: true });
  expect(tooSoon.deltaMs).toBe(0);
  expect(inTime.deltaMs).toBe(10_000);
});

test('turning round starts slowly again', () => {
  const held: SeekRun = { direction: 1, startedAt: 0, steppedAt: 6000 };
  expect(pressSeek(held, { direction: -1, at: 6200, isHeld: true }).deltaMs).toBe(-10_000);
});
