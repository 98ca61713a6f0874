// The studio's server: what it answers, and to whom.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { writeIdx } from 'lenet'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { studioApp } from './studio-server.ts'

let folder: string
let app: Hono
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenet-studio-'))
  await mkdir(join(folder, 'page'))
  await writeFile(join(folder, 'page/index.html'), '<head></head>page')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  app = studioApp(join(folder, 'page'), { dataDir: join(folder, 'data') })
})
afterEach(() => rm(folder, { recursive: true }))

const get = (path: string, host?: string) =>
  app.request(`http://localhost:1998${path}`, { headers: host === undefined ? {} : { host } })

test.each(['localhost:1998', '127.0.0.1:1998', 'LOCALHOST', '[::1]:1998'])('it answers to %s', async (host) => {
  const answer = await get('/', host)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('page')
})

test.each([
  'evil.example',
  'evil.example:1998',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example@',
  '',
])('a name that was made to lead here, %s, reads neither the page nor the data', async (host) => {
  for (const path of ['/', '/model', '/data/index.json', '/data/mnist/test-labels.idx'])
    expect((await get(path, host)).status, path).toBe(403)
})

test.each(['/%E0%A4%A', '/%', '/a%zz'])('%s is no address: 400, and no stack', async (path) => {
  const answer = await get(path)
  expect(answer.status).toBe(400)
  expect(await answer.text()).toBe(`${path} is no address`)
})

test.each(['/..%2fsecret.txt', '/%2e%2e/secret.txt', '/....//secret.txt', '/..%5csecret.txt', '/a%00b', '/model'])(
  '%s is not there',
  async (path) => expect((await get(path)).status).toBe(404),
)

test('a data set that could not be read is read again when it is asked for again', async () => {
  const place = join(folder, 'data/mnist')
  await mkdir(place, { recursive: true })
  const names = ['train', 't10k'].flatMap((split) => [`${split}-images-idx3-ubyte`, `${split}-labels-idx1-ubyte`])
  for (const name of names) await writeFile(join(place, name), 'damaged')
  const damaged = await get('/data/mnist/train-labels.idx')
  expect(damaged.status).toBe(500)
  expect(await damaged.text()).toMatch(/^\S+-ubyte: [^\n]+$/)
  for (const name of names)
    await writeFile(
      join(place, name),
      name.includes('images')
        ? writeIdx({ shape: [2, 28, 28], data: new Uint8Array(2 * 784) })
        : writeIdx({ shape: [2], data: Uint8Array.of(0, 1) }),
    )
  expect((await get('/data/mnist/train-labels.idx')).status).toBe(200)
})
