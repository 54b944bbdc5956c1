import {
  doesFocusableExist,
  type FocusableComponent,
  type FocusableComponentLayout,
  getCurrentFocusKey,
  init,
  navigateByDirection,
  setFocus,
} from '@noriginmedia/norigin-spatial-navigation';
import type { Arrow } from './keys';

/** Starts the spatial navigation; the app owns the key listener, so the library gets none. */
export function initFocus(): void {
  init({
    shouldFocusDOMNode: true,
    shouldUseNativeEvents: true,
    domNodeFocusOptions: { preventScroll: true },
    layoutAdapter: {
      addEventListeners: () => undefined,
      removeEventListeners: () => undefined,
      measureLayout: async component => layoutOf(component),
    },
  });
}

export function moveFocus(direction: Arrow): void {
  navigateByDirection(direction);
}

export function focusKey(key: string): void {
  setFocus(key);
}

/** Empty before anything had the focus. */
export function currentFocusKey(): string {
  return getCurrentFocusKey() ?? '';
}

/** Puts the focus back on something real when the element that had it is gone. */
export function rescueFocus(): void {
  const active = document.activeElement;
  if (active && active !== document.body) return;
  const current = getCurrentFocusKey();
  setFocus(doesFocusableExist(current) ? current : 'screen');
}

/**
 * Where things are for the arrows. The navigation and the screen overlap in pixels (the rail opens
 * over the art, a desktop page scrolls under its bar), so those two get the places they stand for.
 */
function layoutOf(component: FocusableComponent): FocusableComponentLayout {
  const { node } = component;
  const { innerWidth: width, innerHeight: height } = window;
  if (component.focusKey === 'screen') return box(node, 0, 0, width, height);
  if (component.focusKey === 'nav') {
    const layout = document.documentElement.dataset.layout;
    if (layout === 'tv') return box(node, -100, 0, 100, height);
    return box(node, 0, layout === 'desktop' ? -100 : height, width, 100);
  }
  const rect = node.getBoundingClientRect();
  return box(node, rect.left, rect.top, rect.width, rect.height);
}

function box(node: HTMLElement, left: number, top: number, width: number, height: number) {
  return {
    x: left,
    y: top,
    left,
    top,
    right: left + width,
    bottom: top + height,
    width,
    height,
    node,
  };
}
