import { expect, test } from 'vitest'
import { summarise } from '../explain/summarise.ts'
import { conv2d, linear, maxPool2d, relu, view } from '../layers/index.ts'
import { model } from '../model/model.ts'
import { measureKernels } from './measure-kernels.ts'
import { peakOf } from './peak.ts'
import { wasmPeak } from './wasm-peak.ts'

const net = model([2, 8, 8], {
  conv: conv2d({
    out: 4,
    kernel: 3,
    table: [
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 1],
    ],
  }),
  relu: relu(),
  pool: maxPool2d(2),
  flat: view(-1, 36),
  fc: linear(3),
})

test('the kernels of a step are counted as the summary counts, and timed within the step', async () => {
  const { kernels, seconds } = await measureKernels(net, { engine: 'wasm' })
  const forward = (layer: string) => kernels.find(({ layer: name, text }) => name === layer && text.startsWith('y['))!
  const { layers } = summarise(net)
  const multiplyAdds = (layer: string) => layers.find(({ name }) => name === layer)!.multiplyAdds
  // Beside two operations for each term there is the bias, and the activation that is computed with it.
  expect(forward('conv').operations).toBe(2 * multiplyAdds('conv') + 2 * 4 * 6 * 6)
  expect(multiplyAdds('conv')).toBe(5 * 9 * 36)
  expect(forward('fc').operations).toBe(2 * multiplyAdds('fc') + 3)
  expect(kernels.every((kernel) => kernel.seconds > 0 && kernel.seconds < seconds)).toBe(true)
})

test('the reference has no kernels', async () => {
  await expect(measureKernels(net, { engine: 'reference' })).rejects.toThrow('engine reference: it has no kernels')
})

test('the best probe counts', () => {
  const waiting = (milliseconds: number) => (times: number) => {
    const until = performance.now() + (milliseconds * times) / 1024
    while (performance.now() < until);
  }
  const peak = peakOf([
    { width: 4, lanes: 4, run: waiting(4) },
    { width: 8, lanes: 4, run: waiting(4) },
  ])
  const expected = (2 * 8 * 4 * 1024) / 0.004
  expect(peak).toBeGreaterThan(0.8 * expected)
  expect(peak).toBeLessThan(1.1 * expected)
})

test('a core does more than one operation a nanosecond', () => {
  expect(wasmPeak()).toBeGreaterThan(1e9)
})
