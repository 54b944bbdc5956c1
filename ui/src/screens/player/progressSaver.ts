/** Decides when a position is worth saving: every ten seconds of watching, and at every turn. */
export interface ProgressSaver {
  /** The film went on to this position. */
  watched: (positionMs: number, durationMs: number) => void;
  /** Something ended here: a pause, a seek, the visit itself. */
  settle: (positionMs: number, durationMs: number, isLast?: boolean) => void;
}

interface SaverOptions {
  save: (positionMs: number, durationMs: number, keepalive: boolean) => void;
  now: () => number;
}

const everyMs = 10_000;
/** Below this a position is the same one, and saving it again would be noise. */
const sameWithinMs = 500;

export function createProgressSaver({ save, now }: SaverOptions): ProgressSaver {
  let savedAt = now();
  let savedPosition: number | null = null;

  const put = (positionMs: number, durationMs: number, keepalive: boolean) => {
    if (!Number.isFinite(durationMs) || durationMs <= 0) return;
    if (savedPosition !== null && Math.abs(positionMs - savedPosition) < sameWithinMs) return;
    savedAt = now();
    savedPosition = positionMs;
    save(Math.round(positionMs), Math.round(durationMs), keepalive);
  };

  return {
    watched: (positionMs, durationMs) => {
      if (now() - savedAt >= everyMs) put(positionMs, durationMs, false);
    },
    settle: (positionMs, durationMs, isLast = false) => put(positionMs, durationMs, isLast),
  };
}
