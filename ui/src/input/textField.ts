import type { Key } from './keys';

/** A field that takes typed text, where arrows move the caret and Backspace deletes. */
export function isTextField(element: EventTarget | null): element is HTMLInputElement {
  return (
    (element instanceof HTMLInputElement &&
      !['checkbox', 'radio', 'file'].includes(element.type)) ||
    element instanceof HTMLTextAreaElement
  );
}

/**
 * Whether a key belongs to the field: a caret that can still move keeps ← and →, so leaving
 * sideways takes one press at the edge of the text. Escape and the remote's Back always leave.
 */
export function fieldKeeps(field: HTMLInputElement, key: Key, event: KeyboardEvent): boolean {
  if (key === 'back') return event.key === 'Backspace' || event.keyCode === 8;
  const { selectionStart, selectionEnd, value } = field;
  const isCaret = selectionStart === selectionEnd;
  if (key === 'left') return !(isCaret && selectionStart === 0);
  if (key === 'right') return !(isCaret && selectionEnd === value.length);
  return key === 'ok';
}
