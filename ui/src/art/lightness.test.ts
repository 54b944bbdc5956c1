import { expect, it } from 'vitest';
import { luminanceOf } from './lightness';

const clear = [0, 0, 0, 0];
const black = [0, 0, 0, 255];
const white = [255, 255, 255, 255];
const red = [229, 9, 20, 255];

it('counts what can be seen, not what is transparent', () => {
  expect(luminanceOf([...clear, ...white, ...clear])).toBe(1);
  expect(luminanceOf([...clear, ...black])).toBe(0);
  expect(luminanceOf(clear)).toBe(0);
});

it('takes the mean, weighing half-transparent edges by half', () => {
  expect(luminanceOf([...white, ...black])).toBe(0.5);
  expect(luminanceOf([...white, 0, 0, 0, 128])).toBeCloseTo(1 / (1 + 128 / 255));
});

it('finds red letters lighter than dark blue ones', () => {
  expect(luminanceOf(red)).toBeGreaterThan(0.15);
  expect(luminanceOf([10, 20, 90, 255])).toBeLessThan(0.05);
});
