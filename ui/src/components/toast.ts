import { useSyncExternalStore } from 'react';

/** Short messages that pass by themselves; never focusable, so nothing in them may be needed. */
const shownForMs = 5000;
const listeners = new Set<() => void>();
let message: string | null = null;
let timer: number | undefined;

export function toast(text: string): void {
  show(text);
  window.clearTimeout(timer);
  timer = window.setTimeout(() => show(null), shownForMs);
}

export function useToast(): string | null {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => message,
  );
}

function show(next: string | null): void {
  message = next;
  for (const listener of listeners) listener();
}
