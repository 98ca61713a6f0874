// Which array of a file is which parameter of a net: what the caller says, then by name, else by order and shape.
import type { NamedArray, NamedArrays } from '../formats/arrays.ts'
import { type Net, type Parameter, parametersOf } from '../model/model.ts'

/** Parameter of the net → array of the file, in model order. */
export type Mapping = ReadonlyMap<string, string>

export interface Match {
  readonly mapping: Mapping
  /** How the parameters that the caller did not speak of were found. */
  readonly by: 'name' | 'order'
}

/** A mapping of every parameter to an array of its own that leaves no array over; undefined where there is none. */
export function matchArrays(net: Net, arrays: NamedArrays, map: Mapping): Match | undefined {
  const parameters = parametersOf(net)
  const names = new Set(parameters.map(({ name }) => name))
  if (parameters.length !== arrays.size || [...map.keys()].some((name) => !names.has(name))) return undefined
  const taken = new Set(map.values())
  const open = parameters.filter(({ name }) => !map.has(name))
  const free: NamedArrays = new Map([...arrays].filter(([name]) => !taken.has(name)))
  if (open.length !== free.size) return undefined
  const [found, by] = open.every((parameter) => fits(free.get(parameter.name), parameter))
    ? [new Map(open.map(({ name }) => [name, name])), 'name' as const]
    : [byOrder(open, free) ?? byShape(open, free), 'order' as const]
  if (found === undefined) return undefined
  const mapping = new Map(parameters.map(({ name }) => [name, (map.get(name) ?? found.get(name))!]))
  return parameters.every((parameter) => fits(arrays.get(mapping.get(parameter.name)!), parameter))
    ? { mapping, by }
    : undefined
}

export function fits(array: NamedArray | undefined, { shape }: Parameter): boolean {
  return array !== undefined && array.shape.join() === shape.join()
}

/** As PyTorch keeps a state dict in the order of its modules: the n-th array is the n-th parameter. */
function byOrder(parameters: readonly Parameter[], arrays: NamedArrays): Mapping | undefined {
  const names = [...arrays.keys()]
  const all = parameters.every((parameter, at) => fits(arrays.get(names[at]!), parameter))
  return all ? new Map(parameters.map(({ name }, at) => [name, names[at]!])) : undefined
}

/** Other formats sort by name. Where no two shapes are equal, shapes alone tell. */
function byShape(parameters: readonly Parameter[], arrays: NamedArrays): Mapping | undefined {
  const nameOf = new Map([...arrays].map(([name, { shape }]) => [shape.join(), name]))
  const found = parameters.flatMap(({ name, shape }): [string, string][] => {
    const from = nameOf.get(shape.join())
    return from === undefined ? [] : [[name, from]]
  })
  const each = new Set(found.map(([, from]) => from)).size
  return each === parameters.length ? new Map(found) : undefined
}
