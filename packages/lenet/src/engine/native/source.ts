// Program → one C file. It depends on the program and on what lies side by side in a vector, so that it is compiled once for
// nearly every batch size and any number of threads.
import { calledFunctions } from '../compile/called-functions.ts'
import type { CodeFunction, Target } from '../compile/code/code.ts'
import { lowerScalar } from '../compile/code/expressions.ts'
import { lowerKernel } from '../compile/code/lower-kernel.ts'
import { lowerPack, lowerUnpack } from '../compile/code/lower-transfer.ts'
import { lowerUpdate } from '../compile/code/lower-update.ts'
import type { Kernel } from '../compile/kernel.ts'
import { lowerProgram } from '../compile/loops.ts'
import { planMemory } from '../compile/memory.ts'
import { planStorage, type Storage } from '../compile/plan-storage.ts'
import type { Lanes } from '../compile/storage.ts'
import { nativeCosts } from '../compile/tile.ts'
import { bytesOf, type Program, sizeOf } from '../program.ts'
import { HEAD_BYTES, printDriver } from './driver.ts'
import { meetingFunctions } from './meeting.ts'
import { prelude } from './prelude.ts'
import { printFunction } from './print.ts'
import { join } from './text.ts'
import { transpositions } from './transpositions.ts'

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
  const target: Target = { lanes, blockBytes, pointers: 'computed', fuses: false, wholeTiles: false }
  const functions: CodeFunction[] = [
    ...calledFunctions(kernels, program).map(lowerScalar),
    ...sample.map((kernel, at) => lowerKernel(kernel, target, `sample_${at}`)),
    ...meet.map((kernel, at) => lowerKernel(kernel, target, `meet_${at}`)),
    ...program.inputs.map(({ tensor, element }, at) =>
      lowerPack(`pack_${at}`, element, tensor.shape, places.get(tensor)!, lanes),
    ),
    ...program.outputs.map((tensor, at) => lowerUnpack(`unpack_${at}`, tensor.shape, places.get(tensor)!, lanes)),
    ...(update && parameterBytes > 0
      ? [lowerUpdate(update, { addresses, shareBytes, isOneShare: false }, target)]
      : []),
  ]
  const text = join([
    prelude(lanes),
    `#define BLOCK_BYTES ${blockBytes}L`,
    `#define SHARE_BYTES ${shareBytes}L`,
    meetingFunctions(lanes),
    transpositions(lanes.samples),
    functions.map((code) => printFunction(code, lanes)),
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
