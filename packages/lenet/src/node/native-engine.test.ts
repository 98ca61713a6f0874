// The native engine as users meet it: with a compiler, without one, twice at once, and with fused arithmetic.
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { createMachineNow } from '../engine/create-machine.ts'
import { type Machine, sizeOf } from '../engine/program.ts'
import { UsageError } from '../errors.ts'
import { conv2d, crossEntropy, linear, relu, view } from '../layers/index.ts'
import { initialise } from '../model/initialise.ts'
import { model, parametersOf } from '../model/model.ts'
import { planTraining, writeWeights } from '../model/plan.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
import { hasCompiler } from '../testing/native-machines.ts'
import { nativeMachine } from './native-engine.ts'

const cache = mkdtempSync(join(tmpdir(), 'lenet-native-'))
afterAll(() => rmSync(cache, { recursive: true, force: true }))

const net = model([1, 6, 6], { conv1: conv2d({ out: 3, kernel: 3 }), relu1: relu(), flat: view(-1, -1), fc: linear(4) })
const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
const optimizer = sgd({ lr: 0.05 })
const plan = planTraining(net, 'float32', {
  loss: crossEntropy(),
  labelSmoothing: 0,
  update: planUpdate(optimizer, size),
})
const { program } = plan

function scoresOf(machine: Machine): number[] {
  writeWeights(machine, plan, initialise(net, 1))
  machine.write(plan.scale, [1])
  machine.write(plan.weight, [0.25])
  for (const [name, value] of Object.entries(optimizer.settings(0.05, [])))
    machine.write(plan.program.update!.settings.get(name)!, [value])
  machine.input(plan.pixels).forEach((_, at, all) => {
    all[at] = ((at * 37) % 11) / 11 - 0.4
  })
  for (let step = 0; step < 3; step++) {
    machine.start(4)
    machine.finish()
  }
  const rows = [...machine.output(plan.scores).slice(0, 16)]
  machine.close()
  return rows
}

test.runIf(hasCompiler)('fused arithmetic gives nearly the same, and the definition has none', () => {
  const strict = scoresOf(nativeMachine(program, 4))
  const fast = scoresOf(nativeMachine(program, 4, { fast: true }))
  for (const [at, value] of strict.entries()) expect(fast[at]).toBeCloseTo(value, 5)
  expect(scoresOf(createMachineNow(program, 4, { engine: 'wasm', fast: true })).length).toBe(16)
  expect(() => createMachineNow(program, 4, { engine: 'reference', fast: true })).toThrow(UsageError)
})

const script = (engine: string): string => `
  import { train, model, conv2d, linear, trainingEngine, view } from 'lenet'
  import 'lenet/node'
  const pixels = Uint8Array.from({ length: 40 * 64 }, (_, at) => (at * 7919) % 256)
  const data = { name: 'noise', shape: [1, 8, 8], pixels, labels: Uint8Array.from({ length: 40 }, (_, at) => at % 2), classes: ['even', 'odd'] }
  const net = model([1, 8, 8], { conv1: conv2d({ out: 2, kernel: 3 }), flat: view(-1, -1), fc: linear(2) })
  let engine = trainingEngine('${engine}')
  const onFallback = ({ name, message }) => { engine = 'wasm, for ' + name + ': ' + message.split('\\n')[0] }
  for await (const event of train(net, data, { epochs: 1, engine: '${engine}', onFallback }))
    if (event.event === 'done') console.log(engine, event.weightsHash)`

const root = join(import.meta.dirname, '../../../..')
const options = (env: Record<string, string>) => ({
  cwd: root,
  encoding: 'utf8' as const,
  env: { ...process.env, XDG_CACHE_HOME: cache, ...env },
})
const argumentsOf = (engine: string) => ['--input-type=module', '--eval', script(engine)]

test('without a compiler, auto trains with wasm and native says what to install', () => {
  const env = options({ CC: '/nowhere/cc' })
  expect(spawnSync(process.execPath, argumentsOf('auto'), env).stdout).toMatch(
    /^wasm, for UsageError: engine native: there is no C compiler '\/nowhere\/cc' [0-9a-f]{64}\n$/,
  )
  const { status, stderr } = spawnSync(process.execPath, argumentsOf('native'), env)
  expect(status).not.toBe(0)
  expect(stderr).toContain("engine native: there is no C compiler '/nowhere/cc'")
  expect(stderr).toContain('apt-get install gcc')
})

test('where nothing can be kept, auto trains with wasm and says so', () => {
  const { stdout } = spawnSync(process.execPath, argumentsOf('auto'), options({ XDG_CACHE_HOME: '/dev/null' }))
  expect(stdout).toMatch(/^wasm, for UsageError: engine native: .* [0-9a-f]{64}\n$/)
})

test.runIf(hasCompiler)('a module that was cut short does not end the processes after it', () => {
  const home = mkdtempSync(join(tmpdir(), 'lenet-cut-'))
  const run = () => spawnSync(process.execPath, argumentsOf('native'), options({ XDG_CACHE_HOME: home })).stdout
  const whole = run()
  const folder = join(home, 'lenet/native')
  for (const file of readdirSync(folder))
    truncateSync(join(folder, file), Math.floor(statSync(join(folder, file)).size / 3))
  expect(run()).toBe(whole)
  expect(whole).toMatch(/^native [0-9a-f]{64}\n$/)
  rmSync(home, { recursive: true })
})

test.runIf(hasCompiler)('memory that the machine has not is refused before anything is compiled', () => {
  const began = performance.now()
  expect(() => nativeMachine(program, 1e9)).toThrow(UsageError)
  expect(() => nativeMachine(program, 1e9)).toThrow(
    /^engine native: it wants [\d,]+ MiB of memory; there are [\d,]+\nhint: give a smaller batch/,
  )
  expect(performance.now() - began).toBeLessThan(2000)
})

test.runIf(hasCompiler)('memory costs what is used of it: a large batch of which little comes is cheap', () => {
  const before = process.memoryUsage.rss()
  const machine = nativeMachine(program, 2_000_000, { optimisation: 1 })
  expect(process.memoryUsage.rss() - before).toBeLessThan(300e6)
  expect(machine.input(plan.pixels).length).toBe(2_000_000 * 36)
  machine.close()
})

test.runIf(hasCompiler)(
  'two processes that compile at once both train, and leave nothing half-made',
  async () => {
    const runOne = () =>
      new Promise<string>((done, fail) =>
        execFile(process.execPath, argumentsOf('native'), options({}), (error, out) =>
          error ? fail(error) : done(out),
        ),
      )
    const [first, second] = await Promise.all([runOne(), runOne()])
    expect(first).toMatch(/^native [0-9a-f]{64}\n$/)
    expect(second).toBe(first)
    expect(readdirSync(join(cache, 'lenet/native')).filter((file) => file.startsWith('.'))).toEqual([])
  },
  60_000,
)

test('wasm that cannot fuse refuses fast by that name, also where there is a compiler', () => {
  // As on Node 20, whose WebAssembly has SIMD and not its relaxed part.
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
  try {
    expect(() => createMachineNow(program, 4, { engine: 'wasm', fast: true })).toThrow(
      /this platform has no fused arithmetic \(relaxed SIMD\)\nhint: leave fast away/,
    )
  } finally {
    validate.mockRestore()
  }
})
