import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import { writeCifar } from '../formats/cifar.ts'
import { cifar10, findCifar10 } from './cifar10.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-cifar-'))
})
afterEach(() => rm(folder, { recursive: true }))

const batch = (label: number) => writeCifar({ pixels: new Uint8Array(3072).fill(label), labels: Uint8Array.of(label) })
const names = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`).concat('test_batch.bin')
const options = () => ({ dataDir: folder, cacheDir: join(folder, 'cache'), download: false })

async function putBatches(where: string) {
  await mkdir(where, { recursive: true })
  for (const [n, name] of names.entries()) await writeFile(join(where, name), batch(n))
}

function tarEntry(name: string, bytes: Uint8Array): Buffer {
  const block = Buffer.alloc(512 + Math.ceil(bytes.length / 512) * 512)
  block.write(name, 0)
  block.write(bytes.length.toString(8), 124)
  block.fill(' ', 148, 156)
  block.write('0', 156)
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0`, 148)
  block.set(bytes, 512)
  return block
}

describe('cifar10', () => {
  test.each(['cifar10', 'cifar10/cifar-10-batches-bin', 'cifar-10-batches-bin'])(
    'reads batches in %s',
    async (where) => {
      await putBatches(join(folder, where))
      const { train, test: held } = await cifar10(options())
      expect([...train.labels, ...held!.labels]).toEqual([0, 1, 2, 3, 4, 5])
      expect(train).toMatchObject({ name: 'cifar10', shape: [3, 32, 32] })
      expect([train.pixels.length, train.pixels[3072], train.classes[5]]).toEqual([5 * 3072, 1, 'dog'])
    },
  )

  test('reads the published archive', async () => {
    const blocks = names.map((name, n) => tarEntry(`cifar-10-batches-bin/${name}`, batch(n)))
    await mkdir(join(folder, 'cifar10'))
    const archive = gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
    await writeFile(join(folder, 'cifar10/cifar-10-binary.tar.gz'), archive)
    expect([...(await cifar10(options())).train.labels]).toEqual([0, 1, 2, 3, 4])
  })

  test('an archive that lacks a batch is named', async () => {
    await mkdir(join(folder, 'cifar10'))
    const archive = gzipSync(Buffer.concat([tarEntry(names[0]!, batch(0)), Buffer.alloc(1024)]))
    await writeFile(join(folder, 'cifar10/cifar-10-binary.tar.gz'), archive)
    await expect(cifar10(options())).rejects.toThrow(/tar.gz: has no file 'data_batch_2.bin' among its 1/)
  })

  test('a batch that is cut off is named', async () => {
    await putBatches(join(folder, 'cifar10'))
    await writeFile(join(folder, 'cifar10/data_batch_3.bin'), batch(1).subarray(0, 500))
    await expect(cifar10(options())).rejects.toThrow(/data_batch_3.bin: has 500 bytes/)
  })

  test('five of six batches are no data set', async () => {
    await putBatches(join(folder, 'cifar10'))
    await rm(join(folder, 'cifar10/test_batch.bin'))
    expect(await findCifar10(options())).toBeUndefined()
    await expect(cifar10(options())).rejects.toThrow(FormatError)
    await expect(cifar10(options())).rejects.toThrow(
      /^cifar10: is not on this machine\nhint: put cifar-10-binary.tar.gz or/,
    )
  })

  test('a server that cannot be reached is named', async () => {
    const load = cifar10({ ...options(), download: true, mirror: 'http://127.0.0.1:1' })
    await expect(load).rejects.toThrow(
      /^cifar10: is not on this machine, and http:\/\/127.0.0.1:1\/cifar10\/cifar-10-binary/,
    )
  })
})
