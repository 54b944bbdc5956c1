import { useSyncExternalStore } from 'react';
import { isTelevision } from '../app/tvPlatform';

/**
 * Which of the three arrangements the app has: `tv` for the couch, `desktop` and `phone`. A window
 * of exactly 16:9 is a screen in full, so it is treated as a television whatever runs it.
 */
export type Layout = 'tv' | 'desktop' | 'phone';

const desktopMinWidth = 900;
const tvMinWidth = 1280;

export function layoutFor(width: number, height: number, isTv: boolean): Layout {
  const ratio = width / height;
  const isFullScreen = Math.abs(ratio - 16 / 9) < 0.01 && width >= tvMinWidth;
  if (isFullScreen || (isTv && width >= desktopMinWidth)) return 'tv';
  return width >= desktopMinWidth ? 'desktop' : 'phone';
}

function measure(): Layout {
  return layoutFor(window.innerWidth, window.innerHeight, isTelevision());
}

/** Writes the layout on <html>, where the styles read it, now and after each resize. */
export function watchLayout(): void {
  const write = () => {
    document.documentElement.dataset.layout = measure();
  };
  write();
  window.addEventListener('resize', write);
}

export function useLayout(): Layout {
  return useSyncExternalStore(subscribe, measure);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}
