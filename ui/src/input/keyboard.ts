import { useEffect, useRef } from 'react';
import { goBack, leaveApp } from '../app/history';
import { moveFocus, rescueFocus } from './focus';
import { setInputMode } from './inputMode';
import { isArrow, type Key, keyOf } from './keys';
import { fieldKeeps, isTextField } from './textField';

/**
 * The one keydown listener. The screen on top is asked first; what it leaves, arrows move the
 * focus, Back goes one level up, and OK reaches the focused element as a native click.
 */
export type KeyHandler = (key: Key, event: KeyboardEvent) => boolean;

/** A held arrow repeats at up to 30 per second; a television cannot draw that many moves. */
const repeatEveryMs = 75;
const handlers: KeyHandler[] = [];
let lastMoveAt = 0;

/** Asks `handler` before the app acts; it answers whether it took the key. */
export function useKeys(handler: KeyHandler): void {
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => {
    const entry: KeyHandler = (key, event) => latest.current(key, event);
    handlers.push(entry);
    return () => {
      handlers.splice(handlers.indexOf(entry), 1);
    };
  }, []);
}

export function listenToKeyboard(): void {
  window.addEventListener('keydown', onKeyDown, { capture: true });
}

function onKeyDown(event: KeyboardEvent): void {
  const key = keyOf(event);
  if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
  setInputMode('keys');
  if (isTextField(event.target) && fieldKeeps(event.target, key, event)) return;

  for (const handler of handlers.slice().reverse()) {
    if (handler(key, event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
  }
  act(key, event);
}

function act(key: Key, event: KeyboardEvent): void {
  if (key === 'ok') {
    rescueFocus();
    if (event.repeat) event.preventDefault();
    return;
  }
  if (isArrow(key)) {
    event.preventDefault();
    if (event.repeat && event.timeStamp - lastMoveAt < repeatEveryMs) return;
    lastMoveAt = event.timeStamp;
    rescueFocus();
    moveFocus(key);
    return;
  }
  if (key === 'back') {
    event.preventDefault();
    if (!event.repeat) goBack();
    return;
  }
  if (key === 'exit') leaveApp();
}
