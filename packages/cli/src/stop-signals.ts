// What ends a run before its time: Ctrl-C, SIGTERM, or that nobody reads standard output any more (main.ts tells it as
// SIGPIPE). While there is nothing to keep the process ends at once; later the run finishes its step and is kept.
import type { Context } from './context.ts'

export interface StopSignals {
  readonly signal: AbortSignal
  /** From here on there is something to keep. */
  begin(): void
  /** A line about how it ended: on standard error where nobody reads the output. */
  tell(line: string): void
  close(): void
}

export function watchStopSignals({ say, messages }: Context): StopSignals {
  const stop = new AbortController()
  let hasBegun = false
  let isUnread = false
  const interrupt = () => {
    if (!hasBegun || stop.signal.aborted) process.exit(130)
    say(`\n${messages.train.interrupting}`)
    stop.abort()
  }
  const pipe = () => {
    if (!hasBegun) process.exit()
    isUnread = true
    stop.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  process.on('SIGPIPE', pipe)
  return {
    signal: stop.signal,
    begin: () => {
      hasBegun = true
    },
    tell: (line) => (isUnread ? void process.stderr.write(`${line}\n`) : say(line)),
    close: () => {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', interrupt)
      process.off('SIGPIPE', pipe)
    },
  }
}
