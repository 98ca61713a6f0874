// The scalar functions of the language, each written once. Primitives are what every machine has; a composed function is
// an expression over them, and engines, derivatives and docs all read this table. In float64 (gradient checks) a composed
// function is its exact counterpart.
//
// exp, log, tanh and erf follow Cody and Waite's reductions with the minimax coefficients of the Cephes library (Moshier);
// largest errors over the whole range are in docs/equations.md.
import { parseExpression } from './parse.ts'
import type { Expression } from './syntax.ts'

/** What each machine computes by itself. `scale(a, n)` is a·2ⁿ for whole n in [−252, 252], `exponent` and `mantissa` take a normal number apart. */
export const primitives: Readonly<
  Record<string, { readonly arity: number; readonly exact: (a: number, b: number, c: number) => number }>
> = {
  '+': { arity: 2, exact: (a, b) => a + b },
  '-': { arity: 2, exact: (a, b) => a - b },
  '*': { arity: 2, exact: (a, b) => a * b },
  '/': { arity: 2, exact: (a, b) => a / b },
  '<': { arity: 2, exact: (a, b) => (a < b ? 1 : 0) },
  '==': { arity: 2, exact: (a, b) => (a === b ? 1 : 0) },
  '?': { arity: 3, exact: (a, b, c) => (a !== 0 ? b : c) },
  negative: { arity: 1, exact: (a) => -a },
  abs: { arity: 1, exact: Math.abs },
  sqrt: { arity: 1, exact: Math.sqrt },
  max: { arity: 2, exact: (a, b) => (a < b ? b : a) },
  min: { arity: 2, exact: (a, b) => (b < a ? b : a) },
  scale: { arity: 2, exact: (a, n) => a * 2 ** n },
  exponent: { arity: 1, exact: (a) => Math.floor(Math.log2(a)) },
  mantissa: { arity: 1, exact: (a) => a / 2 ** Math.floor(Math.log2(a)) },
}

export interface ScalarFunction {
  readonly parameters: readonly string[]
  /** Named intermediate values, in order, then the result under the name `r`. */
  readonly steps: readonly (readonly [name: string, value: Expression])[]
  /** Derivative by each parameter; may read the parameters and the stored result `r`. */
  readonly derivative: readonly Expression[]
  readonly exact: (a: number, b: number) => number
  readonly latex: string
}

interface Written {
  readonly of?: string
  readonly steps: Readonly<Record<string, string>>
  readonly derivative: readonly string[]
  readonly exact: (a: number, b: number) => number
  readonly latex: string
}

const write = ({ of = 'a', steps, derivative, exact, latex }: Written): ScalarFunction => ({
  parameters: of.split(' '),
  steps: Object.entries(steps).map(([name, text]) => [name, parseExpression(text)]),
  derivative: derivative.map(parseExpression),
  exact,
  latex,
})

// Adding and taking away 1.5·2²³ rounds a float32 to the nearest whole number.
const MAGIC = '12582912'

// eᵃ = 2ⁿ·eᵗ with |t| ≤ ln2/2; ln 2 is split in two so that n·(first part) is exact. From 88.8 on: infinity; below −104: 0.
const expSteps = (a: string): Record<string, string> => ({
  k: `max(min(${a}, 89), -104)`,
  n: `(k * 1.44269504088896341 + ${MAGIC}) - ${MAGIC}`,
  t: '(k - n * 0.693359375) - n * -2.12194440e-4',
  p: '((((1.9875691500e-4 * t + 1.3981999507e-3) * t + 8.3334519073e-3) * t + 4.1665795894e-2) * t + 1.6666665459e-1) * t + 5.0000001201e-1',
  e: 'scale(p * (t * t) + t + 1, n)',
})

export const functions: Readonly<Record<string, ScalarFunction>> = {
  relu: write({
    steps: { r: 'max(a, 0)' },
    derivative: ['0 < r ? 1 : 0'],
    exact: (a) => (a < 0 ? 0 : a),
    latex: '\\operatorname{relu}',
  }),
  exp: write({
    // NaN passes min and max as their first argument, hence through n and t.
    steps: { ...expSteps('a'), r: 'e' },
    derivative: ['r'],
    exact: Math.exp,
    latex: '\\exp',
  }),
  log: write({
    // a = 2ⁿ·(1 + f) with the mantissa in [√½, √2); subnormals are scaled up first.
    steps: {
      b: 'a < 1.17549435e-38 ? a * 8388608 : a',
      s: 'mantissa(b)',
      h: '1.41421356 < s ? 1 : 0',
      n: '(exponent(b) + h) - (a < 1.17549435e-38 ? 23 : 0)',
      f: '(h == 1 ? s * 0.5 : s) - 1',
      q: '(((((((7.0376836292e-2 * f - 1.1514610310e-1) * f + 1.1676998740e-1) * f - 1.2420140846e-1) * f + 1.4249322787e-1) * f - 1.6668057665e-1) * f + 2.0000714765e-1) * f - 2.4999993993e-1) * f + 3.3333331174e-1',
      z: 'f * f',
      y: '(f * z * q + n * -2.12194440e-4) - 0.5 * z',
      w: '(f + y) + n * 0.693359375',
      r: '0 < a ? (a < 3.4028235e38 ? w : (a == 3.4028235e38 ? w : a)) : (a == 0 ? -1 / 0 : (a - a) / 0)',
    },
    derivative: ['1 / a'],
    exact: Math.log,
    latex: '\\ln',
  }),
  tanh: write({
    // Odd polynomial below 0.625; above, 1 − 2/(e²ᵃ+1), whose sign is put back by selection.
    steps: {
      b: 'abs(a)',
      ...expSteps('(b + b)'),
      g: '1 - 2 / (e + 1)',
      z: 'a * a',
      q: '((((-5.70498872745e-3 * z + 2.06390887954e-2) * z - 5.37397155531e-2) * z + 1.33314422036e-1) * z - 3.33332819422e-1) * z * a + a',
      r: 'b < 0.625 ? q : (a < 0 ? -g : g)',
    },
    derivative: ['1 - r * r'],
    exact: Math.tanh,
    latex: '\\tanh',
  }),
  sigmoid: write({
    // With e = exp(−|a|): 1/(1+e) on the right, e/(1+e) on the left; never a difference of near numbers.
    steps: { b: '-abs(a)', ...expSteps('b'), r: '(a < 0 ? e : 1) / (1 + e)' },
    derivative: ['r * (1 - r)'],
    exact: (a) => (a < 0 ? Math.exp(a) / (1 + Math.exp(a)) : 1 / (1 + Math.exp(-a))),
    latex: '\\sigma',
  }),
  erf: write({
    // Odd polynomial below 1; above, 1 − erfc in two parts, whose sign is put back by selection.
    steps: {
      b: 'abs(a)',
      z: 'a * a',
      t0: '((((((7.853861353e-5 * z - 8.010193625e-4) * z + 5.188327686e-3) * z - 2.685381194e-2) * z + 1.128358515e-1) * z - 3.761262582e-1) * z + 1.128379166) * a',
      ...expSteps('(-z)'),
      q: '1 / max(b, 1)',
      y: 'q * q',
      c1: '(((((((2.326819970e-2 * y - 1.387039389e-1) * y + 3.687424675e-1) * y - 5.824733027e-1) * y + 6.210004622e-1) * y - 4.944515323e-1) * y + 3.404879938e-1) * y - 2.741127028e-1) * y + 5.638259427e-1',
      c2: '((((((-1.047766400e+1 * y + 1.297719955e+1) * y - 7.495518718) * y + 2.921019019) * y - 1.015265279) * y + 4.218463358e-1) * y - 2.820767440e-1) * y + 5.641895068e-1',
      g: '1 - e * q * (b < 2 ? c1 : c2)',
      r: 'b < 1 ? t0 : (a < 0 ? -g : g)',
    },
    derivative: ['1.1283791670955126 * exp(-(a * a))'],
    exact: exactErf,
    latex: '\\operatorname{erf}',
  }),
  stop: write({ steps: { r: 'a' }, derivative: ['0'], exact: (a) => a, latex: '\\operatorname{stop}' }),
}

/** 2/√π·e^−x²·Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!, whose terms are all of one sign. */
function exactErf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

export const arity = (name: string): number | undefined => primitives[name]?.arity ?? functions[name]?.parameters.length

/** `-1 / 0` and the like are numbers. */
export function constantOf(expression: Expression): number | undefined {
  if (expression.kind === 'number') return expression.value
  if (expression.kind !== 'call') return undefined
  const [a, b] = expression.parts.map(constantOf)
  if (a === undefined) return undefined
  if (expression.name === 'negative') return -a
  return expression.name === '/' && b !== undefined ? a / b : undefined
}
