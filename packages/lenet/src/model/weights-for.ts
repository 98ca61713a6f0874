// The arrays that a net wants, checked in one place: each parameter is there with its shape and all its numbers, and
// nothing is there for which the net has no place.
import { FormatError, ShapeError } from '../errors.ts'
import { elementCount, type NamedArray, toFloat32 } from '../formats/arrays.ts'
import { type Net, parametersOf } from './model.ts'

/** The arrays in the net's order, as float32. @throws FormatError naming the first that does not fit. */
export function weightsFor(
  net: Net,
  arrays: ReadonlyMap<string, NamedArray>,
  file: string,
  hint?: string,
): ReadonlyMap<string, Float32Array> {
  const fault = faultIn(net, arrays, ({ shape, data }) => ({ shape, length: data.length }))
  if (fault !== undefined) throw new FormatError(file, fault, hint === undefined ? {} : { hint })
  return new Map(parametersOf(net).map(({ name }) => [name, toFloat32(arrays.get(name)!)]))
}

/** The same for numbers without a shape, row-major. @throws ShapeError naming the first that does not fit. */
export function checkWeights(net: Net, weights: ReadonlyMap<string, Float32Array>, who: string): void {
  if (!(weights instanceof Map)) throw new ShapeError(`${who}: weights are a Map from parameter to Float32Array`)
  const fault = faultIn(net, weights, (values) => ({ length: values instanceof Float32Array ? values.length : 0 }))
  if (fault !== undefined) throw new ShapeError(`${who}: ${fault}`)
}

const LISTED = 12

function faultIn<T>(
  net: Net,
  held: ReadonlyMap<string, T>,
  look: (array: T) => { readonly shape?: readonly number[]; readonly length: number },
): string | undefined {
  const parameters = parametersOf(net)
  for (const { name, shape } of parameters) {
    const array = held.get(name)
    if (array === undefined)
      return `tensor '${name}' [${shape}] is missing; it holds ${listed([...held.keys()]) || 'nothing'}`
    const { shape: own = shape, length } = look(array)
    if (own.join() !== shape.join()) return `tensor '${name}' is [${own}] but the model wants [${shape}]`
    if (length !== elementCount(shape))
      return `tensor '${name}' has ${length} numbers but the model wants the ${elementCount(shape)} of [${shape}]`
  }
  const wanted = new Set(parameters.map(({ name }) => name))
  const stranger = [...held.keys()].find((name) => !wanted.has(name))
  if (stranger === undefined) return undefined
  return `tensor '${stranger}' has no place in the model, which wants ${listed([...wanted]) || 'none'}`
}

const listed = (names: readonly string[]): string =>
  [...names.slice(0, LISTED), ...(names.length > LISTED ? [`${names.length - LISTED} more`] : [])].join(', ')
