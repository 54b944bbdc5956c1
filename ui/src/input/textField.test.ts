import { expect, test } from 'vitest';
import type { Key } from './keys';
import { fieldKeeps } from './textField';

function fieldWithCaretAt(position: number): HTMLInputElement {
  const field = document.createElement('input');
  field.value = 'ada';
  field.setSelectionRange(position, position);
  return field;
}

const keeps = (field: HTMLInputElement, key: Key, name: string) =>
  fieldKeeps(field, key, new KeyboardEvent('keydown', { key: name }));

test('arrows move the caret while it can move and leave the field at its ends', () => {
  expect(keeps(fieldWithCaretAt(1), 'left', 'ArrowLeft')).toBe(true);
  expect(keeps(fieldWithCaretAt(0), 'left', 'ArrowLeft')).toBe(false);
  expect(keeps(fieldWithCaretAt(1), 'right', 'ArrowRight')).toBe(true);
  expect(keeps(fieldWithCaretAt(3), 'right', 'ArrowRight')).toBe(false);
});

test('Backspace deletes, Escape leaves', () => {
  expect(keeps(fieldWithCaretAt(3), 'back', 'Backspace')).toBe(true);
  expect(keeps(fieldWithCaretAt(3), 'back', 'Escape')).toBe(false);
});

test('up and down always leave', () => {
  expect(keeps(fieldWithCaretAt(1), 'up', 'ArrowUp')).toBe(false);
  expect(keeps(fieldWithCaretAt(1), 'down', 'ArrowDown')).toBe(false);
});
