// Data files that are not what they say, as a user meets them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { userNamed } from './testing/user.ts'

const { lenet, path } = userNamed('damaged')

test('3: a damaged data file, and 2: one class only', () => {
  const idx = (magic: number, ...rest: number[]) =>
    Buffer.from(
      Uint32Array.from(
        [magic, ...rest].map((word) =>
          Buffer.from(Uint8Array.of(word >>> 24, word >>> 16, word >>> 8, word)).readUInt32LE(),
        ),
      ).buffer,
    )
  const place = path('data/mnist')
  mkdirSync(place, { recursive: true })
  const write = (label: number, count: number) => {
    for (const part of ['train', 't10k']) {
      writeFileSync(
        join(place, `${part}-images-idx3-ubyte`),
        Buffer.concat([idx(0x803, 6, 28, 28), Buffer.alloc(count)]),
      )
      writeFileSync(join(place, `${part}-labels-idx1-ubyte`), Buffer.concat([idx(0x801, 6), Buffer.alloc(6, label)]))
    }
    return lenet('train', '--data-dir', 'data', '--out', `idx-${label}-${count}`)
  }
  const cut = write(1, 6 * 784 - 5)
  // Both are damaged, and read at the same time.
  expect(cut.stderr).toMatch(/(train|t10k)-images-idx3-ubyte/)
  expect(cut.status).toBe(3)
  const beyond = write(77, 6 * 784)
  expect(beyond.stderr).toContain('label 77')
  expect(beyond.status).toBe(3)
  const single = write(4, 6 * 784)
  expect(single.stderr).toContain("all images are of one class, '4'")
  expect(single.status).toBe(2)
})
