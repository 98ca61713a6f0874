// Every layer and every example, and no layer by its name: engines agree to the last bit, gradients are those of the
// function, the declared shape is what the equations reach.
import { expect, test } from 'vitest'
import { sizeOf } from '../engine/program.ts'
import { referenceMachine } from '../engine/reference.ts'
import { threadedWasmMachine, wasmMachine } from '../engine/wasm/machine.ts'
import { parseEquation } from '../equation/parse.ts'
import { printEquation } from '../equation/print.ts'
import { reach } from '../equation/reach.ts'
import { describeNet, netFrom } from '../files/description.ts'
import { exportOnnx } from '../files/onnx-export.ts'
import { importOnnx } from '../files/onnx-import.ts'
import { readOnnx, writeOnnx } from '../formats/onnx.ts'
import { bindEntry } from '../model/bind-entry.ts'
import type { Net } from '../model/model.ts'
import { createRandom } from '../random/random.ts'
import {
  compareSlopes,
  differences,
  differingBit,
  entryOf,
  entryProgram,
  fillEntry,
  runOnce,
} from '../testing/entry-program.ts'
import { nativeMachinesHere } from '../testing/native-machines.ts'
import { tolerances } from '../testing/tolerances.ts'
import { catalogue } from './index.ts'
import { inputNames } from './layer.ts'
import { completeOptions } from './options.ts'

const cases = [...catalogue.values()].flatMap((definition) =>
  (definition.examples ?? []).map((example, index) => ({
    definition,
    example,
    title: `${definition.name}: ${example.title ?? `example ${index + 1}`}`,
  })),
)

const of = ({ definition, example }: (typeof cases)[number]) =>
  entryOf(definition, example.options as Record<string, unknown>, [
    example.input,
    ...(example.others ??
      inputNames(definition, 1)
        .slice(1)
        .map(() => example.input)),
  ])

test('every layer has an example', () => {
  const without = [...catalogue.values()].filter(({ examples = [] }) => examples.length === 0)
  expect(without.map(({ name }) => name)).toEqual([])
})

test.each(cases)('$title gives the same bits on every engine', async (each) => {
  const one = entryProgram(of(each))
  const samples = 21
  const reference = referenceMachine(one.program, samples)
  const others = [
    wasmMachine(one.program, samples),
    await threadedWasmMachine(one.program, samples, 2),
    ...nativeMachinesHere(one.program, samples, [1, 2]),
  ]
  for (const machine of [reference, ...others]) fillEntry(machine, one, samples)
  for (let step = 0; step < 2; step++) for (const machine of [reference, ...others]) runOnce(machine, samples)
  for (const machine of others) {
    expect(differences(one, reference, machine, samples)).toEqual([])
    machine.close()
  }
})

test.each(cases)('$title has the gradient of its function', (each) => {
  const one = entryProgram(of(each))
  const machine = referenceMachine(one.program, 1, 'float64')
  fillEntry(machine, one, 1)
  const { derived, measured } = compareSlopes(machine, one)
  expect(Math.abs(measured - derived)).toBeLessThan(tolerances.finiteDifference * Math.max(1, Math.abs(derived)))
})

test.each(cases)('$title reaches exactly the shape that it declares', (each) => {
  const entry = of(each)
  const { equations, output } = bindEntry(entry, 'predict')
  const written = equations.filter(({ target }) => target.tensor === output)
  expect(written.length).toBeGreaterThan(0)
  entry.output.forEach((extent, at) => {
    const ends = written.map(({ target, axes }) => reach(target.indices[at]!, axes))
    // Parts of an output may be written by equations of their own.
    expect([Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))]).toEqual([0, extent - 1])
  })
})

test.each(cases)('$title survives being written down', (one) => {
  const entry = of(one)
  const { definition } = one
  const texts =
    typeof definition.equations === 'function'
      ? definition.equations(one.example.input, entry.layer.options as never, ...entry.inputShapes.slice(1))
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

const isReadable = ({ definition, example }: (typeof cases)[number]): boolean => {
  const options = completeOptions(definition.name, definition.options, example.options as Record<string, unknown>)
  const read = definition.onnx?.read ?? {}
  return (
    inputNames(definition, 2).length === 1 &&
    definition.constants?.(example.input, options as never).table === undefined &&
    // What newer files have one node for may be written as several.
    definition.onnx?.write(example.input, options as never).steps.some(({ op }) => Object.hasOwn(read, op)) === true
  )
}

test.each(cases.filter(isReadable))('$title comes back from ONNX with its shape and weights', (one) => {
  const entry = of(one)
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
  (each) => {
    const one = entryProgram(of(each))
    const { program } = one
    const batch = wasmMachine(program, 7)
    const reference = referenceMachine(program, 1)
    const alone = [wasmMachine(program, 1), ...nativeMachinesHere(program, 1, [1])]
    for (const machine of [batch, reference, ...alone]) fillEntry(machine, one, 7)
    for (const input of [...one.inputs, one.flow, ...one.noise.keys()]) {
      const size = sizeOf(input.shape)
      const values = batch.input(input).slice(5 * size, 6 * size)
      for (const machine of [reference, ...alone]) machine.input(input).set(values)
    }
    for (const machine of [batch, reference, ...alone]) runOnce(machine, machine === batch ? 7 : 1)
    for (const tensor of program.outputs) {
      const size = sizeOf(tensor.shape)
      const row = batch.output(tensor).slice(5 * size, 6 * size)
      expect(differingBit(row, reference.output(tensor).slice(0, size), tensor)).toBeUndefined()
    }
    for (const machine of alone) expect(differences(one, reference, machine, 1)).toEqual([])
  },
)
