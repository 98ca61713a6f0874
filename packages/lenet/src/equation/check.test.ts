// What has no single meaning is refused with the equation in which it stands.
import { expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { bind } from './bind.ts'
import { checkEquations } from './check.ts'
import { parseEquation } from './parse.ts'
import { sampleVariable, sharedVariable, type Variable } from './variable.ts'

/** Checks a layer that reads x [6] and wide [6,6], a parameter w [6] and a constant t [6], and writes y [6]. */
function check(...texts: string[]): void {
  const given: Record<string, Variable> = {
    x: sampleVariable('x', [6]),
    wide: sampleVariable('wide', [6, 6]),
    w: sharedVariable('w', [6]),
    t: { name: 't', kind: 'constant', shape: [6], data: new Float32Array(6) },
  }
  const y = sampleVariable('y', [6])
  const { equations } = bind(texts.map(parseEquation), {
    who: "odd 'it'",
    layer: 'it',
    options: {},
    variables: new Map(Object.entries({ ...given, y })),
  })
  checkEquations(equations, { who: "odd 'it'", given: new Set(Object.values(given)), results: [y] })
}

test.each([
  ['an input that is written', ['x[i] += x[i]', 'y[i] = x[i]'], 'writes x, which is given'],
  ['a parameter that is written', ['w[i] += x[i]', 'y[i] = x[i]'], 'writes w, which is given'],
  ['a constant that is written', ['t[i] = x[i]', 'y[i] = x[i]'], 'writes t, which is given'],
  ['set twice', ['y[i] = x[i]', 'y[i] = 2 * x[i]'], "'=' writes what 'y[i] = x[i]' has written"],
  ['set where a part is set', ['y[i+0] = x[i+0]  (i < 4)', 'y[j+3] = x[j+0]  (j < 3)'], "'=' writes what"],
  ['a maximum onto what is set', ['y[i] = x[i]', 'y[i] max= wide[i,j]'], "'max=' writes what"],
  ['a sum onto a maximum', ['y[i] max= wide[i,j]', 'y[i] += x[i]'], "'+=' adds to what 'max=' has written"],
  ['a write after a read', ['a[i] = x[i]', 'b[i] = a[i]', 'a[i] += b[i]', 'y[i] = a[i]'], 'writes a after it was read'],
  ['its own target', ['y[i] = x[i]', 'y[i] += y[i]'], 'reads y, which it writes'],
  ['a read before any write', ['a[i] = y[i]', 'y[i] = a[i]'], 'reads y before it is written'],
  ['y that nothing writes', ['a[i] = x[i]'], 'no equation writes y'],
  ['a window that is set', ['y[i+u] = x[i+0] * w[u+0]  (i < 5, u < 2)'], 'takes one value in more than one way'],
  ['a window that is a maximum', ['y[i+u] max= x[i+0]  (i < 5, u < 2)'], "so 'max=' cannot tell"],
  ['a parameter beyond its shape', ['y[i] = w[i+1] * x[i]'], 'index 0 of w goes from 1 to 6, but it has 6 elements'],
  ['a constant before its shape', ['y[i] = t[i-1] * x[i]'], 'index 0 of t goes from -1 to 4'],
  ['a target beyond its shape', ['y[i+1] += x[i]'], 'index 0 of y goes from 1 to 6'],
  ['a new tensor below 0', ['a[i-1] = x[i]', 'y[i] = x[i]'], 'index 0 of a goes from -1'],
  ['positions beyond 32 bits', ['y[i] = x[i*1000000000]'], 'positions end at 2147483647'],
  ['an axis that float32 cannot count', ['y[i] = x[i] + i * 10000000'], 'float32 counts to 16777216'],
])('%s is refused', (_, texts, problem) => {
  expect(() => check(...texts)).toThrow(problem)
  expect(() => check(...texts)).toThrow(/^odd 'it': /)
})

test.each([
  ['parts that are set side by side', ['y[i+0] = x[i+0]  (i < 3)', 'y[j+3] = x[j+0]  (j < 3)']],
  ['parts that are set in turn', ['y[2*i] = x[i+0]  (i < 3)', 'y[2*j+1] = x[j+0]  (j < 3)']],
  ['a sum onto what is set, and another', ['y[i] = w[i]', 'y[i] += wide[i,j]', 'y[i] += x[i]']],
  ['a part alone', ['y[i+2] += x[i+0]  (i < 2)']],
  ['a border of what each sample has', ['y[i] += x[i+u-1]  (u < 3)']],
  ['indices that run backwards', ['y[i] = w[size(i)-1-i] * x[-i+5]']],
])('%s: accepted', (_, texts) => {
  expect(() => check(...texts)).not.toThrow()
})

test('an index has whole steps, and a fraction of an axis is a number', () => {
  expect(() => check('y[i] = x[i*0.5]')).toThrow('an index is a sum of axes, each times a whole number')
  expect(() => check('y[i] = x[0.5]')).toThrow('each times a whole number')
  expect(() => check('y[i] = x[i] + (3 * i + 1) * 0.125')).not.toThrow()
})

test('extents are whole numbers of at least one', () => {
  expect(() => check('y[i] += x[i] * u  (u < 2.5)')).toThrow('axis u has 2.5 values by its range')
  expect(() => check('y[i] += x[i] * u  (u < 0)')).toThrow('axis u has 0 values by its range')
})

test('an option of one letter would hide an axis', () => {
  const setting = { who: "odd 'it'", layer: 'it', options: { k: 2 }, variables: new Map() }
  expect(() => bind([], setting)).toThrow(UsageError)
  expect(() => bind([], setting)).toThrow("an option is called 'k'; one letter, with or without a number, is an axis")
})
