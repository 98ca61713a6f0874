// Moments of a run, kept for the time slider. The last one is always there; when there are too many, every other one goes
// and the spacing doubles, so that memory stays bounded. The page and the trainer keep the same ones by the same rule.

export const LIMIT = 80

export interface Timed {
  readonly id: number
  /** Epochs done, with the fraction of the one under way. */
  readonly progress: number
  /** Kept whatever the spacing: a single step that was asked for. */
  readonly single: boolean
}

export interface Kept<T extends Timed> {
  readonly items: readonly T[]
  readonly spacing: number
}

export const nothingKept: Kept<never> = { items: [], spacing: 0 }

export function keep<T extends Timed>({ items, spacing }: Kept<T>, item: T): Kept<T> {
  const [before, last] = [items.at(-2), items.at(-1)]
  const replaces = before && last && !last.single && !item.single && last.progress - before.progress < spacing
  const next = [...(replaces ? items.slice(0, -1) : items), item]
  if (next.length <= LIMIT) return { items: next, spacing }
  const thinned = next.filter((_, at) => at % 2 === 0 || at === next.length - 1)
  const span = item.progress - next[0]!.progress
  return { items: thinned, spacing: Math.max(2 * spacing, (2 * span) / LIMIT) }
}

/** The moments up to one of them: what remains when training goes on from there. */
export const upTo = <T extends Timed>({ items, spacing }: Kept<T>, id: number): Kept<T> => ({
  items: items.filter((item) => item.id <= id),
  spacing,
})
