// lenet doctor: what this machine has, and what is missing.
import { availableParallelism } from 'node:os'
import { canShareMemory, type EngineName, modelNamed, type Splits, sgd, train, UsageError } from 'lenet'
import { findCompiler, findDataSets } from 'lenet/node'
import type { Context } from '../context.ts'
import { count } from '../numbers.ts'
import { checkDataDir } from '../read-data.ts'

const LEAST_NODE = [20, 19]

interface Finding {
  readonly name: string
  readonly good: boolean
  /** What lacks and is not needed is no problem. */
  readonly needed: boolean
  readonly text: string
}

/** Gives whether everything that is needed is there. */
export async function doctorCommand(context: Context, { dataDir }: { dataDir?: string }): Promise<boolean> {
  await checkDataDir(context, 'doctor', dataDir)
  const findings = [
    checkNode(context),
    ...(await checkWasm(context)),
    ...(await checkNative(context)),
    await checkSharp(context),
    ...(await checkData(context, dataDir)),
  ]
  for (const finding of findings) {
    context.emit(finding)
    context.say(`${signOf(context, finding)} ${finding.text}`)
  }
  const { doctor } = context.messages
  const problems = findings.filter(({ good, needed }) => !good && needed).length
  context.say(`\n${problems === 0 ? doctor.allGood : doctor.problems(problems)}`)
  return problems === 0
}

function signOf({ paint }: Context, { good, needed }: Finding): string {
  if (good) return paint('green', '✓')
  return needed ? paint('red', '✗') : paint('dim', '·')
}

function checkNode({ messages: { doctor } }: Context): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const good = major > LEAST_NODE[0]! || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]!)
  return {
    name: 'node',
    good,
    needed: true,
    text: good ? doctor.node(process.versions.node) : doctor.nodeOld(process.versions.node, LEAST_NODE.join('.')),
  }
}

/** Trains on noise for a moment: the engine is there if that works, and this is its speed. */
async function checkWasm({ messages: { doctor } }: Context): Promise<Finding[]> {
  const threads = availableParallelism()
  const shares = canShareMemory()
  try {
    const rate = await measure('wasm', threads)
    return [
      { name: 'simd', good: true, needed: true, text: doctor.simd },
      { name: 'threads', good: shares, needed: true, text: shares ? doctor.threads(threads) : doctor.noThreads },
      { name: 'engine', good: true, needed: true, text: doctor.engine('wasm', count(rate)) },
    ]
  } catch (error) {
    return [{ name: 'simd', good: false, needed: true, text: doctor.noSimd((error as Error).message.split('\n')[0]!) }]
  }
}

/** The compiler is asked, and its engine tried; without one, wasm does the same work. */
async function checkNative({ messages: { doctor, errors } }: Context): Promise<Finding[]> {
  try {
    const { version, lanes } = findCompiler()
    const rate = await measure('native', availableParallelism())
    return [
      { name: 'compiler', good: true, needed: false, text: doctor.compiler(version, lanes) },
      { name: 'engine native', good: true, needed: false, text: doctor.engine('native', count(rate)) },
    ]
  } catch (error) {
    const { message } = error as Error
    const text = error instanceof UsageError ? errors.told(message).replace('\nhint:', ';') : String(error)
    return [{ name: 'compiler', good: false, needed: false, text: doctor.noNative(text) }]
  }
}

async function measure(engine: EngineName, threads: number): Promise<number> {
  const samples = 8192
  const pixels = Uint8Array.from({ length: samples * 1024 }, (_, at) => (at * 2654435761) >>> 24)
  const data: Splits = {
    train: {
      name: 'noise',
      shape: [1, 32, 32],
      pixels,
      labels: Uint8Array.from({ length: samples }, (_, at) => at % 10),
      classes: [...'0123456789'],
    },
  }
  let rate = 0
  for await (const event of train(modelNamed('lenet', { channels: 1 }), data, {
    epochs: 2,
    optimizer: sgd({ lr: 0.001 }),
    engine,
    threads,
  }))
    if (event.event === 'epoch') rate = event.imagesPerSecond
  return rate
}

async function checkSharp({ messages: { doctor } }: Context): Promise<Finding> {
  const good = await import('sharp').then(
    () => true,
    () => false,
  )
  return { name: 'sharp', good, needed: true, text: good ? doctor.sharp : doctor.noSharp }
}

async function checkData({ messages: { doctor } }: Context, dataDir: string | undefined): Promise<Finding[]> {
  const found = await findDataSets({ ...(dataDir !== undefined && { dataDir }) })
  return found.map(({ name, place }) => ({
    name: `data ${name}`,
    good: place !== undefined,
    needed: false,
    text: place === undefined ? doctor.noData(name) : doctor.data(name, place),
  }))
}
