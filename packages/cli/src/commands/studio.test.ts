// lenet studio as a user runs it.
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const MAIN = resolve(import.meta.dirname, '../../dist/main.js')
const studio = (port: string, language: string) =>
  spawnSync(process.execPath, [MAIN, 'studio', '--port', port, '--lang', language], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })

test.each([
  ['en', 'lenet studio: --port is 99999; give a whole number from 0 to 65535\n'],
  ['zh', 'lenet studio：--port 的值是 99999，请给出 0 到 65535 之间的整数\n'],
])('a port that there is not is a UsageError (%s)', (language, message) => {
  const { status, stderr } = studio('99999', language)
  expect(stderr).toBe(message)
  expect(status).toBe(2)
})
