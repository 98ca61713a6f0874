// Equations that nobody would write, on every engine to the last bit, and their gradients against finite differences.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Machine, Program } from '../engine/program.ts'
import { referenceMachine } from '../engine/reference.ts'
import { threadedWasmMachine, wasmMachine } from '../engine/wasm/machine.ts'
import { ShapeError, UsageError } from '../errors.ts'
import { findCompiler } from '../node/compiler.ts'
import { nativeMachine } from '../node/native-engine.ts'
import {
  compareSlopes,
  differences,
  type EntryProgram,
  entryOf,
  entryProgram,
  fillEntry,
  runOnce,
} from '../testing/entry-program.ts'
import { hasCompiler } from '../testing/native-machines.ts'
import { drawLayer } from '../testing/random-layer.ts'

const RUNS = Number(process.env.LENET_RANDOM_EQUATIONS ?? 150)
const rows = fc.array(fc.nat(999), { minLength: 70, maxLength: 70, size: 'max' })

/** The layer as a program, or nothing where the check refuses it. */
function programOf(row: readonly number[]): EntryProgram | undefined {
  const { definition, input } = drawLayer(row)
  try {
    return entryProgram(entryOf(definition, {}, [input]))
  } catch (error) {
    if (error instanceof UsageError || error instanceof ShapeError) return undefined
    throw error
  }
}

async function expectSameBits(
  one: EntryProgram,
  samples: number,
  machinesOf: (program: Program, samples: number) => Promise<Machine[]>,
): Promise<void> {
  const [reference, ...others] = [referenceMachine(one.program, samples), ...(await machinesOf(one.program, samples))]
  for (const machine of [reference!, ...others]) {
    fillEntry(machine, one, samples)
    for (let step = 0; step < 2; step++) runOnce(machine, samples)
  }
  const { equations } = one.entry.layer.definition
  for (const [at, machine] of others.entries()) {
    expect({ equations, at, different: differences(one, reference!, machine, samples) }).toEqual({
      equations,
      at,
      different: [],
    })
    machine.close()
  }
}

let accepted = 0
const each = (
  numRuns: number,
  samples: number[],
  machinesOf: (program: Program, samples: number) => Promise<Machine[]>,
) =>
  fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(...samples), async (row, count) => {
      const one = programOf(row)
      if (one === undefined) return
      accepted++
      await expectSameBits(one, count, machinesOf)
    }),
    { numRuns, seed: 5 },
  )

test('random equations give the same bits on every engine and thread count', async () => {
  await each(RUNS, [1, 3, 13, 21], async (program, samples) => [
    wasmMachine(program, samples),
    ...(samples > 4 ? [await threadedWasmMachine(program, samples, 2)] : []),
  ])
  expect(accepted).toBeGreaterThan(RUNS / 2)
}, 1_800_000)

test.runIf(hasCompiler)(
  'random equations give the same bits as machine code, whatever the vectors',
  () =>
    each(Math.ceil(RUNS / 25), [1, 3, 13, 21], async (program, samples) =>
      [4, 16]
        .filter((lanes) => lanes <= findCompiler().lanes)
        .map((lanes) => nativeMachine(program, samples, { lanes, threads: 1 + (samples % 2), optimisation: 1 })),
    ),
  1_800_000,
)

test('random equations have the gradients of their functions', () => {
  let compared = 0
  fc.assert(
    fc.property(rows, (row) => {
      const one = programOf(row)
      if (one === undefined) return
      const machine = referenceMachine(one.program, 1, 'float64')
      fillEntry(machine, one, 1)
      const { derived, measured, kink } = compareSlopes(machine, one)
      if (!Number.isFinite(measured) || kink) return
      compared++
      const { equations } = one.entry.layer.definition
      expect({
        equations,
        off: Math.abs(measured - derived) > 1e-5 * Math.max(1, Math.abs(derived)),
        derived,
        measured,
      }).toMatchObject({ off: false })
    }),
    { numRuns: RUNS, seed: 6 },
  )
  expect(compared).toBeGreaterThan(RUNS / 3)
}, 1_800_000)
