import { useFocusable } from '@noriginmedia/norigin-spatial-navigation';
import { currentFocusKey } from './focus';
import { inputMode } from './inputMode';
import { scrollIntoSafeArea } from './safeArea';
import { isTextField } from './textField';

interface FocusTargetOptions {
  name?: string;
  isEnabled?: boolean;
  onFocus?: () => void;
  /** Rows place their cards themselves; everything else scrolls into the safe area. */
  scrolls?: boolean;
}

/** Makes one element reachable by arrows, by Tab and by pointing at it. */
export function useFocusTarget<E extends HTMLElement>(options: FocusTargetOptions = {}) {
  const { name, isEnabled = true, onFocus, scrolls = true } = options;
  const { ref, focusSelf, focusKey } = useFocusable<object, E>({
    focusKey: name,
    focusable: isEnabled,
    onFocus: () => {
      if (scrolls && ref.current && inputMode() === 'keys') scrollIntoSafeArea(ref.current);
      onFocus?.();
    },
  });
  return {
    ref,
    focusSelf,
    props: {
      tabIndex: isEnabled ? 0 : -1,
      // The library learns of focus it did not set itself: Tab, a click, a screen reader.
      onFocus: () => {
        if (currentFocusKey() !== focusKey) focusSelf();
      },
      onMouseMove: () => {
        if (inputMode() !== 'pointer' || isTextField(document.activeElement)) return;
        if (isEnabled && currentFocusKey() !== focusKey) focusSelf();
      },
    },
  };
}
