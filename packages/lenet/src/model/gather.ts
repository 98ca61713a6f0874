// A sum that is scattered over windows, turned round: each element of the target gathers its own terms.
//
//     d_x[c, i+u-1] += d_y[o,i] * w[o,c,u]     walks i, and adds to d_x in memory once for each u
//     d_x[c, i]     += d_y[o,i-u+1] * w[o,c,u]  walks d_x, and sums in a register
//
// Beyond its edges d_y is 0, so the terms that there were not add nothing, and the others come in the order in which they
// came. Strides, and products that read more of what moves, stay scattered.
import {
  type Affine,
  affine,
  aloneAxis,
  along,
  axesOf,
  type BoundAccess,
  type BoundEquation,
  loadsIn,
  mapValue,
  terms,
  type Value,
} from '../equation/bound.ts'
import { windowAxes } from '../equation/reach.ts'

/** Terms that only add zeros cost time: above this many for each that counts, scattering is faster. */
const MOST_TERMS = 1.5

/** The same sum, gathered where that is possible and pays. */
export function gathered(equation: BoundEquation): BoundEquation {
  const { target, axes } = equation
  if (equation.reduction !== 'sum' || equation.outside !== 0 || target.tensor.kind !== 'sample') return equation
  const turned = target.indices.reduce<BoundEquation | undefined>(
    (whole, index, at) => whole && (windowAxes(index, axes).length === 0 ? whole : turn(whole, at)),
    equation,
  )
  return turned !== undefined && terms(turned) <= MOST_TERMS * terms(equation) ? turned : equation
}

/** With index `at` of the target as an axis of its own; undefined where that would be another sum. */
function turn(equation: BoundEquation, at: number): BoundEquation | undefined {
  const { target, axes, value } = equation
  const index = target.indices[at]!
  const order = index.terms.map(([axis]) => axes.findIndex(({ name }) => name === axis))
  const [axis, coefficient] = index.terms[order.indexOf(Math.max(...order))]!
  const isInOthers = target.indices.some((other, n) => n !== at && axesOf({ ...target, indices: [other] }).has(axis))
  if (coefficient !== 1 || isInOthers || !isZeroBeyond(value, axis, axes.find(({ name }) => name === axis)!.extent))
    return undefined
  const rest = index.terms.filter(([name]) => name !== axis)
  // i + rest + constant is called i from now on.
  const moved: Affine = affine(-index.constant, [[axis, 1], ...rest.map(([name, factor]) => [name, -factor] as const)])
  return {
    ...equation,
    target: { ...target, indices: target.indices.with(at, along(axis)) },
    value: mapValue(value, (node) =>
      node.kind === 'load' && axesOf(node.access).has(axis)
        ? {
            kind: 'load',
            access: {
              ...node.access,
              indices: node.access.indices.map((own) => (own.terms.some(([name]) => name === axis) ? moved : own)),
            },
          }
        : node,
    ),
    axes: axes.map((one) => (one.name === axis ? { name: axis, extent: target.tensor.shape[at]! } : one)),
  }
}

/** Whether a product is 0 wherever an axis leaves its extent: it reads a per-sample tensor that ends there, and nothing else moves. */
function isZeroBeyond(value: Value, axis: string, extent: number): boolean {
  const moves = (access: BoundAccess) => axesOf(access).has(axis)
  const moving = loadsIn(value).filter(moves)
  const isFactor = (part: Value): boolean =>
    part.kind === 'load' ? moves(part.access) : part.kind === 'call' && part.name === '*' && part.parts.some(isFactor)
  const [access] = moving
  if (moving.length !== 1 || access!.tensor.kind !== 'sample' || !isFactor(value) || readsIndex(value)) return false
  return access!.indices.every(
    (index, at) =>
      !index.terms.some(([name]) => name === axis) ||
      (aloneAxis(index) === axis && access!.tensor.shape[at] === extent),
  )
}

const readsIndex = (value: Value): boolean =>
  value.kind === 'index' || (value.kind === 'call' && value.parts.some(readsIndex))
