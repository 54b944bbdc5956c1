import { expect, test } from 'vitest';
import { keyOf } from './keys';

const code = (keyCode: number) => keyOf({ key: 'Unidentified', keyCode });

test('Back is Back on every remote and keyboard', () => {
  expect([10009, 461, 27, 8, 166].map(code)).toEqual(Array(5).fill('back'));
  expect(keyOf({ key: 'GoBack', keyCode: 0 })).toBe('back');
});

test('the play and pause toggle is known by its Tizen and its common code', () => {
  expect(code(10252)).toBe('play_pause');
  expect(code(179)).toBe('play_pause');
  expect(keyOf({ key: 'MediaPlayPause', keyCode: 0 })).toBe('play_pause');
});

test('a long press on a basic remote means forward or rewind', () => {
  expect([417, 10233].map(code)).toEqual(['forward', 'forward']);
  expect([412, 10232].map(code)).toEqual(['rewind', 'rewind']);
});

test('channel keys of both television makers move by a row', () => {
  expect([427, 33].map(code)).toEqual(['previous_row', 'previous_row']);
  expect([428, 34].map(code)).toEqual(['next_row', 'next_row']);
});

test('a letter is no command', () => {
  expect(keyOf({ key: 'a', keyCode: 65 })).toBeNull();
});
