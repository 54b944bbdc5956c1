import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const tokens = readFileSync(resolve(process.cwd(), 'src/design/tokens.css'), 'utf8');

function token(name: string): string {
  const match = new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`).exec(tokens);
  if (!match?.[1]) throw new Error(`no colour token --${name}`);
  return match[1];
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map(start => {
    const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test.each(['ink', 'ink-2', 'ink-3', 'accent', 'ok', 'warn', 'danger'])(
  '%s can be read on the base and on raised surfaces',
  name => {
    expect(contrast(token(name), token('base'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(token(name), token('raised'))).toBeGreaterThanOrEqual(4.5);
  },
);

test('body text reaches seven to one', () => {
  expect(contrast(token('ink'), token('base'))).toBeGreaterThanOrEqual(7);
  expect(contrast(token('ink-2'), token('base'))).toBeGreaterThanOrEqual(7);
});

test('text on the accent and on a focused button can be read', () => {
  expect(contrast(token('on-accent'), token('accent'))).toBeGreaterThanOrEqual(4.5);
  expect(contrast(token('base'), '#ffffff')).toBeGreaterThanOrEqual(4.5);
});
