// The worker that looks starts in the page's head, and with the first model, while the page's own code is still being read.
import type { Plugin } from 'vite'

const MARK = '/* the worker */'

export function earlyWorker(): Plugin {
  return {
    name: 'early-worker',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle }) => {
        const file = Object.keys(bundle!).find((name) => /seer-[^/]+\.js$/.test(name))
        if (file === undefined || !html.includes(MARK)) throw new Error('early-worker: no worker, or no place for it')
        return html.replace(
          MARK,
          `var seerWorker = new Worker('./${file}', { type: 'module' })
      seerWorker.postMessage({ id: -1, name: 'first', args: firstModel })`,
        )
      },
    },
  }
}
