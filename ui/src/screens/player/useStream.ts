import { type RefObject, useEffect, useRef } from 'react';
import type { Playback } from '../../api/types';
import { PlayerError } from './PlayerFailure';

interface StreamOptions {
  video: RefObject<HTMLVideoElement | null>;
  playback: Playback;
  position: RefObject<number | null>;
  onStarted: () => void;
  onFault: (error: unknown) => void;
  onGiveUp: (error: unknown) => void;
  onEnded: () => void;
}

const watchdogMs = 3000;
/** A film left this close to its end starts over. */
const endMarginS = 5;

/** Starts the video where the person left it, and notices when it breaks, loudly or silently. */
export function useStream(options: StreamOptions): void {
  const latest = useRef(options);
  latest.current = options;
  const { video, playback, position } = options;

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let watchdog: number | undefined;
    let isGone = false;

    const onMetadata = () => {
      const startS = (position.current ?? playback.resume_position_ms) / 1000;
      if (startS > 0 && !(startS > element.duration - endMarginS)) element.currentTime = startS;
      element.play().catch(error => {
        // Without a press first, a browser may refuse to play; the display then shows Play.
        if (error.name === 'NotAllowedError') latest.current.onStarted();
      });
    };
    const onTime = () => {
      // An emptied element reports 0, which is not where the person was.
      if (!element.seeking && element.readyState > 0) position.current = element.currentTime * 1000;
    };
    const onPlaying = () => {
      latest.current.onStarted();
      window.clearTimeout(watchdog);
      // Some engines play a codec they cannot show without raising any error.
      watchdog = window.setTimeout(() => {
        if (element.videoWidth === 0) latest.current.onGiveUp(new PlayerError('no_picture'));
      }, watchdogMs);
    };
    const onError = async () => {
      const isUnsupported = element.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED;
      const isThere = isUnsupported && (await answers(playback.stream_url));
      if (isGone) return;
      if (isThere) latest.current.onGiveUp(new PlayerError('undecodable'));
      else latest.current.onFault(new PlayerError('broken'));
    };
    const onEnded = () => latest.current.onEnded();

    element.addEventListener('loadedmetadata', onMetadata);
    element.addEventListener('timeupdate', onTime);
    element.addEventListener('playing', onPlaying);
    element.addEventListener('error', onError);
    element.addEventListener('ended', onEnded);
    return () => {
      isGone = true;
      window.clearTimeout(watchdog);
      element.removeEventListener('loadedmetadata', onMetadata);
      element.removeEventListener('timeupdate', onTime);
      element.removeEventListener('playing', onPlaying);
      element.removeEventListener('error', onError);
      element.removeEventListener('ended', onEnded);
      // Lets go of the connection at once; removal from the page alone may keep it open.
      element.removeAttribute('src');
      element.load();
    };
  }, [video, playback, position]);
}

/** Tells a stream that is gone or refused from one the engine cannot decode; both raise one error. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { method: 'HEAD' })).ok;
  } catch {
    return false;
  }
}
