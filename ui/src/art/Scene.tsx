import { memo, useId } from 'react';
import { compositionFor } from './compositions';
import { paletteOf } from './palette';
import { randomOf } from './seed';

interface SceneProps {
  /** Which scene to draw. */
  scene: number;
  /** The same text gives the same shapes, everywhere and always. */
  seed: string;
  tint: [string, string];
  className?: string;
}

/** The picture of a title that has none: one of a few scenes in the title's own colours. */
export const Scene = memo(function Scene({ scene, seed, tint, className }: SceneProps) {
  const id = useId().replace(/[^\w-]/g, '');
  const p = paletteOf(tint);
  const random = randomOf(seed);
  const compose = compositionFor(scene);
  return (
    <svg
      className={className}
      viewBox="0 0 640 360"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden
    >
      <defs>
        <linearGradient id={`${id}-sky`} x1="0" y1="1" x2="0.7" y2="0">
          <stop offset="0" stopColor={p.night} />
          <stop offset="0.55" stopColor={p.deep} />
          <stop offset="1" stopColor={p.mid} />
        </linearGradient>
        <radialGradient id={`${id}-halo`}>
          <stop offset="0" stopColor={p.glow} stopOpacity="0.55" />
          <stop offset="1" stopColor={p.glow} stopOpacity="0" />
        </radialGradient>
        <linearGradient id={`${id}-sun`} x1="0" y1="0" x2="0.4" y2="1">
          <stop offset="0" stopColor={p.light} />
          <stop offset="1" stopColor={p.glow} />
        </linearGradient>
        <linearGradient id={`${id}-beam`} x1="1" y1="0" x2="0" y2="0">
          <stop offset="0" stopColor={p.light} stopOpacity="0.75" />
          <stop offset="1" stopColor={p.glow} stopOpacity="0" />
        </linearGradient>
        <linearGradient id={`${id}-beam-other`} x1="1" y1="0" x2="0" y2="0">
          <stop offset="0" stopColor={p.glow} stopOpacity="0.6" />
          <stop offset="1" stopColor={p.other} stopOpacity="0" />
        </linearGradient>
      </defs>
      <rect width="640" height="360" fill={`url(#${id}-sky)`} />
      {compose(p, random, id)}
    </svg>
  );
});
