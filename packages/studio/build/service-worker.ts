// Writes the service worker, which knows by name what the page consists of.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export function serviceWorker(): Plugin {
  let root = ''
  return {
    name: 'service-worker',
    configResolved: (config) => {
      root = config.root
    },
    async generateBundle(_, bundle) {
      const files = ['./', './lenet.safetensors', './icon.svg', ...Object.keys(bundle).map((name) => `./${name}`)]
      const contents = Object.values(bundle).map((part) => ('code' in part ? part.code : part.source))
      const version = createHash('sha256').update(contents.join('')).digest('hex').slice(0, 12)
      const source = (await readFile(join(root, 'build/service-worker.js'), 'utf8'))
        .replace("'VERSION'", JSON.stringify(version))
        .replace("'FILES'", JSON.stringify(files.filter((name) => name !== './index.html')))
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source })
    },
  }
}
