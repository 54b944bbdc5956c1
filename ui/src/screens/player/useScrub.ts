import { useEffect, useRef, useState } from 'react';
import { keyOf } from '../../input/keys';
import { pressSeek, type SeekRun } from './seekRun';

/** A film is not sought while the key is down; only once the person has settled. */
const settleMs = 400;
/** Some remotes never report a key's release. */
const noReleaseMs = 1000;

interface ScrubOptions {
  durationMs: number;
  positionMs: () => number;
  onSeek: (ms: number) => void;
}

export interface Scrub {
  /** Where the preview head stands, or null when nobody is looking for a place. */
  target: number | null;
  /** Where the film was when the looking began. */
  originMs: number;
  step: (direction: 1 | -1, isRepeat?: boolean) => void;
  preview: (ms: number) => void;
  commit: () => void;
  cancel: () => void;
}

export function useScrub({ durationMs, positionMs, onSeek }: ScrubOptions): Scrub {
  const [target, setTarget] = useState<number | null>(null);
  const [originMs, setOriginMs] = useState(0);
  const latest = useRef(target);
  const run = useRef<SeekRun | null>(null);
  const isDown = useRef(false);
  const timer = useRef<number | undefined>(undefined);

  const move = (ms: number | null) => {
    if (latest.current === null) setOriginMs(positionMs());
    latest.current = ms;
    setTarget(ms);
  };

  const cancel = () => {
    window.clearTimeout(timer.current);
    run.current = null;
    isDown.current = false;
    move(null);
  };

  const commit = () => {
    const ms = latest.current;
    cancel();
    if (ms !== null) onSeek(ms);
  };
  const latestCommit = useRef(commit);
  latestCommit.current = commit;

  const settleIn = (ms: number) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => latestCommit.current(), ms);
  };
  const latestSettle = useRef(settleIn);
  latestSettle.current = settleIn;

  useEffect(() => {
    const onKeyUp = (event: KeyboardEvent) => {
      const key = keyOf(event);
      if (!isDown.current || key === 'ok' || key === 'back') return;
      isDown.current = false;
      latestSettle.current(settleMs);
    };
    window.addEventListener('keyup', onKeyUp);
    return () => {
      window.removeEventListener('keyup', onKeyUp);
      window.clearTimeout(timer.current);
    };
  }, []);

  const clamp = (ms: number) => Math.max(0, Math.min(ms, Math.max(0, durationMs - 1000)));

  return {
    target,
    originMs,
    step: (direction, isRepeat = false) => {
      const isHeld = isRepeat || isDown.current;
      const pressed = pressSeek(run.current, { direction, at: performance.now(), isHeld });
      run.current = pressed.run;
      isDown.current = true;
      settleIn(noReleaseMs);
      if (pressed.deltaMs !== 0) move(clamp((latest.current ?? positionMs()) + pressed.deltaMs));
    },
    preview: ms => {
      window.clearTimeout(timer.current);
      move(clamp(ms));
    },
    commit,
    cancel,
  };
}
