// What the list of experiments says of each, as a user sees it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { userNamed } from '../testing/user.ts'

const { lenet, path } = userNamed('experiments')

test('each is listed with the first sentence of its file, over as many lines as that has', () => {
  expect(lenet('experiment').stderr).toContain('there is no folder experiments here')
  mkdirSync(path('experiments'))
  writeFileSync(
    path('experiments/long.ts'),
    '// What it does (p. 15, 0.7 %), also\n// here. And more\n// of it.\nimport x\n',
  )
  writeFileSync(path('experiments/short.ts'), '// One. Two.\nimport x\n')
  expect(lenet('experiment').stdout).toBe('long   What it does (p. 15, 0.7 %), also here.\nshort  One.\n')
})
