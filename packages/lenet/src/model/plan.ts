// Net → program: what is computed for each sample, the loss, the gradients and the update. A plan also says which tensor
// is which: what is fed, what is read, and what an entry or a parameter is called outside.
import type { Input, Machine, Program, Update } from '../engine/program.ts'
import { sharedVariable, type Variable } from '../equation/variable.ts'
import { ShapeError, UsageError } from '../errors.ts'
import type { Layer, NoiseSpec } from '../layers/layer.ts'
import { outputVariable } from './bind-entry.ts'
import { type Entry, INPUT, type Net, parametersOf } from './model.ts'
import { ProgramBuilder } from './program-builder.ts'

export interface Plan {
  readonly program: Program
  /** One image a sample. */
  readonly pixels: Variable
  /** value = pixel · scale + shift, one of each for a channel. */
  readonly scale: Variable
  readonly shift: Variable
  /** What the model gives. */
  readonly scores: Variable
  /** What every entry gives, by its name; under `input` the pixels after normalisation. */
  readonly values: ReadonlyMap<string, Variable>
  /** The parameters that the program reads, by their full names. */
  readonly parameters: ReadonlyMap<string, Variable>
  /** Of the parameters that are trained, by their names. */
  readonly gradients: ReadonlyMap<string, Variable>
}

/** Labels come in, and each sample's loss goes out. */
export interface EvaluationPlan extends Plan {
  readonly label: Variable
  readonly loss: Variable
}

export interface TrainingPlan extends EvaluationPlan {
  /** What each sample's loss counts: 1 over the batch. */
  readonly weight: Variable
  /** Inputs that are filled with random numbers. */
  readonly noise: ReadonlyMap<Variable, NoiseSpec>
}

/** Curvatures stand in the place of gradients. */
export interface CurvaturePlan extends Plan {
  /** Absent where the curvature begins at the output layer. */
  readonly label?: Variable
}

export interface TrainingOptions {
  readonly loss: Layer
  /** Targets are 1 − smoothing + smoothing/classes for the label and smoothing/classes for the others. */
  readonly labelSmoothing: number
  readonly update?: Update
  /** Parameters that stay as they are. */
  readonly frozen?: ReadonlySet<string>
  /** Entries whose values are read from outside as well; `input` is the image after normalisation. */
  readonly reads?: readonly string[]
}

/** Scores for each sample; `reads` names entries whose values are read, too. */
export function planPrediction(net: Net, element: Input['element'], reads: readonly string[] = []): Plan {
  const builder = new ProgramBuilder('predict')
  const parts = addNet(builder, net, element)
  return planOf(builder, parts, builder.program(outputsOf(parts, reads)))
}

/** Scores, loss and gradients for each batch, and the update. */
export function planTraining(
  net: Net,
  element: Input['element'],
  { loss, labelSmoothing, frozen, update, reads = [] }: TrainingOptions,
): TrainingPlan {
  const builder = new ProgramBuilder('train')
  const parts = addNet(builder, net, element)
  const { label, target } = addTarget(builder, parts.scores, labelSmoothing)
  const lossOfSample = builder.entry(lossEntry(loss, parts.scores), [parts.scores, target])
  const weight = sharedVariable('weight of a sample', [])
  const wanted = wantedParameters(builder, net, frozen)
  builder.differentiate(lossOfSample, weight, new Set(wanted))
  const program = builder.program([...outputsOf(parts, reads), lossOfSample], wanted, update)
  return { ...planOf(builder, parts, program), label, loss: lossOfSample, weight, noise: builder.noise }
}

/** Loss and scores without learning: evaluation. */
export function planEvaluation(net: Net, element: Input['element'], loss: Layer): EvaluationPlan {
  const builder = new ProgramBuilder('predict')
  const parts = addNet(builder, net, element)
  const { label, target } = addTarget(builder, parts.scores, 0)
  const lossOfSample = builder.entry(lossEntry(loss, parts.scores), [parts.scores, target])
  return { ...planOf(builder, parts, builder.program([parts.scores, lossOfSample])), label, loss: lossOfSample }
}

/**
 * The curvature of every parameter, summed over the samples, in the place of gradients: from the loss if it declares one,
 * or else from the output layer.
 * @throws UsageError where neither does, or where weights of the output layer itself are to be trained.
 */
export function planCurvature(
  net: Net,
  element: Input['element'],
  { loss, frozen, update }: Pick<TrainingOptions, 'loss' | 'frozen' | 'update'>,
): CurvaturePlan {
  const builder = new ProgramBuilder('predict')
  const last = net.entries.at(-1)!
  const isLoss = loss.definition.curvature !== undefined
  if (!isLoss && last.layer.definition.curvature === undefined)
    throw new UsageError(
      `curvature: neither the loss ${loss.definition.name} nor the layer ${last.layer.definition.name} says where it begins`,
    )
  const without = isLoss ? undefined : last.parameters.find(({ name }) => !frozen?.has(name))
  if (without !== undefined)
    throw new UsageError(
      `curvature: it begins before ${without.name}, which gets none; freeze it, or give a loss that says where it begins`,
    )
  const parts = addNet(builder, isLoss ? net : { ...net, entries: net.entries.slice(0, -1) }, element)
  const wanted = () => wantedParameters(builder, net, frozen)
  if (!isLoss) {
    builder.curve(
      last,
      last.inputs.map((name) => parts.values.get(name)!),
      new Set(wanted()),
    )
    return planOf(builder, parts, builder.program([], wanted(), update))
  }
  const { label, target } = addTarget(builder, parts.scores, 0)
  builder.curve(lossEntry(loss, parts.scores), [parts.scores, target], new Set(wanted()))
  return { ...planOf(builder, parts, builder.program([], wanted(), update)), label }
}

/** Gives a machine the weights of a net. Those that its program does not read are passed over. */
export function writeWeights(
  machine: Pick<Machine, 'write'>,
  { parameters }: Pick<Plan, 'parameters'>,
  weights: ReadonlyMap<string, Float32Array>,
): void {
  for (const [name, tensor] of parameters) machine.write(tensor, weights.get(name)!)
}

type Parts = Pick<Plan, 'pixels' | 'scale' | 'shift' | 'scores' | 'values'>

/** Pixels, normalised, through every layer. */
function addNet(builder: ProgramBuilder, net: Net, element: Input['element']): Parts {
  const pixels = builder.input('pixels', net.input, element)
  const perChannel = net.input.length === 3
  const each = perChannel ? [net.input[0]!] : []
  const [scale, shift] = [sharedVariable('scale of the pixels', each), sharedVariable('shift of the pixels', each)]
  const channel = perChannel ? '[c]' : '[]'
  const text = `y[...] = pixels[...] * scale${channel} + shift${channel}`
  const { name } = outputVariable({ name: INPUT, output: net.input })
  const values = new Map([[INPUT, builder.equation(name, text, { pixels, scale, shift }, net.input)]])
  for (const entry of net.entries)
    values.set(
      entry.name,
      builder.entry(
        entry,
        entry.inputs.map((input) => values.get(input)!),
      ),
    )
  return { pixels, scale, shift, values, scores: values.get(net.entries.at(-1)?.name ?? INPUT)! }
}

const outputsOf = ({ scores, values }: Parts, reads: readonly string[]): Variable[] => [
  ...new Set([scores, ...reads.map((name) => values.get(name)!)]),
]

function planOf(builder: ProgramBuilder, parts: Parts, program: Program): Plan {
  const used = new Set(program.tensors)
  const parameters = new Map([...builder.parameters].filter(([, tensor]) => used.has(tensor)))
  const gradients = new Map(program.trained.map(({ parameter, gradient }) => [parameter.name, gradient]))
  return { program, ...parts, parameters, gradients }
}

/** In model order. */
const wantedParameters = (builder: ProgramBuilder, net: Net, frozen?: ReadonlySet<string>): Variable[] =>
  parametersOf(net)
    .filter(({ name }) => !frozen?.has(name))
    .flatMap(({ name }) => builder.parameters.get(name) ?? [])

/** Labels as rows of weights. */
function addTarget(builder: ProgramBuilder, scores: Variable, smoothing: number) {
  const { shape } = scores
  if (shape.length !== 1)
    throw new ShapeError(`model: it gives [${shape}]; to be trained it must give one score a class`)
  const off = smoothing / shape[0]!
  const label = builder.input('label', [], 'float32')
  const options = { on: 1 - smoothing + off, off }
  const target = builder.equation('target', 'y[k] = label[] == k ? on : off', { label }, shape, options)
  return { label, target }
}

/** A loss as an entry of no model. */
const lossEntry = (loss: Layer, { shape }: Variable): Entry => ({
  name: 'loss',
  layer: loss,
  inputs: ['scores', 'target'],
  inputShapes: [shape, shape],
  output: loss.definition.output(shape, loss.options as never, shape),
  parameters: [],
})
