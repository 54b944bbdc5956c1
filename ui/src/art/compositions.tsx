import type { ReactNode } from 'react';
import type { Palette } from './palette';
import { between, type Random } from './seed';

/**
 * Scenes on a 640×360 canvas, drawn from shapes alone. Each keeps its weight right of the middle
 * and above the lower third: the title stands bottom left.
 */
export type Composition = (palette: Palette, random: Random, id: string) => ReactNode;

const dunes: Composition = (p, random, id) => {
  const sunX = between(random, 400, 500);
  const sunY = between(random, 120, 165);
  const radius = between(random, 66, 92);
  const ridges = [p.other, p.mid, p.deep, p.night].map((fill, i) => {
    const y = 208 + i * 40;
    const [c1, c2, c3] = [
      between(random, -46, 26),
      between(random, -40, 40),
      between(random, -26, 34),
    ];
    return (
      <path
        key={fill}
        fill={fill}
        opacity={0.92}
        d={`M0 ${y + c1} C 160 ${y + c2 - 40}, 300 ${y + c3 + 36}, 430 ${y - c2} S 600 ${y + c1 - 22}, 640 ${y + c3} V360 H0 Z`}
      />
    );
  });
  return (
    <>
      <circle cx={sunX} cy={sunY} r={radius * 2.6} fill={`url(#${id}-halo)`} />
      <circle cx={sunX} cy={sunY} r={radius} fill={`url(#${id}-sun)`} />
      {ridges}
    </>
  );
};

const arcs: Composition = (p, random, id) => {
  const x = between(random, 470, 600);
  const y = between(random, -10, 70);
  const step = between(random, 40, 54);
  const fills = [p.light, p.glow, p.mid, p.other, p.deep];
  return (
    <>
      <circle cx={x} cy={y} r={step * 8} fill={`url(#${id}-halo)`} />
      {fills
        .map((fill, i) => (
          <circle
            key={fill}
            cx={x}
            cy={y}
            r={step * (i + 1.2)}
            fill={fill}
            opacity={0.94 - i * 0.14}
          />
        ))
        .reverse()}
      <circle cx={x} cy={y} r={step * 6.9} fill="none" stroke={p.glow} strokeOpacity={0.3} />
      <circle cx={x} cy={y} r={step * 8.3} fill="none" stroke={p.glow} strokeOpacity={0.16} />
    </>
  );
};

const projector: Composition = (p, random, id) => {
  const x = between(random, 560, 620);
  const y = between(random, 30, 110);
  const beams = [0, 1, 2, 3].map(i => {
    const from = between(random, 40, 130) + i * 78;
    const width = between(random, 26, 62);
    return (
      <polygon
        key={from}
        points={`${x},${y} -60,${from} -60,${from + width}`}
        fill={i % 2 === 0 ? `url(#${id}-beam)` : `url(#${id}-beam-other)`}
      />
    );
  });
  return (
    <>
      <circle cx={x} cy={y} r={300} fill={`url(#${id}-halo)`} />
      {beams}
      <circle
        cx={x}
        cy={y}
        r={48}
        fill="none"
        stroke={p.light}
        strokeOpacity={0.35}
        strokeWidth={1.5}
      />
      <circle cx={x} cy={y} r={27} fill={p.light} />
      <circle cx={x} cy={y} r={11} fill={p.night} />
    </>
  );
};

const tides: Composition = (p, random, id) => {
  const lift = between(random, -26, 30);
  const swell = between(random, 30, 58);
  const lines = [p.light, p.glow, p.mid, p.other, p.deep, p.night].map((fill, i) => {
    const y = 92 + lift + i * 48;
    return (
      <path
        key={fill}
        fill={fill}
        opacity={i === 0 ? 0.85 : 0.96}
        d={`M0 ${y + 120 - i * 8} C 150 ${y + 140}, 250 ${y + swell}, 380 ${y} S 560 ${y - swell}, 640 ${y - swell * 1.4 + i * 6} V360 H0 Z`}
      />
    );
  });
  return (
    <>
      <circle cx={470} cy={60} r={260} fill={`url(#${id}-halo)`} />
      {lines}
    </>
  );
};

const orbits: Composition = (p, random, id) => {
  const x = between(random, 420, 500);
  const y = between(random, 130, 180);
  const tilt = between(random, -28, -8);
  const rings = [92, 134, 188, 252].map((r, i) => (
    <ellipse
      key={r}
      cx={x}
      cy={y}
      rx={r}
      ry={r * 0.36}
      fill="none"
      stroke={i % 2 ? p.glow : p.other}
      strokeWidth={i === 1 ? 5 : 1.5}
      strokeOpacity={0.85 - i * 0.16}
    />
  ));
  const stars = Array.from({ length: 26 }, (_, i) => (
    <circle
      key={String(i)}
      cx={between(random, 10, 630)}
      cy={between(random, 8, 330)}
      r={between(random, 0.5, 1.7)}
      fill={p.light}
      opacity={between(random, 0.3, 0.9)}
    />
  ));
  return (
    <>
      {stars}
      <circle cx={x} cy={y} r={240} fill={`url(#${id}-halo)`} />
      <g transform={`rotate(${tilt} ${x} ${y})`}>{rings}</g>
      <circle cx={x} cy={y} r={64} fill={`url(#${id}-sun)`} />
      <g transform={`rotate(${tilt} ${x} ${y})`}>
        <path
          d={`M${x - 134} ${y} A134 48.2 0 0 0 ${x + 134} ${y}`}
          fill="none"
          stroke={p.glow}
          strokeWidth={5}
        />
        <circle cx={x + 178} cy={y + 22} r={9} fill={p.light} />
      </g>
    </>
  );
};

const peaks: Composition = (p, random, id) => {
  const top = between(random, 400, 480);
  const y = between(random, 62, 96);
  const second = between(random, 210, 270);
  return (
    <>
      <circle cx={top - 120} cy={y + 24} r={210} fill={`url(#${id}-halo)`} />
      <circle cx={top - 126} cy={y + 28} r={44} fill={p.light} opacity={0.92} />
      <polygon
        points={`${second},176 ${second + 250},360 ${second - 260},360`}
        fill={p.other}
        opacity={0.75}
      />
      <polygon points={`${top},${y} ${top + 250},360 ${top - 240},360`} fill={p.mid} />
      <polygon
        points={`${top},${y} ${top + 250},360 ${top + 30},360 ${top - 18},${y + 120}`}
        fill={p.deep}
      />
      <polygon
        points={`${top},${y} ${top - 52},${y + 65} ${top - 22},${y + 52} ${top - 6},${y + 84} ${top + 34},${y + 40}`}
        fill={p.light}
      />
      <polygon points={`0,300 130,232 300,330 420,270 640,336 640,360 0,360`} fill={p.night} />
    </>
  );
};

const all = [dunes, tides, peaks, orbits, projector, arcs];

/** Titles added one after the other get different scenes. */
export function compositionFor(id: number): Composition {
  return all[id % all.length] ?? dunes;
}
