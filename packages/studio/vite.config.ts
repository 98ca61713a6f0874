// The page as a static folder: relative addresses, so that it works below any path.
import { defineConfig } from 'vite'
import { earlyWorker } from './build/early-worker.ts'
import { sampleData } from './build/sample-data.ts'
import { serviceWorker } from './build/service-worker.ts'

export default defineConfig({
  base: './',
  plugins: [earlyWorker(), sampleData(), serviceWorker()],
  worker: { format: 'es' },
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 400 },
  server: {
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
})
