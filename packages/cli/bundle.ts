// The command as a few files, one for each verb and what they share, so that it starts without looking for a hundred.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const folder = join(import.meta.dirname, 'dist')
const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'))
for (const file of readdirSync(folder)) if (/^lenet(-.+)?\.js$/.test(file)) rmSync(join(folder, file))
const bundle = await rolldown({
  input: join(folder, 'main.js'),
  platform: 'node',
  external: Object.keys(dependencies).filter((name) => name !== 'lenet'),
})
await bundle.write({ dir: folder, entryFileNames: 'lenet.js', chunkFileNames: 'lenet-[name].js', format: 'esm' })
await bundle.close()
