// A bare set of arrays, such as a PyTorch state dict, becomes the weights of a net: by name where names fit, else by order
// and shape. Which net it is, the shapes tell.
import { FormatError } from '../errors.ts'
import { type NamedArray, type NamedArrays, toFloat32 } from '../formats/arrays.ts'
import { type Net, parametersOf } from './model.ts'
import { zoo } from './zoo/index.ts'

export interface ImportedWeights {
  readonly net: Net
  readonly weights: ReadonlyMap<string, Float32Array>
  /** Parameter of the net → array of the file, in model order. */
  readonly mapping: ReadonlyMap<string, string>
}

export interface ImportOptions {
  /** The net that the arrays belong to; otherwise the zoo is searched. */
  readonly net?: Net
  /** Parameter of the net → array of the file, where the rest would guess wrong. */
  readonly map?: ReadonlyMap<string, string>
  readonly file?: string
}

/** @throws FormatError where no net fits, naming what does not. */
export function importWeights(
  arrays: NamedArrays,
  { net, map = new Map(), file = 'weights' }: ImportOptions = {},
): ImportedWeights {
  const candidates = net ? [net] : candidateNets(arrays)
  for (const candidate of candidates) {
    const mapping = byName(candidate, arrays, map) ?? (map.size > 0 ? undefined : byOrder(candidate, arrays))
    if (mapping !== undefined) return { net: candidate, mapping, weights: take(mapping, arrays) }
  }
  throw mismatch(arrays, net, map, file)
}

/** The zoo's nets in the widths that the arrays could have: as many channels and classes as some array says. */
function candidateNets(arrays: NamedArrays): Net[] {
  const shapes = [...arrays.values()].map(({ shape }) => shape)
  const channels = [...new Set(shapes.filter(({ length }) => length === 4).map((shape) => shape[1]!))].filter(
    (count) => count === 1 || count === 3,
  )
  const classes = [...new Set(shapes.filter(({ length }) => length === 2).map((shape) => shape[0]!))]
  return Object.values(zoo).flatMap((make) =>
    channels.flatMap((channel) => classes.toReversed().map((count) => make({ channels: channel, classes: count }))),
  )
}

const fits = (array: NamedArray | undefined, shape: readonly number[]): boolean =>
  array !== undefined && array.shape.join() === shape.join()

function byName(net: Net, arrays: NamedArrays, map: ReadonlyMap<string, string>): Map<string, string> | undefined {
  const mapping = new Map(parametersOf(net).map(({ name }) => [name, map.get(name) ?? name]))
  const all = parametersOf(net).every(({ name, shape }) => fits(arrays.get(mapping.get(name)!), shape))
  return all && mapping.size === arrays.size ? mapping : undefined
}

/** As PyTorch keeps a state dict in the order of its modules: the n-th array is the n-th parameter. */
function byOrder(net: Net, arrays: NamedArrays): Map<string, string> | undefined {
  const parameters = parametersOf(net)
  const names = [...arrays.keys()]
  if (parameters.length !== names.length) return undefined
  const all = parameters.every(({ shape }, at) => fits(arrays.get(names[at]!), shape))
  return all ? new Map(parameters.map(({ name }, at) => [name, names[at]!])) : undefined
}

const take = (mapping: ReadonlyMap<string, string>, arrays: NamedArrays): Map<string, Float32Array> =>
  new Map([...mapping].map(([name, from]) => [name, toFloat32(arrays.get(from)!)]))

function mismatch(
  arrays: NamedArrays,
  net: Net | undefined,
  map: ReadonlyMap<string, string>,
  file: string,
): FormatError {
  const held =
    [...arrays]
      .slice(0, 12)
      .map(([name, { shape }]) => `${name} [${shape}]`)
      .join(', ') || 'nothing'
  if (net === undefined)
    return new FormatError(file, `fits none of the models ${Object.keys(zoo).join(', ')}; it holds ${held}`, {
      hint: 'say which model it is, or save it with its layer list',
    })
  for (const { name, shape } of parametersOf(net)) {
    const array = arrays.get(map.get(name) ?? name)
    if (array === undefined)
      return new FormatError(file, `tensor '${map.get(name) ?? name}' is missing; it holds ${held}`)
    if (!fits(array, shape))
      return new FormatError(file, `tensor '${name}' is [${array.shape}] but the model wants [${shape}]`)
  }
  return new FormatError(
    file,
    `holds ${arrays.size} tensors but the model has ${parametersOf(net).length}; it holds ${held}`,
  )
}
