// The size gate: what a television must download before the first focusable frame, gzipped.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = { initialJs: 130, css: 15, lazyRoute: 35, fonts: 75 };
const kb = bytes => bytes / 1024;
const gz = path => kb(gzipSync(readFileSync(path), { level: 9 }).length);

const html = readFileSync('dist/index.html', 'utf8');
const assets = readdirSync('dist/assets');
const initial = new Set([...html.matchAll(/\/assets\/([^"]+\.js)"/g)].map(match => match[1]));
// Chunks the entry imports statically load with it, so they count as initial.
for (const name of initial) {
  const code = readFileSync(`dist/assets/${name}`, 'utf8');
  for (const [, imported] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
    initial.add(imported);
}

const total = names => names.reduce((sum, name) => sum + gz(`dist/assets/${name}`), 0);
const isInitialCss = name => html.includes(name);
const checks = [
  ['initial JS', total([...initial]), budget.initialJs],
  ['initial CSS', total(assets.filter(n => n.endsWith('.css') && isInitialCss(n))), budget.css],
  ['fonts', total(assets.filter(n => n.endsWith('.woff2'))), budget.fonts],
  ...assets
    .filter(name => name.endsWith('.js') && !initial.has(name))
    .map(name => [`lazy ${name}`, gz(`dist/assets/${name}`), budget.lazyRoute]),
];

for (const [what, size, limit] of checks) {
  const verdict = size <= limit ? 'ok  ' : 'OVER';
  console.log(`${verdict} ${size.toFixed(1).padStart(6)} of ${limit} KB  ${what}`);
  if (size > limit) process.exitCode = 1;
}
