// A printer is a table: a third one, plain JavaScript, gives the reference's bits for every layer's examples.
import { expect, test } from 'vitest'
import { catalogue } from '../layers/index.ts'
import { inputNames } from '../layers/layer.ts'
import { differences, entryOf, entryProgram, fillEntry, runOnce } from '../testing/entry-program.ts'
import { printFunction, runtime } from '../testing/print-javascript.ts'
import type { CodeFunction, Target } from './compile/code/code.ts'
import { lowerKernel } from './compile/code/lower-kernel.ts'
import { lowerPack, lowerUnpack } from './compile/code/lower-transfer.ts'
import { lowerUpdate } from './compile/code/lower-update.ts'
import { lowerProgram } from './compile/loops.ts'
import { MachineMemory, planMemory } from './compile/memory.ts'
import { planStorage } from './compile/plan-storage.ts'
import type { Lanes } from './compile/storage.ts'
import { wasmCosts } from './compile/tile.ts'
import { type Machine, type Program, TILE } from './program.ts'
import { referenceMachine } from './reference.ts'

type Run = (...parameters: number[]) => void

function javascriptMachine(program: Program, lanes: Lanes, pointers: Target['pointers']): Machine {
  const costs = wasmCosts(false)
  const storage = planStorage(program, { firstByte: 64, lanes, nearBytes: costs.nearBytes })
  const { blockBytes, shareBytes, places } = storage
  const map = planMemory(program, storage, { capacity: TILE, threads: 1, firstByte: 64 })
  const target: Target = { lanes, blockBytes, pointers, fuses: false, wholeTiles: pointers === 'moving' }
  const buffer = new ArrayBuffer(map.bytes + 1024)
  const r = runtime(target, new DataView(buffer))
  const print = (code: CodeFunction): Run => new Function('r', `return ${printFunction(code, target)}`)(r) as Run
  const { sample, meet, segments } = lowerProgram(storage, costs)
  const [samples, meets] = [sample, meet].map((kernels) =>
    kernels.map((kernel) => print(lowerKernel(kernel, target, ''))),
  ) as [Run[], Run[]]
  const packs = [...map.inputs].map(([tensor, { address, element, size }]) => ({
    run: print(lowerPack('', element, tensor.shape, places.get(tensor)!, lanes)),
    address,
    bytes: size * (element === 'uint8' ? 1 : 4),
  }))
  const unpacks = [...map.outputs].map(([tensor, { address, size }]) => ({
    run: print(lowerUnpack('', tensor.shape, places.get(tensor)!, lanes)),
    address,
    bytes: size * 4,
  }))
  const addresses = new Map([...map.fixed].map(([tensor, { address }]) => [tensor, address]))
  const update = program.update && {
    run: print(lowerUpdate(program.update, { addresses, shareBytes, isOneShare: false }, target)),
    bytes: map.fixed.get(program.update.parameters)!.size * 4,
  }
  const memory = new MachineMemory(program, TILE, map, buffer)
  const start = (count: number) => {
    const blocks = Array.from({ length: Math.ceil(count / lanes.samples) }, (_, block) => ({
      at: map.scratch + block * blockBytes,
      first: block * lanes.samples,
    }))
    for (const { at, first } of blocks) for (const { run, address, bytes } of packs) run(at, address + first * bytes)
    for (const segment of segments) {
      for (const { at } of blocks) for (const kernel of segment.sample) samples[kernel]!(at, 0)
      for (const kernel of segment.units.flat())
        meets[kernel]!(map.scratch, 0, map.shares, count, meet[kernel]!.onto ? 0 : 1)
    }
    for (const { at, first } of blocks) for (const { run, address, bytes } of unpacks) run(at, address + first * bytes)
    if (update) update.run(0, map.shares, 1, 0, Math.ceil(update.bytes / 64) * 64)
  }
  return Object.assign(memory, { threads: 1, start, finish: () => undefined, close: () => undefined })
}

const cases = [...catalogue.values()].flatMap((definition) =>
  (definition.examples ?? []).map((example, at) => ({ definition, example, title: `${definition.name} ${at + 1}` })),
)

test.each(cases)('$title gives the same bits as plain JavaScript', ({ definition, example }) => {
  const others =
    example.others ??
    inputNames(definition, 1)
      .slice(1)
      .map(() => example.input)
  const inputs = [example.input, ...others]
  const one = entryProgram(entryOf(definition, example.options as Record<string, unknown>, inputs))
  for (const [lanes, pointers, count] of [
    [{ samples: 4, across: 1 }, 'moving', TILE],
    [{ samples: 4, across: 2 }, 'computed', 7],
    [{ samples: 1, across: 4 }, 'moving', 1],
    [{ samples: 8, across: 1 }, 'computed', 11],
    [{ samples: 16, across: 1 }, 'computed', TILE],
  ] as const) {
    const reference = referenceMachine(one.program, TILE)
    const machine = javascriptMachine(one.program, lanes, pointers)
    for (const each of [reference, machine]) {
      fillEntry(each, one, TILE)
      runOnce(each, count)
    }
    expect(differences(one, reference, machine, count)).toEqual([])
  }
})
