import type { Plugin } from 'vite';

const comparison = /typeof ([\w$.]+)\s*===?\s*[`"']bigint[`"']/g;

/**
 * Answers `typeof x === "bigint"` with no. Optimising that comparison kills Chromium 64 ("unimplemented
 * code"), and React makes it for every attribute it sets; the app itself has no such numbers.
 */
export function withoutBigInt(): Plugin {
  return {
    name: 'miauflix:without-bigint',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') file.code = file.code.replace(comparison, '!1');
      }
    },
  };
}
