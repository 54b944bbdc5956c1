/**
 * How far one press of ← or → moves while looking for a place. A short press is ten seconds; a
 * held key goes further the longer it is held.
 */
export interface SeekRun {
  direction: 1 | -1;
  startedAt: number;
  steppedAt: number;
}

interface Press {
  direction: 1 | -1;
  at: number;
  /** The key is still down from the press before. */
  isHeld: boolean;
}

const heldStepEveryMs = 120;
const steps = [
  { heldMs: 0, seconds: 10 },
  { heldMs: 1000, seconds: 30 },
  { heldMs: 2500, seconds: 60 },
  { heldMs: 5000, seconds: 120 },
];

export function stepSeconds(heldMs: number): number {
  return steps.reduce((chosen, step) => (heldMs >= step.heldMs ? step.seconds : chosen), 10);
}

/** The run after a press, and the milliseconds it moves; 0 while a held key repeats too fast. */
export function pressSeek(run: SeekRun | null, press: Press): { run: SeekRun; deltaMs: number } {
  const { direction, at, isHeld } = press;
  if (!run || !isHeld || run.direction !== direction) {
    const started = { direction, startedAt: at, steppedAt: at };
    return { run: started, deltaMs: direction * stepSeconds(0) * 1000 };
  }
  if (at - run.steppedAt < heldStepEveryMs) return { run, deltaMs: 0 };
  const seconds = stepSeconds(at - run.startedAt);
  return { run: { ...run, steppedAt: at }, deltaMs: direction * seconds * 1000 };
}
