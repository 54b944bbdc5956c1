/**
 * How the person drives the app right now: keys, pointer or touch. It is written on <html> as
 * `data-input`, where the styles read it: touch shows no focus ring, keys hide the cursor.
 */
export type InputMode = 'keys' | 'pointer' | 'touch';

let lastX = -1;
let lastY = -1;
const moveListeners = new Set<() => void>();

export function inputMode(): InputMode {
  return (document.documentElement.dataset.input as InputMode | undefined) ?? 'keys';
}

export function setInputMode(mode: InputMode): void {
  if (document.documentElement.dataset.input !== mode) {
    document.documentElement.dataset.input = mode;
  }
}

/**
 * Whether the pointer really moved. Content that scrolls under a resting pointer also raises
 * mouse events, and those must not take the focus away from the remote.
 */
function pointerMoved(event: { screenX: number; screenY: number }): boolean {
  const moved = event.screenX !== lastX || event.screenY !== lastY;
  const isFirst = lastX === -1;
  lastX = event.screenX;
  lastY = event.screenY;
  return moved && !isFirst;
}

/** Calls back at each real movement of a mouse. */
export function onPointerMove(listener: () => void): () => void {
  moveListeners.add(listener);
  return () => moveListeners.delete(listener);
}

export function watchInputMode(): void {
  setInputMode(window.matchMedia('(hover: none)').matches ? 'touch' : 'keys');
  window.addEventListener('touchstart', () => setInputMode('touch'), { passive: true });
  window.addEventListener(
    'mousemove',
    event => {
      // A tap is followed by an imitated mouse move; it is not a mouse.
      if (!pointerMoved(event) || inputMode() === 'touch') return;
      setInputMode('pointer');
      for (const listener of moveListeners) listener();
    },
    { capture: true, passive: true },
  );
  window.addEventListener('mousedown', () => {
    if (inputMode() !== 'touch') setInputMode('pointer');
  });
}
