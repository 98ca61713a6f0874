// Starting from another model's weights: which are kept, which stay frozen, which begin anew.
import { describeNet, type Net, netFrom, parametersOf, type TrainedModel, UsageError, type Weights } from 'lenet'

export interface FineTuning {
  readonly net: Net
  /** Weights to begin with; parameters that are not here begin anew. */
  readonly kept: Weights
  readonly frozen: ReadonlySet<string>
}

export interface FineTuneFlags {
  readonly freeze?: string
  readonly reset?: string
}

/** @throws UsageError for patterns that match nothing, and for another number of classes without a reset. */
export function fineTune(model: TrainedModel, classes: number, { freeze, reset }: FineTuneFlags): FineTuning {
  const net = withClasses(model, classes)
  const names = parametersOf(net).map(({ name }) => name)
  const begun = matching('--reset', reset, names)
  const frozen = matching('--freeze', freeze, names)
  for (const { name, shape } of parametersOf(net)) {
    const size = shape.reduce((product, extent) => product * extent, 1)
    if (begun.has(name) || model.weights.get(name)?.length === size) continue
    const entry = name.slice(0, name.lastIndexOf('.'))
    throw new UsageError(
      `lenet train: '${name}' is [${shape}] for ${classes} classes, and the model has ${model.classes.length}`,
      `let it start anew: --reset ${entry}`,
    )
  }
  const both = [...frozen].find((name) => begun.has(name))
  if (both !== undefined) throw new UsageError(`lenet train: '${both}' cannot be frozen and start anew`)
  if (frozen.size === names.length) throw new UsageError('lenet train: --freeze leaves nothing to train')
  return { net, frozen, kept: new Map([...model.weights].filter(([name]) => !begun.has(name))) }
}

/** The same layers; the last that can be told how many outputs it has gets as many as there are classes. */
function withClasses({ net }: TrainedModel, classes: number): Net {
  if (net.entries.at(-1)!.output[0] === classes) return net
  const { layers, ...rest } = describeNet(net)
  const last = Object.entries(layers).findLast(([, { options }]) => 'out' in options)
  if (last === undefined) throw new UsageError(`lenet train: the model has no layer that could give ${classes} scores`)
  const [name, entry] = last
  return netFrom(
    { ...rest, layers: { ...layers, [name]: { ...entry, options: { ...entry.options, out: classes } } } },
    'model',
  )
}

/** `layer1.0.conv1.weight`, `layer1.0.conv1`, `layer1.0`, `layer1`. */
const partsOf = (name: string): string[] => name.split('.').map((_, at, all) => all.slice(0, all.length - at).join('.'))

/** Parameters whose name, or whose entry's or block's name, matches one of the patterns; `*` stands for anything. */
function matching(option: string, patterns: string | undefined, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const pattern of patterns?.split(',') ?? []) {
    const expression = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)
    const matched = names.filter((name) => partsOf(name).some((part) => expression.test(part)))
    if (matched.length === 0)
      throw new UsageError(`lenet train: ${option} '${pattern}' matches none of ${names.join(', ')}`)
    for (const name of matched) found.add(name)
  }
  return found
}
