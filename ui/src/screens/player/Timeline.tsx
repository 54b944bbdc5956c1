import { useRef } from 'react';
import type { Stretch } from '../../api/types';
import { formatPosition } from '../../format/time';
import { t } from '../../i18n/t';
import { useFocusTarget } from '../../input/useFocusTarget';
import css from './Timeline.module.css';
import type { Scrub } from './useScrub';

interface TimelineProps {
  positionMs: number;
  durationMs: number;
  have: Stretch[];
  scrub: Scrub;
}

/** Played in coral, downloaded in grey, and the head one is about to jump to. */
export function Timeline({ positionMs, durationMs, have, scrub }: TimelineProps) {
  const { ref, props } = useFocusTarget<HTMLDivElement>({ name: 'timeline', scrolls: false });
  const isDragging = useRef(false);
  const shareOf = (ms: number) => (durationMs > 0 ? Math.min(1, Math.max(0, ms / durationMs)) : 0);
  const shown = scrub.target ?? positionMs;

  const pointedAt = (event: React.PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return ((event.clientX - left) / width) * durationMs;
  };

  return (
    <div className={css.line}>
      <span className={css.time}>{formatPosition(shown)}</span>
      <div
        ref={ref}
        {...props}
        tabIndex={0}
        className={css.hit}
        role="slider"
        aria-label={t('player.timeline')}
        aria-valuemin={0}
        aria-valuemax={Math.round(durationMs / 1000)}
        aria-valuenow={Math.round(shown / 1000)}
        aria-valuetext={formatPosition(shown)}
        onPointerDown={event => {
          isDragging.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          scrub.preview(pointedAt(event));
        }}
        onPointerMove={event => {
          if (isDragging.current) scrub.preview(pointedAt(event));
        }}
        onPointerUp={() => {
          if (!isDragging.current) return;
          isDragging.current = false;
          scrub.commit();
        }}
        onPointerCancel={() => {
          isDragging.current = false;
          scrub.cancel();
        }}
      >
        <div className={css.bar}>
          {have.map(({ from, to }) => (
            <span
              key={from}
              className={css.have}
              style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
            />
          ))}
          <span className={css.played} style={{ transform: `scaleX(${shareOf(positionMs)})` }} />
        </div>
        <span className={css.head} style={{ left: `${shareOf(shown) * 100}%` }}>
          {scrub.target !== null && (
            <span className={css.preview}>
              {formatPosition(scrub.target)}
              <span className={css.delta}>{deltaText(scrub.target - scrub.originMs)}</span>
            </span>
          )}
        </span>
      </div>
      <span className={css.time}>{formatPosition(durationMs)}</span>
    </div>
  );
}

function deltaText(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${formatPosition(Math.abs(ms))}`;
}
