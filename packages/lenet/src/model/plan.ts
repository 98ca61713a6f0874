// Net → program: what is computed for each sample, the loss, the gradients and the update.
import type { Input, Program, Update } from '../engine/program.ts'
import { ShapeError, UsageError } from '../errors.ts'
import type { Layer, NoiseSpec } from '../layers/layer.ts'
import { outputOf } from './bind-entry.ts'
import { Draft } from './draft.ts'
import { type Entry, INPUT, type Net, parametersOf } from './model.ts'

/** Per-sample inputs and shared numbers that every planned model has. */
export const names = {
  pixels: 'pixels',
  /** value = pixel · scale + shift, one of each for a channel. */
  scale: 'input.scale',
  shift: 'input.shift',
  label: 'label',
  loss: outputOf('loss'),
  /** What each sample's loss counts: 1 over the batch. */
  weight: 'loss.weight',
} as const

export interface Plan {
  readonly program: Program
  /** The tensor that holds the model's scores. */
  readonly scores: string
  /** Inputs that are filled with random numbers. */
  readonly noise: ReadonlyMap<string, NoiseSpec>
}

export interface TrainingPlan {
  readonly loss: Layer
  /** Targets are 1 − smoothing + smoothing/classes for the label and smoothing/classes for the others. */
  readonly labelSmoothing: number
  readonly update?: Update
  /** Parameters that stay as they are. */
  readonly frozen?: ReadonlySet<string>
  /** Further tensors to be read, such as `conv1.y`. */
  readonly outputs?: readonly string[]
}

/** Scores for each sample; `outputs` names further tensors to be read, such as `conv1.y`. */
export function planPrediction(net: Net, element: Input['element'], outputs: readonly string[] = []): Plan {
  const draft = new Draft('predict')
  const scores = addNet(draft, net, element)
  return { program: draft.program([...new Set([scores, ...outputs])]), scores, noise: new Map() }
}

/** Scores, loss and gradients for each batch, and the update. */
export function planTraining(
  net: Net,
  element: Input['element'],
  { loss, labelSmoothing, frozen, update, outputs = [] }: TrainingPlan,
): Plan {
  const draft = new Draft('train')
  const scores = addNet(draft, net, element)
  addLoss(draft, scores, loss, labelSmoothing)
  draft.shared(names.weight, [])
  const trained = parametersOf(net)
    .map(({ name }) => name)
    .filter((name) => !frozen?.has(name))
  draft.differentiate(names.loss, names.weight, new Set(trained))
  return {
    program: draft.program([...new Set([scores, names.loss, ...outputs])], trained, update),
    scores,
    noise: draft.noise,
  }
}

/** Loss and scores without learning: evaluation. */
export function planEvaluation(net: Net, element: Input['element'], loss: Layer): Plan {
  const draft = new Draft('predict')
  const scores = addNet(draft, net, element)
  addLoss(draft, scores, loss, 0)
  return { program: draft.program([scores, names.loss]), scores, noise: new Map() }
}

/**
 * The curvature of every parameter, summed over the samples, in the place of gradients: from the loss if it declares one,
 * or else from the output layer.
 * @throws UsageError where neither does.
 */
export function planCurvature(
  net: Net,
  element: Input['element'],
  { loss, frozen, update }: Pick<TrainingPlan, 'loss' | 'frozen' | 'update'>,
): Plan {
  const draft = new Draft('predict')
  const last = net.entries.at(-1)!
  const isLoss = loss.definition.curvature !== undefined
  if (!isLoss && last.layer.definition.curvature === undefined)
    throw new UsageError(
      `curvature: neither the loss ${loss.definition.name} nor the layer ${last.layer.definition.name} says where it begins`,
    )
  const scores = addNet(draft, isLoss ? net : { ...net, entries: net.entries.slice(0, -1) }, element)
  const wanted = parametersOf(net)
    .map(({ name }) => name)
    .filter((name) => !frozen?.has(name))
  draft.curve(isLoss ? addTarget(draft, scores, loss, 0) : last, new Set(wanted))
  return { program: draft.program([], wanted, update), scores, noise: draft.noise }
}

/** Pixels, normalised, through every layer; gives the tensor of the scores. */
function addNet(draft: Draft, net: Net, element: Input['element']): string {
  draft.input(names.pixels, net.input, element)
  const perChannel = net.input.length === 3
  for (const name of [names.scale, names.shift]) draft.shared(name, perChannel ? [net.input[0]!] : [])
  const channel = perChannel ? '[c]' : '[]'
  draft.equation(
    `y[...] = pixels[...] * scale${channel} + shift${channel}`,
    { pixels: names.pixels, scale: names.scale, shift: names.shift, y: outputOf(INPUT) },
    net.input,
  )
  for (const entry of net.entries) draft.entry(entry)
  return outputOf(net.entries.at(-1)!.name)
}

/** Labels become rows of weights, and a loss reads them. */
const addLoss = (draft: Draft, scores: string, loss: Layer, smoothing: number): void =>
  draft.entry(addTarget(draft, scores, loss, smoothing))

/** Labels as rows of weights; gives the loss that reads them. */
function addTarget(draft: Draft, scores: string, loss: Layer, smoothing: number): Entry {
  const shape = draft.shapeOf(scores)
  if (shape.length !== 1)
    throw new ShapeError(`model: it gives [${shape}]; to be trained it must give one score a class`)
  const off = smoothing / shape[0]!
  draft.input(names.label, [], 'float32')
  draft.equation('y[k] = label[] == k ? on : off', { label: names.label, y: outputOf('target') }, shape, {
    on: 1 - smoothing + off,
    off,
  })
  const entry = scores.slice(0, -outputOf('').length)
  return {
    name: 'loss',
    layer: loss,
    inputs: [entry, 'target'],
    inputShapes: [shape, shape],
    output: loss.definition.output(shape, loss.options as never, shape),
    parameters: [],
  }
}
