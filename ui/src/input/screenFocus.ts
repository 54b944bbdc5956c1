import { useEffect } from 'react';
import { currentFocusKey, focusKey } from './focus';

/** Gives the focus to `name` once `isReady`, unless the person has meanwhile gone to the navigation. */
export function useInitialFocus(name: string, isReady = true): void {
  useEffect(() => {
    if (isReady && !currentFocusKey().startsWith('nav')) focusKey(name);
  }, [name, isReady]);
}
