import type { Plugin } from 'vite';

const preloadHelper =
  /import\.meta\.resolve\s*\?\s*new URL\(import\.meta\.resolve\((\w+)\)\)\s*:\s*new URL\(\1,\s*import\.meta\.url\)/g;

/**
 * Keeps `import.meta` out of the output: Chromium 63 fails to parse it, which would leave the
 * television on a blank page. Vite's preload helper resolves addresses by it that are already absolute
 * under our base, so the page's own address does as well.
 */
export function withoutImportMeta(): Plugin {
  return {
    name: 'miauflix:without-import-meta',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        file.code = file.code.replace(preloadHelper, 'new URL($1,document.baseURI)');
        if (file.code.includes('import.meta')) {
          this.error(`${file.fileName} still holds import.meta`);
        }
      }
    },
  };
}
