import { useEffect } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { leaveWrapper } from './tvPlatform';

/**
 * Every level a person can be on is one history entry, overlays included, so the remote's Back,
 * the browser's Back and Escape all do the same. Each entry knows how many of ours lie beneath.
 */
interface Entry {
  depth: number;
  overlay?: string;
  focus?: FocusNote;
}

/** What had the focus when its screen was left for another, and how far the screen was scrolled. */
export interface FocusNote {
  name: string;
  index: number;
  scroll: number;
}

const home = '/';

function current(): Entry {
  const state: Partial<Entry> | null = window.history.state;
  return { depth: state?.depth ?? 0, overlay: state?.overlay };
}

/** Goes one level down to another screen. */
export function goTo(path: string): void {
  navigate(path, { state: { depth: current().depth + 1 } });
}

/** Swaps the current level for another, as after signing in. */
export function replaceWith(path: string): void {
  navigate(path, { replace: true, state: { depth: current().depth } });
}

/** Goes to a top-level screen: beneath it lies home and nothing else. */
export function goToSection(path: string): void {
  const { depth } = current();
  if (window.location.pathname === path) return;
  if (path !== home && depth === 0) goTo(path);
  else if (path === home && depth > 0) window.history.go(-depth);
  else replaceWith(path);
}

/** Goes one level up: closes the overlay, else leaves the screen, else the app. */
export function goBack(): void {
  if (current().depth > 0) window.history.back();
  else if (window.location.pathname !== home) replaceWith(home);
  else leaveApp();
}

export function leaveApp(): void {
  leaveWrapper();
}

export function openOverlay(overlay: string): void {
  if (current().overlay === overlay) return;
  const entry: Entry = { depth: current().depth + 1, overlay };
  navigate(window.location.pathname + window.location.search, { state: entry });
}

/** Closes the overlay on top and then does what was chosen in it, on the level beneath. */
export function closeOverlayThen(act: () => void): void {
  window.addEventListener('popstate', act, { once: true });
  window.history.back();
}

/** Notes on the current level what has the focus, for when somebody comes back to it. */
export function noteFocus(focus: FocusNote): void {
  window.history.replaceState({ ...window.history.state, focus }, '');
}

export function notedFocus(): FocusNote | undefined {
  return (window.history.state as Partial<Entry> | null)?.focus;
}

export function overlayOf(state: unknown): string | undefined {
  return (state as Partial<Entry> | null)?.overlay;
}

/** A page that was reloaded with an overlay open starts without it, on the same level. */
export function useNoOverlayAtStart(): void {
  useEffect(() => {
    if (current().overlay) window.history.replaceState({ depth: current().depth }, '');
  }, []);
}
