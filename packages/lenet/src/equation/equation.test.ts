// The little language: what it accepts, how it complains, what it costs.
import { describe, expect, test } from 'vitest'
import { bind } from './bind.ts'
import { type BoundEquation, terms } from './bound.ts'
import { differentiate } from './differentiate.ts'
import { parseEquation } from './parse.ts'
import { latexEquation, printEquation } from './print.ts'
import { derive, sampleVariable, type Variable } from './variable.ts'

const CONVOLUTION = 'y[o,i,j] += weight[o,c,u,v] * x[c, i*stride+u-padding, j*stride+v-padding]'

const bound = (texts: string[], shapes: Record<string, number[]>, options: Record<string, number> = {}) =>
  bind(texts.map(parseEquation), {
    who: "conv2d 'conv2'",
    layer: 'conv2',
    options,
    variables: new Map(Object.entries(shapes).map(([name, shape]) => [name, sampleVariable(name, shape)])),
  })

describe('an equation that is wrong says where', () => {
  test.each([
    ['y[o = 3', 'column 5', "expected ',', found '='"],
    ['y[o] = 3 +', 'column 11', 'expected a value, found the end'],
    ['y[o] ~ 3', 'column 6', "unexpected '~'"],
    ['y[o] 3', 'column 6', "'=', '+=', 'max=' or 'first='"],
    ['y[o] = x[o] x', 'column 13', 'expected an operator or the end'],
    ['y[o] = x[o]  (o 4)', 'column 17', "expected '<', found '4'"],
    ['= 3', 'column 1', 'expected a tensor'],
  ])('%s', (text, column, problem) => {
    expect(() => parseEquation(text)).toThrow(column)
    expect(() => parseEquation(text)).toThrow(problem)
  })
})

describe('shapes that disagree name the axis and both tensors', () => {
  test('an axis with two extents', () => {
    const shapes = { y: [4, 3, 3], weight: [4, 6, 3, 3], x: [3, 5, 5] }
    expect(() => bound([CONVOLUTION], shapes, { stride: 1, padding: 0 })).not.toThrow('extent')
    expect(() => bound(['y[k] += weight[k,i] * x[i]'], { y: [2], weight: [2, 6], x: [3] })).toThrow(
      "conv2d 'conv2': axis i is 6 in weight but 3 in x (in 'y[k] += weight[k,i] * x[i]')",
    )
  })
  test('an axis without an extent', () => {
    expect(() => bound(['y[i] max= x[2*i+u]'], { y: [2], x: [4] })).toThrow('axis u has no extent')
  })
  test('a set with an axis that the target lacks', () => {
    expect(() => bound(['y[i] = x[i,j]'], { x: [2, 3] })).toThrow(
      "axis j is not in the target, so '=' cannot tell which value to keep",
    )
  })
  test('a tensor with another number of axes', () => {
    expect(() => bound(['y[i] = x[i]'], { x: [2, 3] })).toThrow('x has the shape [2,3], which is 2 axes, not 1')
  })
  test('an index that is not affine', () => {
    expect(() => bound(['y[i] = x[i*i]'], { x: [9], y: [3] })).toThrow('an index is a sum of axes')
  })
  test('a function that does not exist', () => {
    expect(() => bound(['y[i] = cube(x[i])'], { x: [9] })).toThrow("there is no function 'cube'")
  })
})

test('axes are ordered: summed ones first, then those of the target, each by first appearance', () => {
  const { equations } = bound(
    [CONVOLUTION],
    { y: [4, 3, 3], weight: [4, 2, 3, 3], x: [2, 5, 5] },
    { stride: 1, padding: 0 },
  )
  expect(equations[0]!.axes.map(({ name }) => name)).toEqual(['c', 'u', 'v', 'o', 'i', 'j'])
  expect(terms(equations[0]!)).toBe(2 * 3 * 3 * 4 * 3 * 3)
})

/** Equations of the gradients of `wanted`, where y has one. */
function gradientsOf(equations: readonly BoundEquation[], variables: ReadonlyMap<string, Variable>, wanted: string[]) {
  const y = variables.get('y')!
  return differentiate(
    equations,
    new Set(wanted.map((name) => variables.get(name)!)),
    new Map([[y, derive(y, 'gradient')]]),
  ).equations
}

test('a derived equation walks the same axes in the same order', () => {
  const { equations, variables } = bound(
    [CONVOLUTION],
    { y: [4, 3, 3], weight: [4, 2, 3, 3], x: [2, 5, 5] },
    { stride: 1, padding: 0 },
  )
  const gradients = gradientsOf(equations, variables, ['weight', 'x'])
  expect(gradients.map(({ target }) => target.tensor.name)).toEqual(['d_weight', 'd_x'])
  for (const gradient of gradients) expect(gradient.axes).toEqual(equations[0]!.axes)
})

test('gradients that lead to nothing wanted are not written', () => {
  const { equations, variables } = bound(['t[i] = 2 * x[i]', 'y[k] += weight[k,i] * t[i]'], {
    x: [3],
    weight: [2, 3],
    y: [2],
  })
  expect(gradientsOf(equations, variables, ['weight']).map(({ target }) => target.tensor.name)).toEqual(['d_weight'])
})

test('an option that is called as axes are is refused', () => {
  const shapes = { x: [2, 2, 2, 2], y: [2, 2, 2, 2] }
  for (const name of ['k', 'a0', 'a1'])
    expect(() => bound(['y[...] = x[...]'], shapes, { [name]: 1 })).toThrow(`an option is called '${name}'; one letter`)
})

test('one number of an option that is a pair goes to each axis of a range', () => {
  const { equations } = bound(
    ['y[i,j] max= x[i+u, j+v]  (u, v < kernel)'],
    { y: [2, 2], x: [4, 3] },
    { kernel0: 3, kernel1: 2 },
  )
  expect(equations[0]!.axes).toEqual([
    { name: 'u', extent: 3 },
    { name: 'v', extent: 2 },
    { name: 'i', extent: 2 },
    { name: 'j', extent: 2 },
  ])
})

test("a range counts where '...' stands for axes that an equation before it makes", () => {
  const shapes = { x: [4], y: [4] }
  const sum = 'z[...] += t[...] * u  (u < 3)'
  const { equations } = bound(['t[i] = x[i]', sum, 'y[i] = z[i]'], shapes)
  expect(equations[1]!.axes).toEqual([
    { name: 'u', extent: 3 },
    { name: 'k', extent: 4 },
  ])
  expect(() => bound(['t[i] = x[i] * size(u)', sum, 'y[i] += z[i] * u  (u < 2)'], shapes)).toThrow(
    'axis u is 3 in its range but 2 in its range',
  )
})

test('parentheses are printed where they are needed, and nowhere else', () => {
  for (const text of [
    'y[i] = (a - b) * c',
    'y[i] = a - (b - c)',
    'y[i] = -(a + b) / c',
    'y[i] = a < b ? -a : b * (c ? 1 : 2)',
  ])
    expect(printEquation(parseEquation(text))).toBe(text)
})

test('LaTeX sums over the axes that the target lacks', () => {
  expect(latexEquation(parseEquation('y[k] += weight[k,i] * x[i]'))).toBe(
    'y_{k} \\mathrel{+}= \\sum_{i} \\mathrm{weight}_{k,\\,i} x_{i}',
  )
  expect(latexEquation(parseEquation('y[c] = s[c] / (size(i) * size(j))'))).toContain('\\frac{s_{c}}')
})
