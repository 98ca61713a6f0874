import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^lenet\/node$/, replacement: source('packages/lenet/src/node/index.ts') },
      { find: /^lenet\/layers$/, replacement: source('packages/lenet/src/layers/own.ts') },
      { find: /^lenet\/zh$/, replacement: source('packages/lenet/src/zh/translate.ts') },
      { find: /^lenet$/, replacement: source('packages/lenet/src/index.ts') },
    ],
  },
  test: {
    testTimeout: 60_000,
    // What a page shows comes when the processors have time for it.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    // The tests of pages wait more than they compute: one file beside another, also where there are but two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Modules that tests compile are kept from one run to the next, and are none of the user's.
    env: { XDG_CACHE_HOME: source('node_modules/.cache/xdg') },
    projects: [
      // The library keeps nothing between two files: its sources are loaded once for all of them.
      { extends: true, test: { name: 'library', include: ['packages/lenet/src/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: { name: 'command and pages', include: ['packages/cli/src/**/*.test.ts', 'test/**/*.test.ts'] },
      },
    ],
  },
})
