import { useHistoryState } from 'wouter/use-browser-location';
import { goBack, openOverlay, overlayOf } from './history';

export interface Overlay {
  isOpen: boolean;
  open: () => void;
  close: () => void;
}

/** An overlay of the current screen by name; open means its history entry is on top. */
export function useOverlay(name: string): Overlay {
  const isOpen = overlayOf(useHistoryState()) === name;
  return {
    isOpen,
    open: () => openOverlay(name),
    close: () => {
      if (isOpen) goBack();
    },
  };
}
