// The composed functions against float64, over the whole range of float32.
import { expect, test } from 'vitest'
import { scalarOf } from '../engine/reference-scalar.ts'
import { createRandom } from '../random/random.ts'
import { functions } from './scalar.ts'

const ULP = 4

/** Distance in units of the last place of the exact value. */
function ulps(found: number, exact: number): number {
  const rounded = Math.fround(exact)
  if (Object.is(found, rounded) || (Number.isNaN(found) && Number.isNaN(exact))) return 0
  if (!Number.isFinite(rounded)) return found === rounded ? 0 : Number.POSITIVE_INFINITY
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(exact) || 2 ** -126)))
  return Math.abs(found - exact) / 2 ** (exponent - 23)
}

const special = [
  0,
  -0,
  1e-45,
  -1e-45,
  1.17e-38,
  3e-8,
  -3e-8,
  1,
  -1,
  0.625,
  -0.625,
  9,
  -9,
  87,
  88.7,
  88.8,
  -87.5,
  -103.9,
  -104.1,
  200,
  -200,
  3e38,
  -3e38,
  Infinity,
  -Infinity,
  NaN,
]

/** Bit patterns drawn evenly: every exponent, both signs. */
function samples(): number[] {
  const random = createRandom(3, 'noise')
  const word = new DataView(new ArrayBuffer(4))
  return [
    ...special,
    ...Array.from({ length: 50_000 }, () => {
      word.setUint32(0, Math.floor(random() * 65536) * 65536 + Math.floor(random() * 65536))
      return word.getFloat32(0)
    }),
    ...Array.from({ length: 50_000 }, () => Math.fround((random() - 0.5) * 40)),
  ]
}

test.each(['exp', 'log', 'tanh', 'sigmoid', 'erf'])(
  `%s is within ${ULP} units of the last place everywhere`,
  (name) => {
    const rounded = scalarOf(name, 'float32')
    let worst = 0
    let at = 0
    for (const value of samples()) {
      const a = Math.fround(value)
      const error = ulps(rounded(a, 0, 0), functions[name]!.exact(a, 0))
      if (error > worst) [worst, at] = [error, a]
    }
    expect(worst, `at ${at}`).toBeLessThanOrEqual(ULP)
  },
)

test('a small argument keeps its value through tanh', () => {
  expect(scalarOf('tanh', 'float32')(Math.fround(3e-8), 0, 0)).toBe(Math.fround(3e-8))
})

test.each(Object.keys(functions))('NaN goes through %s', (name) => {
  expect(scalarOf(name, 'float32')(Number.NaN, 0, 0)).toBeNaN()
})
