// A run's curves as lines: every point pale, and the mean over the last ones above them.
import { progressOf, smoothed, smoothing } from '../experiment/curve.ts'
import type { Run } from '../state/runs.ts'
import { texts } from '../state/settings.ts'
import type { Line } from './curves.tsx'
import { percent } from './numbers.ts'

type Quantity = 'loss' | 'accuracy'

export function linesOf({ curve, scale }: Run, quantity: Quantity, title: string, colour: string): readonly Line[] {
  const xs = progressOf(curve, scale)
  const [ys, window] = [curve[quantity], smoothing(scale)]
  const line = { title, colour, xs, ys: smoothed(ys, window) }
  return window === 1 ? [line] : [{ ...line, ys, isFaint: true }, line]
}

/** Three times the loss that the runs begin with: more is a run that leaves the picture. */
export const clipOf = (runs: readonly Run[]): number | undefined => {
  const first = runs.flatMap(({ curve, scale }) =>
    smoothed(curve.loss.slice(0, smoothing(scale)), smoothing(scale)).slice(-1),
  )
  const known = first.filter((loss) => Number.isFinite(loss))
  return known.length === 0 ? undefined : 3 * Math.max(1 / 3, Math.min(...known))
}

/** Loss and accuracy as the smoothed curves have them after so many points. */
export function meansAt({ curve, scale }: Run, points: number): Record<Quantity, number> | undefined {
  const some = (values: readonly number[]) => values.slice(Math.max(0, points - smoothing(scale)), points)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [loss, accuracy] = [some(curve.loss), some(curve.accuracy)]
  return loss.length === 0 ? undefined : { loss: mean(loss), accuracy: mean(accuracy) }
}

/** A curve in words, for whoever cannot see it. */
export function saysOf(label: string, run: Run, quantity: Quantity): string {
  const values = smoothed(run.curve[quantity], smoothing(run.scale))
  const [first, last] = [values[0], values.at(-1)]
  if (first === undefined || last === undefined) return label
  const text = (value: number) => (quantity === 'loss' ? value.toFixed(3) : percent(value))
  return texts.value.train.curveSays(label, text(first), text(last))
}
