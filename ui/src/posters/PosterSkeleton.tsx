import { useRef } from 'react';
import { Bone, useIsSlow } from '../components/Skeleton';
import { t } from '../i18n/t';
import css from './PosterSkeleton.module.css';
import { useGridWindow } from './useGridWindow';

const rows = 2;

/** The grid's shapes in their places, while its titles are on their way. */
export function PosterSkeleton({ gap }: { gap: number }) {
  const frame = useRef<HTMLDivElement>(null);
  const isSlow = useIsSlow();
  const { metrics } = useGridWindow(frame, 0, gap);
  const bones = metrics ? Array.from({ length: metrics.columns * rows }, (_, index) => index) : [];
  return (
    <div ref={frame} className={css.frame} role="status" aria-label={t('loading')}>
      {isSlow &&
        metrics &&
        bones.map(index => (
          <div
            key={index}
            className={css.slot}
            style={{
              top: `${Math.floor(index / metrics.columns) * metrics.rowPitch}rem`,
              left: `${(index % metrics.columns) * metrics.columnPitch}rem`,
            }}
          >
            <Bone
              width={`${metrics.cardWidth}rem`}
              height={`${metrics.posterHeight}rem`}
              style={{ marginBottom: '1.25rem', maxWidth: 'none' }}
            />
            <Bone
              width={`${metrics.cardWidth * 0.72}rem`}
              height="1.25rem"
              style={{ borderRadius: '0.375rem' }}
            />
          </div>
        ))}
    </div>
  );
}
