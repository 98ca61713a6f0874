// What each equation of a training step takes, as a table; the slowest stand where the step has them.
import type { KernelMeasurement, StepMeasurement } from 'lenet/node'
import type { Paint } from './colours.ts'
import type { Messages } from './messages.ts'
import { percent } from './numbers.ts'
import { tableText } from './table.ts'
import { shorten, textWidth } from './text-width.ts'

export interface KernelsTextOptions {
  readonly messages: Messages
  readonly paint: Paint
  readonly stdout: { readonly columns?: number }
}

/** A kernel below this share of a step is counted among the small ones. */
const SMALL = 0.002

/** `peak` in operations a second. */
export function kernelsText(step: StepMeasurement, peak: number, options: KernelsTextOptions): string {
  const { messages, paint, stdout } = options
  const texts = messages.bench
  const right = { align: 'right' as const }
  const micro = (seconds: number): string => (seconds * 1e6).toFixed(2)
  const share = (seconds: number): string => percent(seconds / step.seconds, 1)
  const large = step.kernels.filter(({ seconds }) => seconds >= SMALL * step.seconds)
  const small = step.kernels.filter((kernel) => !large.includes(kernel))
  const cells = ({ layer, seconds, operations }: Omit<KernelMeasurement, 'text' | 'fused'>, text: string): string[] => [
    layer,
    micro(seconds),
    share(seconds),
    (operations / seconds / 1e9).toFixed(1),
    percent(operations / seconds / peak, 0),
    text,
  ]
  const rows = large.map((kernel) => cells(kernel, equationText(kernel)))
  if (small.length > 0) rows.push(cells({ layer: '', ...sum(small) }, texts.small(String(small.length))))
  const all = sum(step.kernels)
  rows.push(['', micro(step.seconds - all.seconds), share(step.seconds - all.seconds), '', '', texts.rest])
  const columns = [
    { heading: messages.summary.layer },
    { heading: texts.microseconds, ...right },
    { heading: messages.summary.share, ...right },
    { heading: 'GFLOP/s', ...right },
    { heading: texts.ofPeak, ...right },
    { heading: texts.equation },
  ]
  const foot = cells({ layer: messages.summary.total, operations: all.operations, seconds: step.seconds }, '')
  return fit((width) => {
    const cut = (row: string[]): string[] => row.map((cell, at) => (at === 5 ? shorten(cell, width) : cell))
    return tableText({ columns, rows: rows.map(cut), foot }, paint)
  }, stdout.columns)
}

const equationText = ({ text, fused }: KernelMeasurement): string => (fused > 0 ? `${text}  (+${fused})` : text)

function sum(kernels: readonly KernelMeasurement[]): { seconds: number; operations: number } {
  return kernels.reduce(
    (all, { seconds, operations }) => ({
      seconds: all.seconds + seconds,
      operations: all.operations + operations,
    }),
    { seconds: 0, operations: 0 },
  )
}

/** The equations are as long as the terminal lets them. */
function fit(draw: (width: number) => string, columns: number | undefined): string {
  const whole = draw(200)
  if (columns === undefined) return whole
  const wide = Math.max(...whole.split('\n').map(textWidth))
  if (wide <= columns) return whole
  const rest = Math.max(...draw(1).split('\n').map(textWidth)) - 1
  return draw(Math.max(8, columns - rest))
}
