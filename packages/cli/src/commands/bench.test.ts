// lenet bench as a user runs it.
import { expect, test } from 'vitest'
import { userNamed } from '../testing/user.ts'

const { lenet } = userNamed('bench')

test('bench names every equation of a step, with its share and its part of the peak', () => {
  const { status, lines } = lenet('bench', 'lenet-tanh', '--engine', 'wasm', '--kernels', '--json')
  expect(status).toBe(0)
  const [report] = lines.map((line) => JSON.parse(line))
  expect(report).toMatchObject({ engine: 'wasm', fast: false, peak: expect.any(Number) })
  expect(report.kernels.map(({ layer }: { layer: string }) => layer)).toEqual(
    expect.arrayContaining(['conv1', 'pool2', 'fc3', 'loss']),
  )
  expect(lenet('bench', 'vgg').stderr).toContain("lenet bench: model is 'vgg'; give one of lenet, ")
})
