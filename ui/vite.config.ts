import { svelte } from '@sveltejs/vite-plugin-svelte'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/**
 * The policy the desktop shell applies, used by `vite preview` too, so that a page which would be
 * blocked in the window is blocked in the browser first.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'nonce-preview'",
  "font-src 'self'",
  "img-src 'self' data: tile: http://tile.localhost",
  "connect-src 'self' ipc: http://ipc.localhost",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Does what the shell does with the page's own style element. */
const previewNonce: Plugin = {
  name: 'preview-nonce',
  transformIndexHtml: (html) => html.replace('<style>', '<style nonce="preview">'),
}

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), mode === 'mock' && previewNonce],
  clearScreen: false,
  // The tests mount components, which needs Svelte's browser build.
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  define: { __MOCK_BACKEND__: JSON.stringify(mode !== 'production') },
  server: { port: 1420, strictPort: true, host: '127.0.0.1' },
  preview: {
    port: 1421,
    strictPort: true,
    host: '127.0.0.1',
    headers: { 'Content-Security-Policy': contentSecurityPolicy },
  },
  build: {
    target: ['safari17', 'chrome120'],
    // A data: URL would need a hole in the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    // The gallery of components is for who works on them.
    rolldownOptions: {
      input: mode === 'mock' ? ['index.html', 'gallery.html'] : ['index.html'],
      // Each file costs a request: what the window begins with is one, and what screens share is a few.
      output: {
        // What screens share would be named after all of them.
        chunkFileNames: ({ name }) => `assets/${name.split('~')[0]}-[hash].js`,
        // Two pages in one build would begin with each other's code.
        codeSplitting: mode === 'mock' || {
          groups: [
            { name: 'first', tags: ['$initial'], priority: 2 },
            {
              name: 'shared',
              minShareCount: 2,
              entriesAware: true,
              entriesAwareMergeThreshold: 60_000,
              priority: 1,
            },
          ],
        },
      },
    },
    outDir: mode === 'mock' ? 'dist-mock' : 'dist',
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['vitest.setup.ts'],
    testTimeout: 30_000,
    // What is fetched before the tests of a file is transformed first, which takes a busy machine a while.
    hookTimeout: 60_000,
  },
}))
