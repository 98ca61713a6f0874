// The studio's page on this machine: its files, the data sets that are here, and the model that was named.
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join, normalize } from 'node:path'
import { Readable } from 'node:stream'
import { Hono } from 'hono'
import {
  type Dataset,
  type Splits,
  type TrainedModel,
  takeFirst,
  takeOfEveryClass,
  UsageError,
  writeIdx,
  writeModel,
} from 'lenet'
import { type DataSetFacts, findDataSets, loadDataset } from 'lenet/node'
import type { Context } from './context.ts'

export interface Served {
  readonly model?: { readonly name: string; readonly parts: TrainedModel }
  readonly dataDir?: string
}

/** What lets a page share memory between threads. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

const kinds: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/** The folder of the built page. @throws UsageError where it was not built. */
export async function studioFolder({ messages }: Pick<Context, 'messages'>): Promise<string> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@lenet/studio/package.json')), 'dist')
  if ((await stat(join(folder, 'index.html')).catch(() => undefined)) === undefined)
    throw new UsageError(messages.studio.notBuilt, 'npm run build')
  return folder
}

export function studioApp(folder: string, { model, dataDir }: Served): Hono {
  const app = new Hono()
  const data = dataShelf(dataDir)
  app.onError((error, context) => context.text(error.message, error.name === 'UsageError' ? 400 : 500))
  app.use(async (context, next) => {
    if (isForeign(context.req.header('host') ?? new URL(context.req.url).host))
      context.res = context.text('lenet studio answers to localhost and 127.0.0.1', 403)
    else await next()
    for (const [name, value] of Object.entries(ISOLATED)) context.header(name, value)
    context.header('Cache-Control', 'no-cache')
  })
  app.get('/model', (context) => {
    if (model === undefined) return context.notFound()
    return context.body(writeModel(model.parts) as Uint8Array<ArrayBuffer>)
  })
  app.get('/data/index.json', async (context) => context.json(await data.manifest()))
  app.get('/data/:name/:file', async (context) => {
    const first = Number(context.req.query('first') ?? Number.POSITIVE_INFINITY)
    const bytes = await data.file(context.req.param('name'), context.req.param('file'), first)
    return bytes ? context.body(bytes as Uint8Array<ArrayBuffer>) : context.notFound()
  })
  app.get('/', async (context) => {
    const page = await readFile(join(folder, 'index.html'), 'utf8')
    if (model === undefined) return context.html(page)
    return context.html(page.replace('<head>', () => `<head>${named(model.name)}`))
  })
  app.get('/*', async (context) => {
    const decoded = decodeOrNothing(context.req.path)
    if (decoded === undefined) return context.text(`${context.req.path} is no address`, 400)
    const path = normalize(decoded).replace(/^[/\\]+/, '')
    const file = join(folder, path)
    const found = await stat(file).catch(() => undefined)
    if (path.startsWith('..') || !found?.isFile()) return context.notFound()
    const type = kinds[extname(file)] ?? 'application/octet-stream'
    if (found.size < 1 << 20) return context.body(await readFile(file), 200, { 'Content-Type': type })
    return context.body(Readable.toWeb(createReadStream(file)) as ReadableStream, 200, { 'Content-Type': type })
  })
  return app
}

/** A name that was made to lead here would let a stranger's page read what is served: DNS rebinding. */
function isForeign(host: string): boolean {
  const address = `http://${host}`
  return !URL.canParse(address) || !['localhost', '127.0.0.1', '[::1]'].includes(new URL(address).hostname)
}

function decodeOrNothing(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** Tells the page that there is a model to open. */
const named = (name: string): string =>
  `<meta name="lenet-model" content="${name.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)}">`

/** The data sets of this machine; nothing is downloaded for a page. The one read last stays in memory. */
function dataShelf(dataDir: string | undefined) {
  const options = { download: false, ...(dataDir !== undefined && { dataDir }) }
  let last: { readonly name: string; readonly splits: Promise<Splits> } | undefined
  const load = (name: string): Promise<Splits> => {
    if (last?.name === name) return last.splits
    const splits = loadDataset(name, options)
    last = { name, splits }
    // What could not be read may be there the next time.
    splits.catch(() => {
      if (last?.splits === splits) last = undefined
    })
    return splits
  }
  const manifest = async (): Promise<({ readonly name: string } & DataSetFacts)[]> => {
    const found = await findDataSets(options)
    return found.flatMap(({ name, place, facts }) => (place === undefined ? [] : [{ name, ...facts }]))
  }
  return {
    manifest,
    file: async (name: string, file: string, first: number): Promise<Uint8Array | undefined> => {
      const [, split, part] = /^(train|test)-(images|labels)\.idx$/.exec(file) ?? []
      if (split === undefined || !(await manifest()).some((entry) => entry.name === name)) return undefined
      const whole = (await load(name))[split as 'train' | 'test']!
      const { shape, pixels, labels } = first >= 1 && first < whole.labels.length ? partOf(whole, split, first) : whole
      return part === 'labels'
        ? writeIdx({ shape: [labels.length], data: Uint8Array.from(labels) })
        : writeIdx({ shape: [labels.length, ...shape], data: pixels as Uint8Array })
    },
  }
}

/** Training images as `lenet train --limit` takes them, so that the page and the command come to the same weights. */
const partOf = (data: Dataset, split: string, count: number): Dataset =>
  split === 'train' && count >= data.classes.length ? takeOfEveryClass(data, count) : takeFirst(data, count)
