// The native engine's compiler: C text → a module in the user's cache folder, made once for every program and machine.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { NativeModule } from '../engine/native/machine.ts'
import { UsageError } from '../errors.ts'
import { cacheFolder } from './data-places.ts'

/** What compiles for this machine. */
export interface Compiler {
  /** `$CC`, or `cc`. */
  readonly command: string
  /** First line of `cc --version`. */
  readonly version: string
  /** Floats in a vector of this machine: 4, 8 or 16. */
  readonly lanes: number
}

const HINT = "install a C compiler (Debian: apt-get install gcc; macOS: xcode-select --install), or use engine 'wasm'"
const OPTIONS = ['-std=gnu11', '-march=native', '-fno-math-errno', '-fno-trapping-math']

export interface CompileOptions {
  /** Allows a multiplication and an addition to be rounded once. */
  readonly fast: boolean
  /** 3 unless told; less is compiled sooner and runs slower. */
  readonly optimisation?: 1 | 2 | 3
}

const folder = (): string => cacheFolder('native', {})
const command = (): string => process.env.CC || 'cc'
/** Another machine with the same home must not run this one's code. */
const machineKey = (): string => `${process.platform} ${process.arch} ${cpus()[0]?.model ?? ''}`

let known: Compiler | undefined

/**
 * The machine's C compiler and what it says of the machine.
 * @throws UsageError where there is none.
 */
export function findCompiler(): Compiler {
  if (known !== undefined) return known
  const path = join(folder(), `${hash(`${command()} ${machineKey()}`)}.json`)
  known = readJson(path) ?? askCompiler()
  writeInPlace(path, JSON.stringify(known))
  return known
}

function askCompiler(): Compiler {
  const version = run(['--version']).split('\n')[0]!
  const macros = run(['-march=native', '-dM', '-E', '-x', 'c', '/dev/null'])
  const lanes = /__AVX512F__/.test(macros) ? 16 : /__AVX__/.test(macros) ? 8 : 4
  return { command: command(), version, lanes }
}

/**
 * Compiles a module, or takes it from the cache.
 * @throws UsageError with what the compiler said.
 */
export function compileModule(text: string, { fast, optimisation = 3 }: CompileOptions): NativeModule {
  const compiler = findCompiler()
  const options = [...OPTIONS, `-O${optimisation}`, `-ffp-contract=${fast ? 'fast' : 'off'}`]
  const name = hash(`${compiler.version}\n${machineKey()}\n${options.join(' ')}\n${text}`)
  const path = join(folder(), `${name}.node`)
  if (!existsSync(path)) build(text, options, path)
  const module = { exports: {} }
  process.dlopen(module, path)
  return module.exports as NativeModule
}

/** Two processes may build the same module at once: each writes a file of its own, and the last to be renamed stays. */
function build(text: string, options: readonly string[], path: string): void {
  const temporary = join(folder(), `.${crypto.randomUUID()}`)
  const [source, object] = [`${temporary}.c`, `${temporary}.node`]
  const undefinedLater = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []
  try {
    mkdirSync(folder(), { recursive: true })
    writeFileSync(source, text)
    run([...options, '-fPIC', '-shared', '-fvisibility=hidden', ...undefinedLater, '-o', object, source, '-lpthread'])
    renameSync(object, path)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(
      `engine native: ${folder()}: ${(error as Error).message}`,
      'free some space, or set XDG_CACHE_HOME',
    )
  } finally {
    for (const file of [source, object]) rmSync(file, { force: true })
  }
}

function run(parameters: readonly string[]): string {
  try {
    return execFileSync(command(), parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: string }
    if (code === 'ENOENT') throw new UsageError(`engine native: there is no C compiler '${command()}'`, HINT)
    throw new UsageError(`engine native: '${command()}' failed: ${(stderr ?? String(error)).slice(0, 2000)}`, HINT)
  }
}

/** Loaded when there is something to compile: most programs that import this file have nothing. */
const hash = (text: string): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, 32)

function readJson(path: string): Compiler | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Compiler
  } catch {
    return undefined
  }
}

/** A note for the next time; without it, the compiler is asked again. */
function writeInPlace(path: string, text: string): void {
  if (existsSync(path)) return
  try {
    mkdirSync(folder(), { recursive: true })
    const temporary = `${path}.${crypto.randomUUID()}`
    writeFileSync(temporary, text)
    renameSync(temporary, path)
  } catch {}
}
