// What a page has to load, in bytes after minification and gzip, and whether it has grown.
//   npm run size
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const LIBRARY = resolve(import.meta.dirname, '../packages/lenet/dist/index.js')

/** What is imported, and the most that it may weigh. */
export const budgets = [
  { name: 'a shipped model, predictions', code: "export { readWasm } from 'lenet'", most: 7_800 },
  { name: 'a model file, predictions', code: "export { readModel, trainedModel } from 'lenet'", most: 60_000 },
  { name: 'everything', code: "export * from 'lenet'", most: 111_000 },
] as const

/** Bytes of a bundle for the browser, minified and gzipped. */
export async function bundleSize(code: string): Promise<number> {
  const entry = '\0entry'
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? entry : id === 'lenet' ? LIBRARY : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  return gzipSync(output.map((chunk) => ('code' in chunk ? chunk.code : '')).join(''), { level: 9 }).length
}

if (import.meta.main)
  for (const { name, code, most } of budgets) {
    const bytes = await bundleSize(code)
    console.log(`${name.padEnd(28)} ${bytes.toLocaleString('en-US')} bytes, of ${most.toLocaleString('en-US')}`)
    if (bytes > most) process.exitCode = 1
  }
