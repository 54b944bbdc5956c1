import { type RefObject, useEffect, useState } from 'react';

export interface VideoState {
  positionMs: number;
  durationMs: number;
  isPaused: boolean;
  /** It wants to play and has nothing to show. */
  isWaiting: boolean;
  /** At least one frame has been shown since the source was set. */
  hasStarted: boolean;
  rate: number;
  isMuted: boolean;
}

const nothingYet: VideoState = {
  positionMs: 0,
  durationMs: 0,
  isPaused: true,
  isWaiting: true,
  hasStarted: false,
  rate: 1,
  isMuted: false,
};

const events = [
  'loadedmetadata',
  'durationchange',
  'timeupdate',
  'play',
  'pause',
  'playing',
  'waiting',
  'seeking',
  'seeked',
  'ratechange',
  'volumechange',
  'emptied',
] as const;

/** The state of a video element, as React state. */
export function useVideo(
  video: RefObject<HTMLVideoElement | null>,
  source: string | null,
): VideoState {
  const [state, setState] = useState(nothingYet);

  useEffect(() => {
    const element = video.current;
    if (!element || !source) return;
    const read = (event: Event) => {
      setState(before => ({
        positionMs: element.currentTime * 1000,
        durationMs: Number.isFinite(element.duration) ? element.duration * 1000 : 0,
        isPaused: element.paused,
        isWaiting: waits(event.type, before.isWaiting),
        hasStarted:
          event.type === 'emptied' ? false : before.hasStarted || event.type === 'playing',
        rate: element.playbackRate,
        isMuted: element.muted,
      }));
    };
    for (const name of events) element.addEventListener(name, read);
    return () => {
      for (const name of events) element.removeEventListener(name, read);
    };
  }, [video, source]);

  return state;
}

function waits(event: string, before: boolean): boolean {
  if (event === 'waiting' || event === 'seeking' || event === 'emptied') return true;
  return event === 'playing' || event === 'seeked' || event === 'timeupdate' ? false : before;
}
