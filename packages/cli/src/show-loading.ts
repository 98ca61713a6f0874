// Progress of reading and downloading, on a terminal only.
import type { Context } from './context.ts'
import { bytes, count } from './numbers.ts'
import { barText } from './progress.ts'

export interface Loading {
  readonly progress: (done: number, total: number | undefined, what: string) => void
  readonly end: () => void
}

export function showLoading({ stdout, json, paint }: Context): Loading {
  const shows = stdout.isTTY === true && !json
  let drawn = 0
  return {
    progress: (done, total, what) => {
      const now = performance.now()
      if (!shows || (now - drawn < 100 && done !== total)) return
      drawn = now
      const amount = (value: number) => (value > 1e5 ? bytes(value) : count(value))
      const bar = total ? `${barText(done / total, 28, paint)}  ${amount(done)} / ${amount(total)}` : amount(done)
      stdout.write(`\r\u001b[K${what}  ${bar}`)
    },
    end: () => void (shows && drawn > 0 && stdout.write('\r\u001b[K')),
  }
}
