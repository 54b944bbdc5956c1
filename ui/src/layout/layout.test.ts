import { expect, test } from 'vitest';
import { layoutFor } from './layout';

test('a full 16:9 screen is treated as a television', () => {
  expect(layoutFor(1280, 720, false)).toBe('tv');
  expect(layoutFor(1920, 1080, false)).toBe('tv');
  expect(layoutFor(3840, 2160, false)).toBe('tv');
});

test('a television with an odd viewport stays one', () => {
  expect(layoutFor(1920, 1040, true)).toBe('tv');
});

test('a laptop window is a desktop and a phone is a phone, upright or not', () => {
  expect(layoutFor(1440, 900, false)).toBe('desktop');
  expect(layoutFor(390, 844, false)).toBe('phone');
  expect(layoutFor(844, 390, false)).toBe('phone');
});
