// One seed, one result. A hash that changes needs a line in CHANGELOG.md that says why.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { goldenHashes } from './golden.ts'

const golden: Record<string, string> = {
  lenet: '3251ee7cf099b1ec4e3ba98a5f93e245014cc31bef3d2b8667c9299287ff1345',
  'lenet-tanh with adam': 'cde1f5d637f04bb0b4a3e7b91bd05a1928c1a27ba4636e817934be216c2e2fe4',
  'lenet-gap with augmentation': 'd265f49c7f97082bc96eeb7c9bb0a6ce5c03aef3267c348d9e42e3be22dfeacd',
  'lenet-strided with adamw': '4d507141ea30196b46496f54d6b8ad97b31854a8fca21fa74829b012a0ecd163',
  'windows over the edge and dropout': 'f8c380ece096c40b8dd0be0ab9f55195fe4929af6932278ad28319a0d5046a31',
}

test.each([1, 2, 3])('short runs end with the same weights on %i threads', async (threads) => {
  expect(await goldenHashes(threads)).toEqual(golden)
})

/** Another Node on this machine than the one that runs the tests. */
function otherNode(): string | undefined {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'))
  const found = [...folders, '/usr/local/bin', '/usr/bin']
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
  return found.find((path) => execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() !== process.version)
}

const built = resolve(import.meta.dirname, '../../dist/testing/golden.js')
const other = otherNode()
const reason =
  other === undefined
    ? 'there is no other Node on the PATH'
    : existsSync(built)
      ? undefined
      : 'the library is not built'
if (reason !== undefined) console.log(`skipped: another Node gives the same weights (${reason})`)

test.skipIf(reason !== undefined)(`another Node (${other ?? 'none'}) gives the same weights`, () => {
  expect(JSON.parse(execFileSync(other!, [built], { encoding: 'utf8' }))).toEqual(golden)
})
