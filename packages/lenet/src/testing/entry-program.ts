// One layer alone as a program: its inputs and what flows back into its output are fed, and everything that it reads gets
// a gradient.
import { type Machine, type Program, sizeOf } from '../engine/program.ts'
import type { Variable } from '../equation/variable.ts'
import type { LayerDefinition, NoiseSpec } from '../layers/layer.ts'
import { completeOptions } from '../layers/options.ts'
import { outputVariable } from '../model/bind-entry.ts'
import type { Entry } from '../model/model.ts'
import { ProgramBuilder } from '../model/program-builder.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import { createRandom } from '../random/random.ts'
import type { Shape } from '../tensor.ts'

export interface EntryProgram {
  readonly entry: Entry
  readonly program: Program
  readonly inputs: readonly Variable[]
  readonly output: Variable
  /** The gradient of the output, which is fed. */
  readonly flow: Variable
  readonly parameters: readonly Variable[]
  readonly noise: ReadonlyMap<Variable, NoiseSpec>
  gradientOf(variable: Variable): Variable | undefined
}

export function entryOf(
  definition: LayerDefinition,
  given: Readonly<Record<string, unknown>>,
  inputShapes: readonly Shape[],
): Entry {
  const options = completeOptions(definition.name, definition.options, given)
  const [first, ...others] = inputShapes as readonly [Shape, ...Shape[]]
  const specs = Object.entries(definition.parameters?.(first, options as never) ?? {})
  return {
    name: 'it',
    layer: { definition, given, options },
    inputs: inputShapes.map((_, at) => `in${at}`),
    inputShapes,
    output: definition.output(first, options as never, ...others),
    parameters: specs.map(([own, { shape, fan }]) => ({ name: `it.${own}`, shape, fan })),
  }
}

export function entryProgram(entry: Entry): EntryProgram {
  const builder = new ProgramBuilder('train')
  const inputs = entry.inputs.map((name, at) =>
    builder.input(outputVariable({ name, output: entry.inputShapes[at]! }).name, entry.inputShapes[at]!, 'float32'),
  )
  const output = builder.entry(entry, inputs)
  const flow = builder.input('flow', entry.output, 'float32')
  const parameters = [...builder.parameters.values()]
  builder.differentiate(output, flow, new Set([...parameters, ...inputs]))
  const size = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const gradients = inputs.flatMap((input) => builder.gradientOf(input) ?? [])
  const update = size > 0 ? planUpdate(sgd({ lr: 0.1 }), size) : undefined
  const program = builder.program([output, ...gradients], parameters, update)
  const gradientOf = (variable: Variable) => builder.gradientOf(variable)
  return { entry, program, inputs, output, flow, parameters, noise: builder.noise, gradientOf }
}

/** As many of the values as the machine has room for. */
const put = (machine: Machine, tensor: Variable, values: Float32Array): void => {
  const input = machine.input(tensor)
  input.set(values.subarray(0, input.length))
}

/** The same numbers for every machine; a few of them extreme, and some equal. */
export function fillEntry(machine: Machine, one: EntryProgram, samples: number): void {
  const random = createRandom(5, 'noise')
  const values = ({ shape }: Variable, scale: number, count = samples) =>
    Float32Array.from({ length: count * sizeOf(shape) }, () => (Math.round((random() * 2 - 1) * 64) / 64) * scale)
  const { parameters, inputs, flow, noise, program } = one
  for (const parameter of parameters)
    if (program.tensors.includes(parameter)) machine.write(parameter, values(parameter, 1, 1))
  for (const input of inputs) put(machine, input, values(input, 3))
  put(machine, flow, values(flow, 1))
  for (const tensor of noise.keys()) put(machine, tensor, values(tensor, 1))
  const settings = sgd({ lr: 0.1 }).settings(0.1, [])
  for (const [name, setting] of program.update?.settings ?? []) machine.write(setting, [settings[name]!])
}

/** The first place where two rows of numbers differ in a bit, in words. */
export function differingBit(a: Float32Array, b: Float32Array, what: Variable): string | undefined {
  const at = a.findIndex((value, index) => !Object.is(value, b[index]))
  return at < 0 ? undefined : `${what.name}[${at}]: ${a[at]} and ${b[at]}`
}

/** Where two machines differ after a run of so many samples: outputs, parameters, gradients. */
export function differences({ program }: EntryProgram, a: Machine, b: Machine, samples: number): string[] {
  const outputs = program.outputs.map((tensor) => {
    const count = samples * sizeOf(tensor.shape)
    return differingBit(a.output(tensor).slice(0, count), b.output(tensor).slice(0, count), tensor)
  })
  const shared = program.trained.flatMap(({ parameter, gradient }) => [parameter, gradient])
  return [...outputs, ...shared.map((tensor) => differingBit(a.read(tensor), b.read(tensor), tensor))].flatMap(
    (difference) => difference ?? [],
  )
}

export const runOnce = (machine: Machine, samples: number): void => {
  machine.start(samples)
  machine.finish()
}

interface Slopes {
  /** Along a random direction: what the gradients say, and what the function does. */
  readonly derived: number
  readonly measured: number
  /** Whether the function bends there: the two sides have slopes of their own. */
  readonly kink: boolean
}

/** Derived gradients against finite differences, on a float64 reference machine that was filled. */
export function compareSlopes(machine: Machine, one: EntryProgram): Slopes {
  const random = createRandom(9, 'noise')
  const { inputs, output, flow, gradientOf, program } = one
  const places = [
    ...inputs.map((tensor) => ({
      get: () => machine.input(tensor),
      set: (values: Float64Array) => machine.input(tensor).set(values),
      gradient: () => (gradientOf(tensor) ? machine.output(gradientOf(tensor)!) : []),
    })),
    ...program.trained.map(({ parameter: tensor, gradient }) => ({
      get: () => machine.read(tensor),
      set: (values: Float64Array) => machine.write(tensor, values),
      gradient: () => machine.read(gradient),
    })),
  ]
  // Off the grid on which values are put: no ties, no corners.
  for (const { get, set } of places) set(Float64Array.from(get(), (value) => value + (random() - 0.5) / 70))
  const start = places.map(({ get }) => Float64Array.from(get()))
  const directions = start.map((values) => values.map(() => random() - 0.5))
  const lossAt = (distance: number) => {
    places.forEach(({ set }, at) => {
      set(start[at]!.map((value, index) => value + distance * directions[at]![index]!))
    })
    runOnce(machine, 1)
    const y = machine.output(output)
    return Array.from(machine.input(flow)).reduce((sum, weight, index) => sum + weight * y[index]!, 0)
  }
  lossAt(0)
  const derived = places.reduce(
    (sum, { gradient }, at) =>
      sum + Array.from(gradient()).reduce((part, value, index) => part + value * directions[at]![index]!, 0),
    0,
  )
  const distance = 1e-5
  const [before, here, after] = [lossAt(-distance), lossAt(0), lossAt(distance)]
  const sides = [(here - before) / distance, (after - here) / distance] as const
  const kink = Math.abs(sides[0] - sides[1]) > 1e-3 * Math.max(1, Math.abs(sides[0]))
  return { derived, measured: (after - before) / (2 * distance), kink }
}
