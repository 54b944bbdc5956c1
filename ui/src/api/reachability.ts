import { useSyncExternalStore } from 'react';

/**
 * Whether the daemon answered last time. Every request reports here; while it is unreachable one
 * probe runs every few seconds, and the listeners hear when it is back.
 */
const probeEveryMs = 5000;
const listeners = new Set<() => void>();
let reachable = true;
let probe: number | undefined;

export function reportReachable(): void {
  set(true);
}

export function reportUnreachable(): void {
  set(false);
}

export function onReachabilityChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function isReachable(): boolean {
  return reachable;
}

export function useReachable(): boolean {
  return useSyncExternalStore(onReachabilityChange, isReachable);
}

function set(next: boolean): void {
  if (reachable === next) return;
  reachable = next;
  window.clearInterval(probe);
  if (!next) probe = window.setInterval(knock, probeEveryMs);
  for (const listener of listeners) listener();
}

function knock(): void {
  fetch('/api/v1/health').then(reportReachable, () => undefined);
}
