// A bare set of arrays, such as a PyTorch state dict, becomes the weights of a net. Which net it is, names and shapes tell.
import { FormatError, UsageError } from '../errors.ts'
import type { NamedArrays } from '../formats/arrays.ts'
import { type Net, type Parameter, parametersOf } from '../model/model.ts'
import { weightsFor } from '../model/weights-for.ts'
import { modelNamed, zoo } from '../model/zoo/index.ts'
import { fits, type Mapping, type Match, matchArrays } from './match-arrays.ts'

export interface ImportedWeights extends Match {
  readonly net: Net
  readonly weights: ReadonlyMap<string, Float32Array>
  /** The net's name in the zoo, where it was looked for there. */
  readonly model?: string
  /** Other models of the zoo with the same parameters: shapes do not tell ReLU from tanh. */
  readonly alsoFits: readonly string[]
}

export interface ImportOptions {
  /** The net that the arrays belong to; otherwise the zoo is searched. */
  readonly net?: Net
  /** The name in the zoo, where channels and classes are to be found out. */
  readonly model?: string
  /** Parameter of the net → array of the file, where the rest would guess wrong. */
  readonly map?: Mapping
  readonly file?: string
}

const LISTED = 12

interface Candidate {
  readonly net: Net
  readonly model?: string
}

/**
 * Matches by name, where names fail by order and shape; every array must have its place.
 * @throws FormatError where no net fits, naming what does not; UsageError for a map to an array that is not there.
 */
export function importWeights(arrays: NamedArrays, options: ImportOptions = {}): ImportedWeights {
  const { net, model, map = new Map(), file = 'weights' } = options
  for (const [name, from] of map) {
    if (arrays.has(from)) continue
    throw new UsageError(`${file}: ${name} was mapped to '${from}'; the file holds ${list(arrays)}`)
  }
  const candidates = net ? [{ net }] : candidatesFor(arrays, model === undefined ? Object.keys(zoo) : [model])
  const matches = candidates.flatMap((candidate) => {
    const match = matchArrays(candidate.net, arrays, map)
    return match ? [{ ...candidate, ...match }] : []
  })
  const best = matches.find(({ by }) => by === 'name') ?? matches[0]
  if (best === undefined) throw mismatch(arrays, { ...options, map, file })
  const rivals = matches.filter(({ by, model }) => by === best.by && model !== best.model)
  const mapped = new Map([...best.mapping].map(([name, from]) => [name, arrays.get(from)!]))
  const weights = weightsFor(best.net, mapped, file)
  return { ...best, weights, alsoFits: [...new Set(rivals.flatMap(({ model }) => model ?? []))] }
}

/** The zoo's nets in the widths that the arrays could have: as many channels and classes as some array says. */
function candidatesFor(arrays: NamedArrays, models: readonly string[]): Candidate[] {
  const extents = (axes: number, axis: number) => [
    ...new Set(
      [...arrays.values()].flatMap(({ shape, data }) =>
        shape.length === axes && data.length > 0 ? [shape[axis]!] : [],
      ),
    ),
  ]
  const channels = extents(4, 1).filter((count) => count === 1 || count === 3)
  const classes = extents(2, 0)
  return models
    .filter((model) => parametersOf(modelNamed(model)).length === arrays.size)
    .flatMap((model) =>
      channels.flatMap((channel) =>
        (learnsClasses(model) ? classes.toReversed() : [10]).map((count) => ({
          model,
          net: modelNamed(model, { channels: channel, classes: count }),
        })),
      ),
    )
}

/** Whether the number of classes shows in the parameters: codes that are drawn are none. */
const learnsClasses = (model: string): boolean => {
  const [ten, more] = [10, 26].map((classes) => JSON.stringify(parametersOf(modelNamed(model, { classes }))))
  return ten !== more
}

type Told = ImportOptions & { readonly map: Mapping; readonly file: string }

/** Says of the net that was meant what does not fit; where nobody knows which that is, what the file holds. */
function mismatch(arrays: NamedArrays, { net, model, map, file }: Told): FormatError | UsageError {
  if (arrays.size === 0) return new FormatError(file, 'holds no tensors')
  const meant =
    model ?? Object.keys(zoo).find((name) => parametersOf(modelNamed(name)).every((p) => arrays.has(p.name)))
  const parameters = net ? parametersOf(net) : meant && parametersOf(widened(meant, arrays))
  if (!parameters) {
    return new FormatError(file, `fits none of the models ${Object.keys(zoo).join(', ')}; it holds ${list(arrays)}`, {
      hint: 'say which model it is, or save it with its layer list',
    })
  }
  const who = net ? 'the model' : meant
  const stranger = [...map.keys()].find((key) => !parameters.some(({ name }) => name === key))
  if (stranger !== undefined) {
    const names = parameters.map(({ name }) => name).join(', ')
    return new UsageError(`${file}: '${stranger}' was mapped, but ${who} has ${names}`)
  }
  const nameOf = ({ name }: Parameter) => map.get(name) ?? name
  for (const parameter of parameters) {
    const array = arrays.get(nameOf(parameter))
    const problem = `tensor '${nameOf(parameter)}' is`
    if (array === undefined) {
      return new FormatError(file, `${problem} missing; it holds ${list(arrays)}`, {
        hint: `order and shapes do not fit ${who} either; map each parameter to a tensor, or say which model it is`,
      })
    }
    if (fits(array, parameter)) continue
    return new FormatError(file, `${problem} [${array.shape}] but ${who} wants [${parameter.shape}]`)
  }
  const used = new Set(parameters.map(nameOf))
  if (used.size < parameters.length) return new UsageError(`${file}: two parameters were mapped to one tensor`)
  const left: NamedArrays = new Map([...arrays].filter(([name]) => !used.has(name)))
  return new FormatError(file, `holds ${list(left)}, for which ${who} has no place`)
}

/** A model of the zoo with the channels and classes that arrays of its names have. */
function widened(model: string, arrays: NamedArrays): Net {
  const parameters = parametersOf(modelNamed(model))
  const extent = (parameter: Parameter | undefined, axis: number, otherwise: number) => {
    const array = arrays.get(parameter?.name ?? '')
    return (array && array.data.length > 0 && array.shape[axis]) || otherwise
  }
  const channels = extent(parameters[0], 1, 3)
  const classes = extent(
    parameters.findLast(({ shape }) => shape.length === 2),
    0,
    10,
  )
  return modelNamed(model, { channels: channels === 1 ? 1 : 3, classes })
}

function list(arrays: NamedArrays): string {
  const some = [...arrays].slice(0, LISTED).map(([name, { shape }]) => `${name.slice(0, 60)} [${shape}]`)
  return [...some, ...(arrays.size > LISTED ? [`${arrays.size - LISTED} more`] : [])].join(', ')
}
