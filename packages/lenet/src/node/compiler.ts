// The native engine's compiler: C text → a module, made once for every program and machine. What the machine has is the
// compiler's word: its driver lists the processor's features in a few milliseconds, and that list is part of every key.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { NativeModule } from '../engine/native/machine.ts'
import { UsageError } from '../errors.ts'
import { cacheFolder } from './data-places.ts'
import { keptFile, ownFolder } from './native-cache.ts'

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
  readonly optimisation?: 0 | 1 | 2 | 3
  /** After which the compiler is given up; 300 unless told. */
  readonly seconds?: number
}

/** For a compiler to answer a question. */
const SECONDS = 10

interface Known extends Compiler {
  /** Of the compiler's version and of the machine's features: another machine with the same home must not run this code. */
  readonly key: string
}

const folder = (): string => cacheFolder('native', {})
const command = (): string => process.env.CC?.trim() || 'cc'

/** Which compiler, and where it writes: for another of either another answer may be right. */
const asking = (): string => `${command()} in ${folder()}`

let known: { readonly asked: string; readonly answer: Known | UsageError } | undefined

/**
 * The machine's C compiler and what it says of the machine.
 * @throws UsageError where there is none.
 */
export function findCompiler(seconds = SECONDS): Compiler {
  const { key, ...compiler } = ask(seconds)
  return compiler
}

/** Asked once; what hung once is not waited for again. */
function ask(seconds = SECONDS): Known {
  const asked = asking()
  if (known?.asked !== asked) known = { asked, answer: orError(() => askCompiler(seconds)) }
  if (known.answer instanceof UsageError) throw known.answer
  return known.answer
}

function askCompiler(seconds: number): Known {
  const { stdout, stderr } = run(['-march=native', '-###', '-v', '-E', '-x', 'c', '-'], seconds)
  const key = hash(`${process.platform} ${process.arch} ${command()}\n${stdout}${stderr}`)
  ownFolder(folder())
  const make = (path: string) => writeFileSync(path, JSON.stringify(askFacts(seconds)))
  const path = keptFile(folder(), { key, make })
  return { command: command(), ...(readFacts(path) ?? askFacts(seconds)), key }
}

type Facts = Omit<Compiler, 'command'>

function readFacts(path: string): Facts | undefined {
  try {
    const { version, lanes } = JSON.parse(readFileSync(path, 'utf8')) as Facts
    return typeof version === 'string' && [4, 8, 16].includes(lanes) ? { version, lanes } : undefined
  } catch {
    return undefined
  }
}

function askFacts(seconds: number): Facts {
  const [version = ''] = run(['--version'], seconds).stdout.split('\n')
  const { stdout: macros } = run(['-march=native', '-dM', '-E', '-x', 'c', '-'], seconds)
  if (!macros.includes('#define __FLT_MANT_DIG__ 24'))
    throw new UsageError(`engine native: '${command()}' does not answer as a C compiler does`, HINT)
  return { version, lanes: /__AVX512F__/.test(macros) ? 16 : /__AVX__/.test(macros) ? 8 : 4 }
}

/**
 * Compiles a module, or takes it from the cache.
 * @throws UsageError with what the compiler said, or why it has no result that can be loaded.
 */
export function compileModule(text: string, options: CompileOptions): NativeModule {
  const { fast, optimisation = 3, seconds = 300 } = options
  const { key } = ask()
  const flags = [...OPTIONS, `-O${optimisation}`, `-ffp-contract=${fast ? 'fast' : 'off'}`]
  const wanted = {
    key: hash(`${key}\n${flags.join(' ')}\n${text}`),
    make: (path: string) => build(path, text, { flags, seconds }),
  }
  ownFolder(folder())
  const path = keptFile(folder(), wanted)
  try {
    const module = { exports: {} }
    process.dlopen(module, path)
    return module.exports as NativeModule
  } catch (error) {
    rmSync(path, { force: true })
    const [reason] = (error as Error).message.split('\n')
    throw new UsageError(`engine native: what '${command()}' compiled cannot be loaded: ${reason}`, HINT)
  }
}

/** The text goes in by standard input, so that its module does not hold the name of a temporary file. */
function build(path: string, text: string, { flags, seconds }: { flags: readonly string[]; seconds: number }): void {
  const undefinedLater = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []
  const shared = ['-fPIC', '-shared', '-fvisibility=hidden', ...undefinedLater]
  run([...flags, ...shared, '-o', path, '-x', 'c', '-', '-lpthread'], seconds, text)
  if (!existsSync(path)) throw new UsageError(`engine native: '${command()}' compiled nothing`, HINT)
}

/** `CC` may hold options, and a program that calls the compiler: `gcc -m64`, `ccache gcc`. */
const words = (): string[] => (existsSync(command()) ? [command()] : command().split(/\s+/))

function run(parameters: readonly string[], seconds: number, input = ''): { stdout: string; stderr: string } {
  const [program, ...first] = words()
  const { error, status, signal, stdout, stderr } = spawnSync(program!, [...first, ...parameters], {
    input,
    encoding: 'utf8',
    timeout: 1000 * seconds,
    // A compiler that hangs may not hear anything gentler.
    killSignal: 'SIGKILL',
    maxBuffer: 16 << 20,
  })
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOENT') throw new UsageError(`engine native: there is no C compiler '${command()}'`, HINT)
  if (code === 'ETIMEDOUT') {
    const answer = new UsageError(
      `engine native: '${command()}' was still at work after ${seconds} s; it was stopped`,
      HINT,
    )
    known = { asked: asking(), answer }
    throw answer
  }
  // A program that reads no question closes its input; its answer is looked at all the same.
  if ((error === undefined || code === 'EPIPE') && status === 0) return { stdout, stderr }
  const reason = stderr || error?.message || (signal ? `it was ended by ${signal}` : `exit code ${status}`)
  throw new UsageError(`engine native: '${command()}' failed: ${reason.trim().slice(0, 2000)}`, HINT)
}

const orError = (work: () => Known): Known | UsageError => {
  try {
    return work()
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
}

/** Loaded when there is something to compile: most programs that import this file have nothing. */
const hash = (text: string): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, 32)
