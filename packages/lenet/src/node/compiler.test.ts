// A compiler that is missing, hangs, lies or was changed, and a cache that is damaged: never a crash, never a wait without end.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hasCompiler } from '../testing/native-machines.ts'

const PLAIN = `
__attribute__((visibility("default"))) void *napi_register_module_v1(void *env, void *exports) { return exports; }
__attribute__((visibility("default"))) int node_api_module_get_api_version_v1(void) { return 8; }`

let home: string
const native = () => join(home, 'lenet/native')

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lenet-compiler-'))
  vi.stubEnv('XDG_CACHE_HOME', home)
  vi.resetModules()
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true })
})

/** As in a process that has just begun. */
async function fresh(CC?: string) {
  if (CC !== undefined) vi.stubEnv('CC', CC)
  vi.resetModules()
  const { findCompiler, compileModule } = await import('./compiler.ts')
  return { find: findCompiler, compile: compileModule }
}

/** A program of the shell in the compiler's place. */
function program(text: string, name = 'cc'): string {
  const path = join(home, name)
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return path
}

const modules = () => readdirSync(native()).filter((name) => readFileSync(join(native(), name)).length > 1000)

/** Errors of two instances of the sources have two classes. */
const refused = (message: RegExp) =>
  expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(message) })

test('no compiler, and one that is no compiler, are told apart', async () => {
  const missing = await fresh('/nowhere/cc')
  expect(() => missing.find()).toThrow(refused(/there is no C compiler '\/nowhere\/cc'/))
  const silent = await fresh(program('exit 0'))
  expect(() => silent.find()).toThrow(refused(/does not answer as a C compiler does/))
  const failing = await fresh(program('echo "no licence" >&2; exit 3'))
  expect(() => failing.find()).toThrow(refused(/failed: no licence/))
})

test('a compiler that hangs is stopped, and not waited for again', async () => {
  const { find } = await fresh(program('exec sleep 20'))
  const began = performance.now()
  expect(() => find(0.2)).toThrow(refused(/was still at work after 0.2 s; it was stopped/))
  expect(() => find()).toThrow(refused(/was still at work/))
  expect(performance.now() - began).toBeLessThan(5000)
})

test.runIf(hasCompiler)('a compiler that hangs while it compiles is stopped, too', async () => {
  const { compile } = await fresh(program('case "$*" in *-shared*) exec sleep 20;; esac; exec cc "$@"'))
  const began = performance.now()
  expect(() => compile(PLAIN, { fast: false, seconds: 0.2 })).toThrow(refused(/was still at work after 0.2 s/))
  expect(() => compile(PLAIN, { fast: false })).toThrow(refused(/was still at work after 0.2 s/))
  expect(performance.now() - began).toBeLessThan(10_000)
})

test.runIf(hasCompiler)('what a compiler makes and cannot be loaded is refused, and not kept', async () => {
  const rubbish =
    'case "$*" in *-shared*) while [ "$1" != -o ]; do shift; done; echo rubbish >"$2"; exit 0;; esac; exec cc "$@"'
  const { compile } = await fresh(program(rubbish))
  expect(() => compile(PLAIN, { fast: false })).toThrow(refused(/compiled cannot be loaded: /))
  const nothing = await fresh(program('case "$*" in *-shared*) exit 0;; esac; exec cc "$@"', 'nothing'))
  expect(() => nothing.compile(PLAIN, { fast: false })).toThrow(refused(/'.*nothing' compiled nothing/))
  expect(modules()).toEqual([])
})

test.runIf(hasCompiler)('a module that was cut short is compiled again before it can kill the process', async () => {
  const { compile } = await fresh()
  compile(PLAIN, { fast: false })
  const [name] = modules()
  // The whole file is in use here, and stays: what is cut short is another of its name.
  const half = readFileSync(join(native(), name!)).subarray(0, 2000)
  rmSync(join(native(), name!))
  writeFileSync(join(native(), name!), half)
  compile(PLAIN, { fast: false })
  expect(modules()).toEqual([name])
  expect(readFileSync(join(native(), name!)).length).toBeGreaterThan(half.length)
})

test.runIf(hasCompiler)('the cache holds one file a module, and only its user may write to it', async () => {
  const { compile } = await fresh()
  for (let time = 0; time < 2; time++) compile(PLAIN, { fast: false })
  expect(modules().length).toBe(1)
  chmodSync(native(), 0o777)
  expect(() => compile(PLAIN, { fast: false })).toThrow(refused(/has mode 777; it holds code/))
})

test.runIf(hasCompiler)('vectors of three floats are not believed, whoever says so', async () => {
  const { lanes, version } = (await fresh()).find()
  const [name] = readdirSync(native())
  const [key] = name!.split('-')
  const lie = JSON.stringify({ version, lanes: 3 })
  rmSync(join(native(), name!))
  const { createHash } = await import('node:crypto')
  writeFileSync(join(native(), `${key}-${createHash('sha256').update(lie).digest('hex')}`), lie)
  expect((await fresh()).find().lanes).toBe(lanes)
})

test.runIf(hasCompiler)('a compiler that was upgraded, and another processor, do not share modules', async () => {
  const version = (text: string) =>
    `case "$*" in *-###*) echo '${text}' >&2;; --version) echo '${text}';; *) exec cc "$@";; esac`
  for (const text of ['cc 1, -mavx512f', 'cc 2, -mavx512f', 'cc 2, -mno-avx512f']) {
    const { find, compile } = await fresh(program(version(text)))
    expect(find().version).toBe(text)
    compile(PLAIN, { fast: false })
  }
  expect(modules().length).toBe(3)
})

test.runIf(hasCompiler)('CC may hold options, or a program that calls the compiler', async () => {
  const { lanes } = (await fresh()).find()
  expect((await fresh('cc -DOPTION')).find()).toMatchObject({ command: 'cc -DOPTION', lanes })
  const through = await fresh(`${program('exec "$@"', 'through')} cc`)
  expect(through.find().lanes).toBe(lanes)
  through.compile(PLAIN, { fast: false })
})

test('a cache that cannot be is a UsageError and no other', async () => {
  vi.stubEnv('XDG_CACHE_HOME', '/dev/null')
  const { find } = await fresh(hasCompiler ? undefined : program('exit 0'))
  expect(() => find()).toThrow(refused(/its folder \/dev\/null\/lenet\/native cannot be used: ENOTDIR/))
})
