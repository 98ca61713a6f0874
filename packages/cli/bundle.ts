// The command as one file, so that it starts without looking for a hundred.
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const folder = join(import.meta.dirname, 'dist')
const bundle = await rolldown({
  input: join(folder, 'main.js'),
  platform: 'node',
  external: ['commander', 'sharp'],
})
await bundle.write({ dir: folder, entryFileNames: 'lenet.js', chunkFileNames: 'lenet-[name].js', format: 'esm' })
await bundle.close()
