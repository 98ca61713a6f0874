// lenet studio as a user runs it.
import { expect, test } from 'vitest'
import { userNamed } from '../testing/user.ts'

const { lenet } = userNamed('studio')

test.each([
  ['en', 'lenet studio: --port is 99999; give a whole number from 0 to 65535\n'],
  ['zh', 'lenet studio：--port 的值是 99999，请给出 0 到 65535 之间的整数\n'],
])('a port that there is not is a UsageError (%s)', (language, message) => {
  const { status, stderr } = lenet('studio', '--port', '99999', '--lang', language)
  expect(stderr).toBe(message)
  expect(status).toBe(2)
})
