// Who is measured, and how each is started.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

export type Mode = 'training' | 'inference'

export interface Task {
  readonly mode: Mode
  readonly batch: number
  readonly channels: number
  /** The model as a file, for those that read one. */
  readonly onnx: string
}

export interface Subject {
  readonly name: string
  readonly threads: number
  /** Whose peak is the measure: C's or wasm's. */
  readonly code: 'native' | 'wasm'
  readonly command: readonly [string, ...string[]]
}

export const python = process.env.LENET_PYTHON ?? '/usr/bin/python3'
export const threadCounts: readonly number[] = availableParallelism() > 1 ? [1, 2] : [1]

const peer = (file: string): string => join(import.meta.dirname, 'peers', file)
const node = process.execPath

export interface OwnTask {
  readonly mode: Mode
  readonly batch: number
  readonly threads: number
  readonly engine: 'native' | 'wasm'
  readonly fast?: boolean
  readonly channels?: number
  readonly size?: number
  readonly width?: number
}

export function own({ mode, batch, threads, engine, fast, channels = 3, size = 32, width = 1 }: OwnTask): Subject {
  const rest = [engine, fast ? 'fast' : 'strict', channels, size, width].map(String)
  return {
    name: `lenet ${engine}${fast ? ', fast' : ''}`,
    threads,
    code: engine,
    command: [node, peer('lenet.ts'), mode, String(batch), String(threads), ...rest],
  }
}

export const PYTORCH = 'PyTorch'
export const ORT_NODE = 'ONNX Runtime node'
export const ORT_WEB = 'ONNX Runtime web'

export function subjectsFor({ mode, batch, channels, onnx }: Task): Subject[] {
  const ours = threadCounts.flatMap((threads) =>
    (['native', 'wasm'] as const).flatMap((engine) =>
      [false, true].map((fast) => own({ mode, batch, channels, threads, engine, fast })),
    ),
  )
  const script = (name: string, file: string, code: Subject['code'], threads: number, ...rest: string[]): Subject => ({
    name,
    threads,
    code,
    command: [file.endsWith('.py') ? python : node, peer(file), mode, String(batch), String(threads), ...rest],
  })
  const torch = threadCounts.map((threads) => script(PYTORCH, 'torch_peer.py', 'native', threads, String(channels)))
  const runtimes =
    mode === 'training'
      ? []
      : [
          ...threadCounts.map((threads) => script(ORT_NODE, 'onnx-node.ts', 'native', threads, onnx, String(channels))),
          script(ORT_WEB, 'onnx-web.ts', 'wasm', 1, onnx, String(channels)),
        ]
  // A step of theirs with more images takes longer than a turn, and these two know one shape.
  const slow = [
    ...(mode === 'inference' || batch <= 64 ? [script('jax-js', 'jax.ts', 'wasm', 1)] : []),
    ...(mode === 'inference' || batch <= 4 ? [script('TensorFlow.js', 'tfjs.ts', 'wasm', 1)] : []),
  ]
  return [...ours, ...torch, ...runtimes, ...(channels === 3 ? slow : [])]
}
