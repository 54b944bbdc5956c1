import { expect, test } from 'vitest';
import { canChangeSpeed, nextSpeed } from './speeds';
import { characterAction } from './useCharacterKeys';

test('digits jump to tenths of the film', () => {
  expect(characterAction('0')).toEqual({ name: 'jump', share: 0 });
  expect(characterAction('7')).toEqual({ name: 'jump', share: 0.7 });
});

test('J and L step, K and space toggle', () => {
  expect(characterAction('J')).toEqual({ name: 'step', direction: -1 });
  expect(characterAction('l')).toEqual({ name: 'step', direction: 1 });
  expect(characterAction('k')).toEqual(characterAction(' '));
});

test('other characters do nothing', () => {
  expect(characterAction('x')).toBeNull();
  expect(characterAction('Shift')).toBeNull();
});

test('speeds go up and down one by one and stop at the ends', () => {
  expect(nextSpeed(1, 1)).toBe(1.25);
  expect(nextSpeed(1, -1)).toBe(0.75);
  expect(nextSpeed(2, 1)).toBe(2);
  expect(nextSpeed(0.5, -1)).toBe(0.5);
});

test('webOS is offered no speeds', () => {
  expect(canChangeSpeed('Mozilla/5.0 (Web0S; Linux/SmartTV) Chrome/79')).toBe(false);
  expect(canChangeSpeed('Mozilla/5.0 (X11; Linux) Chrome/120')).toBe(true);
});
