// Errors as the command line tells them: one line and a hint on standard error, and an exit code. Only an error that nobody
// foresaw shows its stack.

import { type Paint, plain } from './colours.ts'
import type { Messages } from './messages.ts'

export interface ReportOptions {
  readonly stderr: { readonly write: (text: string) => unknown }
  readonly messages: Messages
  readonly paint?: Paint
}

// By name and not by class: an error may come from another copy of the library, or from a worker.
const EXIT_CODES: Readonly<Record<string, number>> = {
  UsageError: 2,
  ShapeError: 2,
  FormatError: 3,
  AbortError: 130,
  RunError: 1,
}

/** Whether an error is one that the project throws on purpose, or the operating system's. */
export const isForeseen = (error: unknown): boolean =>
  error instanceof Error && (error.name in EXIT_CODES || isSystemError(error))

/** Codes of the operating system, such as ENOSPC: their message says it all. */
const isSystemError = (error: Error): boolean =>
  'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) && 'syscall' in error

/** 2 usage, 3 data missing or corrupt, 130 interrupted, 1 anything else. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Error ? (EXIT_CODES[error.name] ?? 1) : 1
}

function lines(error: unknown, { messages, paint = plain }: ReportOptions): string[] {
  if (!(error instanceof Error)) return [paint('red', String(error))]
  if (!isForeseen(error))
    return [paint('red', messages.errors.unexpected), error.stack ?? `${error.name}: ${error.message}`]
  const [first = '', ...rest] = messages.errors.told(error.message).split('\n')
  const hints = rest.map((line) => (line.startsWith('hint:') ? messages.errors.hint(line.slice(5).trim()) : line))
  return [paint('red', first), ...hints.map((line) => paint('dim', line))]
}

/** Prints an error and returns its exit code. An interruption is no error: whoever stopped has said what was saved. */
export function reportError(error: unknown, options: ReportOptions): number {
  const code = exitCodeOf(error)
  if (code !== 130) options.stderr.write(`${lines(error, options).join('\n')}\n`)
  return code
}
