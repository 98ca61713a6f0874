import type { StepMeasurement } from 'lenet/node'
import { expect, test } from 'vitest'
import { plain } from './colours.ts'
import { kernelsText } from './kernels-text.ts'
import { messagesFor } from './messages.ts'
import { textWidth } from './text-width.ts'

const step: StepMeasurement = {
  kernels: [
    {
      layer: 'conv1',
      text: `y[o,i,j] += ${'weight[o,c,u,v] * '.repeat(5)}x[c]`,
      fused: 1,
      operations: 4e5,
      seconds: 4e-6,
    },
    { layer: 'loss', text: 'z[] += e[k]', fused: 0, operations: 10, seconds: 1e-9 },
  ],
  seconds: 5e-6,
}

test('each equation has its time, share, speed and part of the peak; the rest of the step is named', () => {
  const options = { messages: messagesFor('en'), paint: plain, stdout: {} }
  const lines = kernelsText(step, 200e9, options).split('\n')
  expect(lines[2]).toMatch(/^conv1 +4\.00 +80\.0 % +100\.0 +50 % {2}y\[o,i,j\] .* \(\+1\)$/)
  expect(lines[3]).toMatch(/^ +0\.00 +0\.0 % +10\.0 +5 % {2}1 small ones$/)
  expect(lines[4]).toMatch(/^ +1\.00 +20\.0 % {2,}samples in and out, optimizer, memory$/)
  expect(lines[6]).toMatch(/^total +5\.00 +100\.0 % +80\.0 +40 %$/)
})

test('on a narrow terminal the equation is cut', () => {
  const options = { messages: messagesFor('zh'), paint: plain, stdout: { columns: 80 } }
  const lines = kernelsText(step, 200e9, options).split('\n')
  expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80)
  expect(lines[2]).toContain('…')
})
