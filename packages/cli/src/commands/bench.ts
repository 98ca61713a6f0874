// lenet bench: how fast this machine trains a network with each engine, and what each equation takes of it.
import { type EngineName, modelNamed, recipes, UsageError } from 'lenet'
import { findCompiler, measureKernels, nativePeak, type StepMeasurement, wasmPeak } from 'lenet/node'
import { type Context, readChoice } from '../context.ts'
import { kernelsText } from '../kernels-text.ts'
import { count } from '../numbers.ts'
import { choices } from './train-options.ts'

export interface BenchFlags {
  readonly engine?: string
  readonly fast?: boolean
  readonly kernels?: boolean
}

const measurable = ['native', 'wasm'] as const

export async function benchCommand(
  context: Context,
  model: string = recipes.default.model,
  flags: BenchFlags,
): Promise<void> {
  const { messages, say, emit, paint } = context
  const net = modelNamed(readChoice(context, 'bench', 'model', model, choices.models))
  const { fast = false } = flags
  for (const engine of enginesFor(context, flags)) {
    const peak = engine === 'native' ? nativePeak(fast) : wasmPeak(fast)
    const step = await measureKernels(net, { engine, fast })
    emit({ engine, fast, peak, ...step })
    say(paint('bold', headline(messages.bench, engine, step, peak)))
    if (flags.kernels) say(`${kernelsText(step, peak, context)}\n`)
  }
}

function headline(texts: Context['messages']['bench'], engine: string, step: StepMeasurement, peak: number): string {
  return texts.step(engine, count(1 / step.seconds), (step.seconds * 1e6).toFixed(1), (peak / 1e9).toFixed(0))
}

function enginesFor(context: Context, { engine }: BenchFlags): readonly EngineName[] {
  if (engine !== undefined) return [readChoice(context, 'bench', '--engine', engine, measurable) as EngineName]
  try {
    findCompiler()
    return measurable
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    context.say(context.messages.doctor.noNative(context.messages.errors.told(error.message).replace('\nhint:', ';')))
    return ['wasm']
  }
}
