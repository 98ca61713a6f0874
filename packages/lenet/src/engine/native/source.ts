// Program → one C file. It depends on the program and on what lies side by side in a vector, so that it is compiled once for
// nearly every batch size and any number of threads.
import { calledFunctions } from '../compile/called-functions.ts'
import type { Kernel } from '../compile/kernel.ts'
import { lowerProgram } from '../compile/loops.ts'
import { planMemory } from '../compile/memory.ts'
import { planStorage, type Storage } from '../compile/plan-storage.ts'
import type { Lanes } from '../compile/storage.ts'
import { nativeCosts } from '../compile/tile.ts'
import { bytesOf, type Program, sizeOf } from '../program.ts'
import { HEAD_BYTES, printDriver } from './driver.ts'
import { scalarFunction } from './expression.ts'
import { printKernel } from './kernel.ts'
import { meetingFunctions } from './meeting.ts'
import { prelude } from './prelude.ts'
import { join } from './text.ts'
import { printPack, printUnpack, transpositions } from './transfer.ts'
import { printUpdate } from './update.ts'

export interface NativeSource {
  readonly text: string
  readonly storage: Storage
  readonly kernels: readonly Kernel[]
}

/** What suits a batch, for vectors of `floats`: a single sample has its elements side by side, a few have four and four. */
export function lanesFor(capacity: number, floats: number): Lanes {
  const samples = capacity === 1 ? 1 : capacity <= 8 ? Math.min(4, floats) : floats
  return { samples, across: floats / samples }
}

/** @param nearBytes default: what suits the machine. */
export function printSource(program: Program, lanes: Lanes, nearBytes?: number): NativeSource {
  const costs = nativeCosts(lanes.samples * lanes.across)
  const storage = planStorage(program, { firstByte: HEAD_BYTES, lanes, nearBytes: nearBytes ?? costs.nearBytes })
  const { places, blockBytes, shareBytes } = storage
  const { sample, meet, segments } = lowerProgram(storage, costs)
  const kernels = [...sample, ...meet]
  const { fixed } = planMemory(program, storage, { capacity: 1, threads: 1, firstByte: HEAD_BYTES })
  const addresses = new Map([...fixed].map(([tensor, { address }]) => [tensor, address]))
  const { update } = program
  const parameterBytes = update ? fixed.get(update.parameters)!.size * bytesOf.float32 : 0
  const setting = { lanes, blockBytes }
  const text = join([
    prelude(lanes),
    `#define BLOCK_BYTES ${blockBytes}L`,
    `#define SHARE_BYTES ${shareBytes}L`,
    meetingFunctions(lanes),
    transpositions(lanes.samples),
    calledFunctions(kernels, program).map(scalarFunction),
    sample.map((kernel, at) => printKernel(kernel, `sample_${at}`, setting)),
    meet.map((kernel, at) => printKernel(kernel, `meet_${at}`, setting)),
    program.inputs.map(({ tensor, element }, at) =>
      printPack(`pack_${at}`, element, tensor.shape, places.get(tensor)!, lanes.samples),
    ),
    program.outputs.map((tensor, at) => printUnpack(`unpack_${at}`, tensor.shape, places.get(tensor)!, lanes.samples)),
    update && parameterBytes > 0 ? printUpdate(update, addresses) : [],
    printDriver({
      blockBytes,
      shareBytes,
      inputBytes: program.inputs.map(({ tensor, element }) => sizeOf(tensor.shape) * bytesOf[element]),
      outputBytes: program.outputs.map((tensor) => sizeOf(tensor.shape) * bytesOf.float32),
      sampleKernels: sample.length,
      meetKernels: meet.map(({ onto }) => onto),
      segments,
      parameterBytes,
    }),
  ])
  return { text, storage, kernels }
}
