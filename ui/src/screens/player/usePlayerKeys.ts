import { goBack } from '../../app/history';
import { currentFocusKey } from '../../input/focus';
import { useKeys } from '../../input/keyboard';
import type { Key } from '../../input/keys';
import type { Osd, OsdPlace } from './useOsd';
import type { Scrub } from './useScrub';

interface PlayerActions {
  isActive: boolean;
  osd: Osd;
  scrub: Scrub;
  step: (direction: 1 | -1, isRepeat: boolean) => void;
  toggle: () => void;
  play: () => void;
  pause: () => void;
  toggleStats: () => void;
}

/**
 * The remote in the player. On the film, ← → look for a place and OK pauses; ↑ goes to the
 * timeline, ↓ to the buttons; Back first stops looking, then hides the display, then leaves.
 */
export function usePlayerKeys(actions: PlayerActions): void {
  useKeys((key, event) => {
    if (!actions.isActive) return false;
    return onPlace(key, event, actions, focusedPlace()) || onMediaKey(key, event, actions);
  });
}

function focusedPlace(): OsdPlace {
  const key = currentFocusKey();
  return key === 'surface' || key === 'timeline' ? key : 'controls';
}

function onPlace(key: Key, event: KeyboardEvent, actions: PlayerActions, place: OsdPlace): boolean {
  const { osd, scrub, step, toggle } = actions;
  switch (key) {
    case 'left':
    case 'right':
      if (place === 'controls') {
        osd.show();
        return false;
      }
      step(key === 'left' ? -1 : 1, event.repeat);
      return true;
    case 'ok':
      if (scrub.target !== null) {
        scrub.commit();
        return true;
      }
      osd.show();
      if (place === 'controls') return false;
      if (!event.repeat) toggle();
      return true;
    case 'up':
      osd.show('timeline');
      return true;
    case 'down':
      osd.show('controls');
      return true;
    case 'back':
      if (scrub.target !== null) scrub.cancel();
      else if (osd.isVisible) osd.hide();
      else return false;
      return true;
    default:
      return false;
  }
}

function onMediaKey(key: Key, event: KeyboardEvent, actions: PlayerActions): boolean {
  switch (key) {
    case 'play_pause':
      actions.toggle();
      return true;
    case 'play':
      actions.osd.show();
      actions.play();
      return true;
    case 'pause':
      actions.osd.show();
      actions.pause();
      return true;
    case 'stop':
      goBack();
      return true;
    case 'forward':
    case 'rewind':
      actions.step(key === 'forward' ? 1 : -1, event.repeat);
      return true;
    case 'info':
      actions.toggleStats();
      return true;
    default:
      return false;
  }
}
