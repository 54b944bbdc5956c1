/** Five steps from night to light, all grown from the two tint colours the daemon gives a title. */
export interface Palette {
  night: string;
  deep: string;
  mid: string;
  glow: string;
  light: string;
  /** The second tint, lifted until it can stand beside the first. */
  other: string;
}

interface Hsl {
  h: number;
  s: number;
  l: number;
}

export function paletteOf([first, second]: [string, string]): Palette {
  const a = toHsl(first);
  const b = toHsl(second);
  const vivid = clamp(a.s * 1.5, 0.4, 0.8);
  return {
    night: css({ h: b.h, s: clamp(b.s, 0.25, 0.6), l: 0.08 }),
    deep: css({ h: b.h, s: clamp(b.s * 1.1, 0.3, 0.65), l: 0.17 }),
    mid: css({ h: a.h, s: vivid, l: 0.34 }),
    glow: css({ h: a.h, s: clamp(vivid + 0.12, 0, 0.9), l: 0.58 }),
    light: css({ h: a.h + 14, s: clamp(vivid + 0.15, 0, 0.95), l: 0.78 }),
    other: css({ h: b.h, s: clamp(b.s * 1.3, 0.35, 0.7), l: 0.42 }),
  };
}

function toHsl(hex: string): Hsl {
  const value = Number.parseInt(hex.replace('#', ''), 16) || 0;
  const [r, g, b] = [(value >> 16) & 255, (value >> 8) & 255, value & 255].map(c => c / 255) as [
    number,
    number,
    number,
  ];
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const l = (max + min) / 2;
  const d = max - min;
  if (d === 0) return { h: 0, s: 0, l };
  const s = d / (1 - Math.abs(2 * l - 1));
  const sector = max === r ? ((g - b) / d) % 6 : max === g ? (b - r) / d + 2 : (r - g) / d + 4;
  return { h: sector * 60, s, l };
}

function css({ h, s, l }: Hsl): string {
  return `hsl(${Math.round((h + 360) % 360)}, ${Math.round(s * 100)}%, ${Math.round(l * 100)}%)`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
