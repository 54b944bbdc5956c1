import { useEffect, useState } from 'react';
import { playbackStatusUrl, readPlaybackStatus } from '../../api/endpoints';
import type { PlaybackStatus } from '../../api/types';

const reopenAfterMs = 3000;

/** What the torrent behind a playback is doing, live; null until the first word. */
export function usePlaybackStatus(playbackId: string | null): PlaybackStatus | null {
  const [status, setStatus] = useState<PlaybackStatus | null>(null);

  useEffect(() => {
    setStatus(null);
    if (!playbackId) return;
    let events: EventSource | null = null;
    let timer: number | undefined;
    let isWanted = true;

    const open = () => {
      if (!isWanted) return;
      events = new EventSource(playbackStatusUrl(playbackId));
      events.addEventListener('status', event => setStatus(JSON.parse(event.data)));
      events.onerror = () => {
        // The browser reconnects by itself unless the daemon refused; then the sign-in may have
        // to be renewed, which the plain request does.
        if (events?.readyState !== EventSource.CLOSED) return;
        timer = window.setTimeout(() => {
          readPlaybackStatus(playbackId).then(latest => {
            if (isWanted) setStatus(latest);
            open();
          }, open);
        }, reopenAfterMs);
      };
    };
    open();

    return () => {
      isWanted = false;
      events?.close();
      window.clearTimeout(timer);
    };
  }, [playbackId]);

  return status;
}
