// The worker that looks starts in the page's head, while the page's own code is still being read.
import type { Plugin } from 'vite'

export function earlyWorker(): Plugin {
  return {
    name: 'early-worker',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) => {
        const file = Object.keys(bundle!).find((name) => /seer-[^/]+\.js$/.test(name))
        if (file === undefined) throw new Error('early-worker: the build has no file of the worker')
        return [
          {
            tag: 'script',
            children: `var seerWorker = new Worker('./${file}', { type: 'module' })`,
            injectTo: 'head-prepend',
          },
        ]
      },
    },
  }
}
