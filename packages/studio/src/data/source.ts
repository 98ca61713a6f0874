// Where images come from: a set beside the page, or one that was made in the page.
import { type Dataset, readIdx, takeFirst } from 'lenet'
import { type DataEntry, filePath, type Split } from './manifest.ts'

export type DataSource =
  | { readonly kind: 'beside'; readonly entry: DataEntry; readonly base: string }
  | { readonly kind: 'own'; readonly name: string; readonly train: Dataset; readonly test?: Dataset }

export type Progress = (bytes: number) => void

/** Images as they are stored; `most` is how many at most. Undefined where a set of one's own has no such half. */
export async function loadSplit(
  source: DataSource,
  split: Split,
  { most, onProgress }: { readonly most?: number; readonly onProgress?: Progress } = {},
): Promise<Dataset | undefined> {
  if (source.kind === 'own') return source[split]
  const { entry, base } = source
  let done = 0
  const count = (bytes: number) => {
    done += bytes
    onProgress?.(done)
  }
  const [images, labels] = await Promise.all(
    (['images', 'labels'] as const).map(async (part) => {
      const path = filePath(entry.name, split, part)
      return readIdx(await fetchUnpacked(new URL(path, base), count), path).data
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
  const response = await fetch(url)
  if (!response.ok || response.body === null) throw new Error(`${url.pathname}: the server answered ${response.status}`)
  const reader = response.body.getReader()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    count(value.length)
  }
  const blob = new Blob(chunks)
  const start = new Uint8Array(await blob.slice(0, 2).arrayBuffer())
  // A server may have unpacked it already on the way.
  const isPacked = start[0] === 0x1f && start[1] === 0x8b
  const stream = isPacked ? blob.stream().pipeThrough(new DecompressionStream('gzip')) : blob
  return new Uint8Array(await (isPacked ? new Response(stream as ReadableStream) : blob).arrayBuffer())
}
