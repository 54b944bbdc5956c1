import { useCallback, useEffect, useRef, useState } from 'react';
import { startPlayback, stopPlayback } from '../../api/endpoints';
import type { Playback } from '../../api/types';
import { forgivenAfterMs, retryDelayMs } from './retry';

/**
 * One intent to watch. It asks the daemon for a stream, asks again when that one breaks, and gives
 * it back when the person leaves.
 */
export type PlaybackPhase =
  | { name: 'starting' }
  | { name: 'ready'; playback: Playback }
  | { name: 'failed'; error: unknown; playback: Playback | null };

export interface PlaybackControl {
  phase: PlaybackPhase;
  /** Starts anew, with a source of the person's choice if given. */
  start: (sourceId?: number) => void;
  /** Asks for the stream again after a fault; gives up after a few tries. */
  recover: (error: unknown) => void;
  fail: (error: unknown) => void;
}

export function usePlayback(movieId: number, firstSourceId?: number): PlaybackControl {
  const [phase, setPhase] = useState<PlaybackPhase>({ name: 'starting' });
  const [order, setOrder] = useState({ sourceId: firstSourceId, delayMs: 0 });
  const held = useRef<Playback | null>(null);
  const faults = useRef({ count: 0, lastAt: 0 });

  useEffect(() => {
    let isWanted = true;
    setPhase({ name: 'starting' });
    const ask = async () => {
      try {
        const playback = await startPlayback(movieId, order.sourceId);
        if (!isWanted) {
          release(playback);
          return;
        }
        held.current = playback;
        setPhase({ name: 'ready', playback });
      } catch (error) {
        if (isWanted) setPhase({ name: 'failed', error, playback: held.current });
      }
    };
    const timer = window.setTimeout(ask, order.delayMs);
    return () => {
      isWanted = false;
      window.clearTimeout(timer);
      if (held.current) release(held.current);
    };
  }, [movieId, order]);

  const start = useCallback((sourceId?: number) => {
    faults.current.count = 0;
    setOrder({ sourceId: sourceId ?? held.current?.source.id, delayMs: 0 });
  }, []);

  const fail = useCallback((error: unknown) => {
    setPhase({ name: 'failed', error, playback: held.current });
  }, []);

  const recover = useCallback(
    (error: unknown) => {
      const now = Date.now();
      if (now - faults.current.lastAt > forgivenAfterMs) faults.current.count = 0;
      const delayMs = retryDelayMs(faults.current.count);
      faults.current = { count: faults.current.count + 1, lastAt: now };
      if (delayMs === null) fail(error);
      else setOrder({ sourceId: held.current?.source.id, delayMs });
    },
    [fail],
  );

  return { phase, start, recover, fail };
}

/** The daemon closes a forgotten playback by itself, so a failure here needs no one's attention. */
function release(playback: Playback): void {
  stopPlayback(playback.id).catch(() => undefined);
}
