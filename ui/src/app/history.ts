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

export function overlayOf(state: unknown): string | undefined {
  return (state as Partial<Entry> | null)?.overlay;
}

/** A page that was reloaded with an overlay open starts without it, on the same level. */
export function useNoOverlayAtStart(): void {
  useEffect(() => {
    if (current().overlay) window.history.replaceState({ depth: current().depth }, '');
  }, []);
}
