import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { precompress } from './build/precompress.ts';
import { withoutBigInt } from './build/withoutBigInt.ts';
import { withoutImportMeta } from './build/withoutImportMeta.ts';

const daemon = process.env.MIAUFLIX_URL ?? 'http://127.0.0.1:7878';

export default defineConfig({
  base: '/',
  plugins: [react(), withoutImportMeta(), withoutBigInt(), precompress()],
  server: {
    proxy: {
      '/api': { target: daemon, changeOrigin: false },
      '/stream': { target: daemon, changeOrigin: false },
    },
  },
  build: {
    // The oldest engine a supported television runs: Tizen 5.0 (2019).
    target: 'chrome63',
    cssTarget: 'chrome63',
    modulePreload: false,
    // The Content-Security-Policy allows fonts and styles from 'self' only, so nothing may become a data: URL.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // A chunk of their own that runs before all others: shared chunks already use what they add.
        codeSplitting: {
          groups: [{ name: 'polyfills', test: /abortcontroller-polyfill|src\/polyfills/ }],
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
