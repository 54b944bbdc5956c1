import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { saveProgress } from '../../api/endpoints';
import { keys } from '../../api/queries';
import type { MovieDetail, Progress } from '../../api/types';
import { isTelevision } from '../../app/tvPlatform';
import { createProgressSaver, type ProgressSaver } from './progressSaver';

/**
 * Saves where the person is: while watching, at each pause, and last of all when the page or the
 * film goes away.
 */
export function useProgress(
  movieId: number,
  video: RefObject<HTMLVideoElement | null>,
  durationMs: number,
  hasStarted: boolean,
): ProgressSaver {
  const queryClient = useQueryClient();
  const saver = useMemo(() => {
    const remember = (progress: Progress) => {
      queryClient.setQueryData<MovieDetail>(
        keys.movie(movieId),
        movie => movie && { ...movie, progress },
      );
      queryClient.invalidateQueries({ queryKey: keys.home });
    };
    return createProgressSaver({
      now: () => Date.now(),
      save: (position_ms, duration_ms, keepalive) => {
        // A lost save costs ten seconds at most: the next one carries the newer position.
        saveProgress(movieId, { position_ms, duration_ms }, keepalive).then(
          remember,
          () => undefined,
        );
      },
    });
  }, [movieId, queryClient]);

  const duration = useRef(durationMs);
  duration.current = durationMs;

  useEffect(() => {
    const element = video.current;
    if (!element || !hasStarted) return;
    // Kept aside because on leaving the element may already have been emptied.
    let positionMs = element.currentTime * 1000;
    const settle = (isLast: boolean) => saver.settle(positionMs, duration.current, isLast);

    const onTime = () => {
      positionMs = element.currentTime * 1000;
      if (!element.paused) saver.watched(positionMs, duration.current);
    };
    const onPause = () => settle(false);
    const onHide = () => {
      if (document.visibilityState !== 'hidden') return;
      // A television may kill a hidden app at any moment.
      if (isTelevision()) element.pause();
      settle(true);
    };
    const onPageHide = () => settle(true);

    element.addEventListener('timeupdate', onTime);
    element.addEventListener('pause', onPause);
    document.addEventListener('visibilitychange', onHide);
    window.addEventListener('pagehide', onPageHide);
    return () => {
      element.removeEventListener('timeupdate', onTime);
      element.removeEventListener('pause', onPause);
      document.removeEventListener('visibilitychange', onHide);
      window.removeEventListener('pagehide', onPageHide);
      settle(true);
    };
  }, [video, saver, hasStarted]);

  return saver;
}
