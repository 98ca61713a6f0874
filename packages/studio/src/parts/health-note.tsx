// How a run does, in words: what went wrong, why, and what to try.
import { type Cause, type Health, healthOf } from '../experiment/health.ts'
import { suitedRate } from '../experiment/setup.ts'
import type { Run } from '../state/runs.ts'
import { texts } from '../state/settings.ts'
import { count, percent } from './numbers.ts'

export const healthOfRun = ({ diverged, means, chance, setup, kept }: Run): Health | undefined =>
  healthOf({
    diverged,
    accuracies: means.map(({ accuracy }) => accuracy),
    chance,
    images: setup.images,
    states: kept.items.at(-1)?.states ?? [],
  })

export function healthInWords(run: Run): string | undefined {
  const t = texts.value.train
  const health = healthOfRun(run)
  if (health === undefined) return undefined
  const { lr, optimizer } = run.setup
  const suited = suitedRate(optimizer)
  const way = lr > suited ? [t.tryRate(`${lr}`, `${suited}`, t.names[optimizer]!)] : []
  if (health.kind === 'diverged') return [t.diverged(health.epoch, health.step), ...way].join(' ')
  const why = health.cause ? [causeInWords(health.cause)] : []
  return [t.guessing(percent(health.accuracy), percent(health.chance)), ...why, ...way].join(' ')
}

function causeInWords(cause: Cause): string {
  const t = texts.value.train
  if (cause.kind === 'dead') return t.dead(cause.entry)
  return t.vanishing(cause.first, cause.last, count(cause.factor))
}

export function HealthNote({ run }: { readonly run: Run }) {
  const words = healthInWords(run)
  if (words === undefined) return null
  return (
    <p class="banner" data-health={healthOfRun(run)!.kind} role="status">
      <span class="bad">{words}</span>
    </p>
  )
}
