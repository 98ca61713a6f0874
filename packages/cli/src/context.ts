// What every command works with: where it may print, in which language, and how.
import { UsageError } from 'lenet'
import { colourDepth, type Paint, paintFor } from './colours.ts'
import { pickLanguage } from './language.ts'
import { type Messages, messagesFor } from './messages.ts'
import type { Output } from './progress.ts'

export interface Context {
  readonly messages: Messages
  readonly paint: Paint
  readonly json: boolean
  /** Results: the only thing on standard output under --json. */
  readonly stdout: Output
  /** Bits of colour on standard output. */
  readonly depth: number
  /** A line for people; nothing under --json. */
  say(line?: string): void
  /** A line on standard error, also under --json: what is not as it was wanted. */
  warn(line: string): void
  /** One JSON object a line; nothing otherwise. */
  emit(value: object): void
}

export interface GlobalOptions {
  readonly json?: boolean
  readonly lang?: string
}

export function createContext({ json = false, lang }: GlobalOptions): Context {
  const { stdout, stderr, env } = process
  return {
    messages: messagesFor(pickLanguage(lang, env)),
    paint: paintFor(stdout, env),
    json,
    stdout,
    depth: colourDepth(stdout, env),
    say: (line = '') => void (json || stdout.write(`${line}\n`)),
    warn: (line) => void stderr.write(`${line}\n`),
    emit: (value) => void (json && stdout.write(`${JSON.stringify(value)}\n`)),
  }
}

/** Reads a number of the command line. @throws UsageError in the house's words. */
export function readNumber(
  { messages }: Context,
  verb: string,
  option: string,
  text: string,
  kind: { readonly whole: number } | { readonly example: string },
): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if ('whole' in kind) {
    if (!Number.isSafeInteger(value) || value < kind.whole)
      throw new UsageError(messages.errors.whole(verb, option, text, kind.whole))
  } else if (!Number.isFinite(value)) throw new UsageError(messages.errors.number(verb, option, text, kind.example))
  return value
}

export function readChoice(
  { messages }: Context,
  verb: string,
  option: string,
  text: string,
  choices: readonly string[],
): string {
  if (!choices.includes(text)) throw new UsageError(messages.errors.oneOf(verb, option, text, choices.join(', ')))
  return text
}
