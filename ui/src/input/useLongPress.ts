import { type MouseEvent, type RefObject, type TouchEvent, useEffect, useRef } from 'react';
import { inputMode } from './inputMode';
import { useKeys } from './keyboard';

/** How long something must be held to mean more than a press. */
const heldMs = 500;

/**
 * Calls `onLongPress` when OK or a finger is held on the element, and on a right click. Without it
 * the element is left as it is; with it, OK acts when it is let go.
 */
export function useLongPress(ref: RefObject<HTMLElement | null>, onLongPress?: () => void) {
  const okSince = useRef<number | null>(null);
  const timer = useRef<number>(undefined);
  const isHeld = useRef(false);

  useKeys((key, event) => {
    if (key !== 'ok' || !onLongPress || document.activeElement !== ref.current) return false;
    if (!event.repeat) okSince.current = event.timeStamp;
    else if (okSince.current !== null && event.timeStamp - okSince.current >= heldMs) {
      okSince.current = null;
      onLongPress();
    }
    return true;
  });

  useEffect(() => {
    const onKeyUp = () => {
      if (okSince.current !== null && document.activeElement === ref.current) ref.current?.click();
      okSince.current = null;
    };
    window.addEventListener('keyup', onKeyUp);
    return () => {
      window.removeEventListener('keyup', onKeyUp);
      window.clearTimeout(timer.current);
    };
  }, [ref]);

  if (!onLongPress) return {};
  const release = () => {
    window.clearTimeout(timer.current);
    isHeld.current = false;
  };
  return {
    onContextMenu: (event: MouseEvent) => {
      event.preventDefault();
      if (inputMode() !== 'touch') onLongPress();
    },
    onTouchStart: () => {
      release();
      timer.current = window.setTimeout(() => {
        isHeld.current = true;
      }, heldMs);
    },
    onTouchMove: release,
    onTouchCancel: release,
    // Only now, and without the click that follows: it would land on what has just opened.
    onTouchEnd: (event: TouchEvent) => {
      const wasHeld = isHeld.current;
      release();
      if (!wasHeld) return;
      event.preventDefault();
      onLongPress();
    },
  };
}
