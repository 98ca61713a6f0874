// Where images come from: a set beside the page, or one that was made in the page.
import { type Dataset, RunError, readIdx, takeFirst, takeOfEveryClass } from 'lenet'
import { type DataEntry, filePath, type Split } from './manifest.ts'
import type { OwnSet } from './own-set.ts'

export type DataSource =
  | { readonly kind: 'beside'; readonly entry: DataEntry; readonly base: string }
  | ({ readonly kind: 'own'; readonly name: string; readonly version: number } & OwnSet)

export type Progress = (bytes: number) => void

/** Images as they are stored; `most` is how many at most. Undefined where a set of one's own has no such half. */
export async function loadSplit(
  source: DataSource,
  split: Split,
  { most, onProgress }: { readonly most?: number; readonly onProgress?: Progress } = {},
): Promise<Dataset | undefined> {
  if (source.kind === 'own') {
    const all = source[split]
    return all && most !== undefined && most < all.labels.length ? takeOfEveryClass(all, most) : all
  }
  const { entry, base } = source
  let done = 0
  const count = (bytes: number) => {
    done += bytes
    onProgress?.(done)
  }
  const [images, labels] = await Promise.all(
    (['images', 'labels'] as const).map(async (part) => {
      const path = filePath(entry.name, split, part)
      const url = new URL(path, base)
      // A server that can sends no more than is wanted.
      if (most !== undefined) url.searchParams.set('first', `${most}`)
      return readIdx(await fetchUnpacked(url, count), path).data
    }),
  )
  const data: Dataset = {
    name: split === 'train' ? entry.name : `${entry.name} test`,
    shape: entry.shape,
    pixels: images!,
    labels: labels!,
    classes: entry.classes,
    preparation: entry.preparation,
  }
  return most === undefined ? data : takeFirst(data, most)
}

async function fetchUnpacked(url: URL, count: Progress): Promise<Uint8Array> {
  const response = await fetch(url).catch(() => {
    throw new RunError(
      `${url.pathname}: the images are not here yet, and the network does not answer`,
      'they are kept once they were loaded with the network',
    )
  })
  if (!response.ok || response.body === null) throw new Error(`${url.pathname}: the server answered ${response.status}`)
  const chunks: Uint8Array[] = []
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    count(value.length)
  }
  const bytes = together(chunks)
  // A server may have unpacked it already on the way.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  const stream = new Response(bytes).body!.pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function together(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
