// Training as it happens. On a terminal one line is redrawn in place, at most ten times a second, and every finished epoch
// leaves a line behind; elsewhere there is only the line of each epoch.

import type { EpochEvent, StepEvent } from 'lenet'
import type { Paint, Terminal } from './colours.ts'
import type { Messages } from './messages.ts'
import { clock, count, duration, loss, percent } from './numbers.ts'
import { shorten, textWidth } from './text-width.ts'

export interface Output extends Terminal {
  readonly columns?: number
  readonly write: (text: string) => unknown
}

export interface ProgressOptions {
  readonly output: Output
  readonly messages: Messages
  readonly paint: Paint
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
}

const REDRAW = 100
const ERASE = '\r\u001b[K'
const LONGEST_BAR = 28
const SHORTEST_BAR = 8

export function barText(share: number, width: number, paint: Paint): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width)
  return paint('cyan', '━'.repeat(full)) + paint('dim', '╌'.repeat(width - full))
}

/** One line that fits into the columns: what does not fit is left out, the least important first. */
export function stepLine(
  event: StepEvent,
  left: number | undefined,
  columns: number,
  { messages, paint }: ProgressOptions,
): string {
  const { progress } = messages
  const texts = {
    epoch: progress.epoch(event.epoch, event.epochs),
    step: `${count(event.step)}/${count(event.steps)}`,
    loss: progress.loss(loss(event.loss)),
    accuracy: progress.accuracy(percent(event.accuracy)),
    rate: progress.rate(count(event.imagesPerSecond)),
    left: left === undefined ? '' : progress.left(clock(left)),
  }
  const order = ['rate', 'step', 'loss', 'left', 'accuracy'] as const
  const room = (): number =>
    columns - 1 - Object.values(texts).reduce((sum, text) => sum + (text === '' ? 0 : textWidth(text) + 2), 0)
  for (const name of order) {
    if (room() >= SHORTEST_BAR) break
    texts[name] = ''
  }
  const width = Math.min(LONGEST_BAR, room())
  const { epoch, ...rest } = texts
  const head = width < 1 ? shorten(epoch, columns - 1) : `${epoch}  ${barText(event.step / event.steps, width, paint)}`
  return [head, ...Object.values(rest).filter((text) => text !== '')].join('  ')
}

export function epochLine(event: EpochEvent, { messages, paint }: Pick<ProgressOptions, 'messages' | 'paint'>): string {
  const { progress } = messages
  const measured = event.validationAccuracy
  return [
    progress.epoch(event.epoch, event.epochs),
    progress.loss(loss(event.trainLoss)),
    progress.accuracy(percent(event.trainAccuracy)),
    ...(measured === undefined ? [] : [paint('bold', progress.validation(percent(measured)))]),
    paint('dim', progress.rate(count(event.imagesPerSecond))),
    paint('dim', duration(event.seconds)),
  ].join('  ')
}

/** The display of one training run. */
export class Progress {
  readonly #options: ProgressOptions
  readonly #now: () => number
  #drawnAt = -Infinity
  #shown = false
  #start: { readonly at: number; readonly done: number } | undefined

  constructor(options: ProgressOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  step(event: StepEvent): void {
    const { output } = this.#options
    if (output.isTTY !== true) return
    const at = this.#now()
    const left = this.#left(event, at)
    if (at - this.#drawnAt < REDRAW) return
    this.#drawnAt = at
    this.#shown = true
    output.write(ERASE + stepLine(event, left, output.columns ?? 80, this.#options))
  }

  epoch(event: EpochEvent): void {
    this.clear()
    this.#options.output.write(`${epochLine(event, this.#options)}\n`)
  }

  /** Takes the line away, before anything else is printed. */
  clear(): void {
    if (this.#shown) this.#options.output.write(ERASE)
    this.#shown = false
    this.#drawnAt = -Infinity
  }

  /** Seconds left at the pace since the first step seen here; a resumed run starts in the middle. */
  #left({ epoch, epochs, step, steps }: StepEvent, at: number): number | undefined {
    const done = (epoch - 1 + step / steps) / epochs
    this.#start ??= { at, done }
    const gained = done - this.#start.done
    return gained > 0 ? ((at - this.#start.at) / 1000 / gained) * (1 - done) : undefined
  }
}
