// Every layer and every example, and no layer by its name: engines agree to the last bit, gradients are those of the
// function, the declared shape is what the equations reach.
import { expect, test } from 'vitest'
import { type Machine, sizeOf } from '../engine/program.ts'
import { referenceMachine } from '../engine/reference.ts'
import { threadedWasmMachine, wasmMachine } from '../engine/wasm/machine.ts'
import { reach } from '../equation/bound.ts'
import { gradientOf } from '../equation/differentiate.ts'
import { parseEquation } from '../equation/parse.ts'
import { printEquation } from '../equation/print.ts'
import { readOnnx, writeOnnx } from '../formats/onnx.ts'
import { bindEntry, outputOf } from '../model/bind-entry.ts'
import { describeNet, netFrom } from '../model/description.ts'
import { Draft } from '../model/draft.ts'
import type { Entry, Net } from '../model/model.ts'
import { exportOnnx } from '../model/onnx-export.ts'
import { importOnnx } from '../model/onnx-import.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import { createRandom } from '../random/random.ts'
import { nativeMachinesHere } from '../testing/native-machines.ts'
import { tolerances } from '../testing/tolerances.ts'
import { catalogue } from './index.ts'
import { completeOptions } from './options.ts'

const cases = [...catalogue.values()].flatMap((definition) =>
  definition.examples.map((example, index) => ({
    definition,
    example,
    title: `${definition.name}: ${example.title ?? `example ${index + 1}`}`,
  })),
)

/** One entry that reads inputs of the example's shape; all of them and all parameters get gradients. */
function entryOf({ definition, example }: (typeof cases)[number]): Entry {
  const options = completeOptions(definition.name, definition.options, example.options as Record<string, unknown>)
  const inputs = (definition.inputs ?? ['x']).map((_, at) => `in${at}`)
  const inputShapes = inputs.map(() => example.input)
  const output = definition.output(example.input, options as never, ...inputShapes.slice(1))
  const parameters = Object.entries(definition.parameters?.(example.input, options as never) ?? {}).map(
    ([own, { shape, fan }]) => ({ name: `it.${own}`, shape, fan }),
  )
  return {
    name: 'it',
    layer: { definition, given: example.options as Record<string, unknown>, options },
    inputs,
    inputShapes,
    output,
    parameters,
  }
}

function programOf(entry: Entry) {
  const draft = new Draft('train')
  for (const [at, input] of entry.inputs.entries()) draft.input(outputOf(input), entry.inputShapes[at]!, 'float32')
  draft.entry(entry)
  draft.input('dy', entry.output, 'float32')
  const trained = entry.parameters.map(({ name }) => name)
  const read = entry.inputs.map(outputOf)
  draft.differentiate(outputOf('it'), 'dy', new Set([...trained, ...read]))
  const size = entry.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  return draft.program(
    [outputOf('it'), ...read.map(gradientOf)],
    trained,
    size > 0 ? planUpdate(sgd({ lr: 0.1 }), size) : undefined,
  )
}

/** As many of the values as the machine has room for. */
const put = (machine: Machine, tensor: string, values: Float32Array): void => {
  const input = machine.input(tensor)
  input.set(values.subarray(0, input.length))
}

/** The same numbers for every machine; a few of them extreme, and some equal. */
function fill(machine: Machine, entry: Entry, samples: number): void {
  const random = createRandom(5, 'noise')
  const values = (count: number, scale: number) =>
    Float32Array.from({ length: count }, () => (Math.round((random() * 2 - 1) * 64) / 64) * scale)
  for (const { name, shape } of entry.parameters) machine.write(name, values(sizeOf(shape), 1))
  for (const [at, input] of entry.inputs.entries())
    put(machine, outputOf(input), values(samples * sizeOf(entry.inputShapes[at]!), 3))
  put(machine, 'dy', values(samples * sizeOf(entry.output), 1))
  for (const [name, { shape }] of bindEntry(entry, 'train').noise)
    put(machine, name, values(samples * sizeOf(shape), 1))
  if (entry.parameters.length > 0)
    for (const [name, value] of Object.entries(sgd({ lr: 0.1 }).settings(0.1, []))) machine.write(name, [value])
}

const run = (machine: Machine, samples: number): void => {
  machine.start(samples)
  machine.finish()
}

function expectSameBits(a: Float32Array, b: Float32Array, what: string): void {
  const at = a.findIndex((value, index) => !Object.is(value, b[index]))
  expect(at < 0 ? 'equal' : `${what}[${at}]: ${a[at]} and ${b[at]}`).toBe('equal')
}

test.each(cases)('$title gives the same bits on every engine', async (one) => {
  const entry = entryOf(one)
  const program = programOf(entry)
  const samples = 21
  const reference = referenceMachine(program, samples)
  const others = [
    wasmMachine(program, samples),
    await threadedWasmMachine(program, samples, 2),
    ...nativeMachinesHere(program, samples, [1, 2]),
  ]
  for (const machine of [reference, ...others]) fill(machine, entry, samples)
  for (let step = 0; step < 2; step++) for (const machine of [reference, ...others]) run(machine, samples)
  for (const machine of others) {
    for (const name of program.outputs) {
      const count = samples * sizeOf(program.tensors.get(name)!.shape)
      expectSameBits(reference.output(name).slice(0, count), machine.output(name).slice(0, count), name)
    }
    for (const name of program.parameters)
      for (const tensor of [name, gradientOf(name)])
        expectSameBits(reference.read(tensor), machine.read(tensor), tensor)
    machine.close()
  }
})

test.each(cases)('$title has the gradient of its function', (one) => {
  const entry = entryOf(one)
  const program = programOf(entry)
  const machine = referenceMachine(program, 1, 'float64')
  fill(machine, entry, 1)
  const random = createRandom(9, 'noise')
  const places: [
    get: () => ArrayLike<number>,
    set: (values: Float64Array) => void,
    gradient: () => ArrayLike<number>,
  ][] = [
    ...entry.inputs
      .map(outputOf)
      .map((name): (typeof places)[number] => [
        () => machine.input(name),
        (values) => machine.input(name).set(values),
        () => machine.output(gradientOf(name)),
      ]),
    ...program.parameters.map((name): (typeof places)[number] => [
      () => machine.read(name),
      (values) => machine.write(name, values),
      () => machine.read(gradientOf(name)),
    ]),
  ]
  // Off the grid on which `fill` puts values: no ties, no corners.
  for (const [get, set] of places) set(Float64Array.from(get(), (value) => value + (random() - 0.5) / 70))
  const start = places.map(([get]) => Float64Array.from(get()))
  const directions = start.map((values) => values.map(() => random() - 0.5))
  const lossAt = (distance: number) => {
    places.forEach(
      ([, set], at) => void set(start[at]!.map((value, index) => value + distance * directions[at]![index]!)),
    )
    run(machine, 1)
    const y = machine.output(outputOf('it'))
    return Array.from(machine.input('dy')).reduce((sum, weight, index) => sum + weight * y[index]!, 0)
  }
  lossAt(0)
  const slope = places.reduce(
    (sum, [, , gradient], at) =>
      sum + Array.from(gradient()).reduce((part, value, index) => part + value * directions[at]![index]!, 0),
    0,
  )
  const distance = 1e-5
  const measured = (lossAt(distance) - lossAt(-distance)) / (2 * distance)
  expect(Math.abs(measured - slope)).toBeLessThan(tolerances.finiteDifference * Math.max(1, Math.abs(slope)))
})

test.each(cases)('$title reaches exactly the shape that it declares', (one) => {
  const entry = entryOf(one)
  const written = bindEntry(entry, 'predict').equations.filter(({ target }) => target.tensor === outputOf('it'))
  expect(written.length).toBeGreaterThan(0)
  for (const { target, axes } of written)
    expect(target.indices.map((index) => reach(index, axes))).toEqual(entry.output.map((extent) => [0, extent - 1]))
})

test.each(cases)('$title survives being written down', (one) => {
  const entry = entryOf(one)
  const { definition } = one
  const texts =
    typeof definition.equations === 'function'
      ? definition.equations(one.example.input, entry.layer.options as never)
      : definition.equations
  for (const text of texts)
    expect({ ...parseEquation(printEquation(parseEquation(text))), text: '' }).toMatchObject({
      reduction: parseEquation(text).reduction,
    })
  for (const text of texts)
    expect(printEquation(parseEquation(printEquation(parseEquation(text))))).toBe(printEquation(parseEquation(text)))
  if (entry.inputs.length > 1) return
  const net: Net = { input: one.example.input, entries: [{ ...entry, inputs: ['input'] }] }
  const again = netFrom(JSON.parse(JSON.stringify(describeNet(net))), 'test')
  expect(again.entries[0]).toMatchObject({ output: entry.output, parameters: entry.parameters })
})

const isReadable = ({ definition, example }: (typeof cases)[number]): boolean =>
  definition.onnx?.read !== undefined &&
  (definition.inputs?.length ?? 1) === 1 &&
  definition.constants?.(
    example.input,
    completeOptions(definition.name, definition.options, example.options as Record<string, unknown>) as never,
  ).table === undefined

test.each(cases.filter(isReadable))('$title comes back from ONNX with its shape and weights', (one) => {
  const entry = entryOf(one)
  const net: Net = { input: one.example.input, entries: [{ ...entry, inputs: ['input'] }] }
  const random = createRandom(6, 'noise')
  const weights = new Map(
    entry.parameters.map(({ name, shape }) => [name, Float32Array.from({ length: sizeOf(shape) }, random)]),
  )
  const bytes = exportOnnx({
    net,
    weights,
    classes: [],
    normalisation: { mean: [0], std: [1] },
    preparation: 'picture',
  })
  const read = importOnnx(writeOnnx({ ...readOnnx(bytes), metadata: {} }), 'x.onnx')
  expect(read.net.entries.at(-1)!.output).toEqual(entry.output)
  expect([...read.weights.values()]).toEqual([...weights.values()])
})

test.each(cases)(
  '$title answers for one sample as it does in a batch, and learns from it as the reference does',
  (one) => {
    const entry = entryOf(one)
    const program = programOf(entry)
    const batch = wasmMachine(program, 7)
    const reference = referenceMachine(program, 1)
    const alone = [wasmMachine(program, 1), ...nativeMachinesHere(program, 1, [1])]
    for (const machine of [batch, reference, ...alone]) fill(machine, entry, 7)
    for (const input of [...entry.inputs.map(outputOf), 'dy', ...bindEntry(entry, 'train').noise.keys()]) {
      const size = sizeOf(program.tensors.get(input)!.shape)
      const values = batch.input(input).slice(5 * size, 6 * size)
      for (const machine of [reference, ...alone]) machine.input(input).set(values)
    }
    for (const machine of [batch, reference, ...alone]) run(machine, machine === batch ? 7 : 1)
    for (const machine of alone) {
      for (const name of program.outputs) {
        const size = sizeOf(program.tensors.get(name)!.shape)
        expectSameBits(batch.output(name).slice(5 * size, 6 * size), machine.output(name).slice(0, size), name)
      }
      for (const name of program.parameters)
        for (const tensor of [name, gradientOf(name)])
          expectSameBits(reference.read(tensor), machine.read(tensor), tensor)
    }
  },
)
