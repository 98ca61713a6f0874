// Training at hand in every view: play, pause, single steps, and the slider over the moments of the run.

import { view } from '../state/route.ts'
import { isOther, live, moment, pause, play, run, shownMoment, stepBack } from '../state/runs.ts'
import { texts } from '../state/settings.ts'
import { healthOfRun } from './health-note.tsx'
import { count, percent } from './numbers.ts'
import { meansAt } from './run-lines.ts'

export function Dock() {
  const t = texts.value.train
  const current = run.value
  const last = live.value
  if (last === undefined && view.value !== 'train') return null
  const isTraining = last?.status === 'training'
  const isLoading = last?.status === 'loading'
  const items = current?.kept.items ?? []
  const now = moment.value
  const means = current && now && meansAt(current, now.points)
  const health = current && shownMoment.value === undefined ? healthOfRun(current) : undefined
  const at = items.findIndex(({ id }) => id === now?.id)
  const word =
    last !== undefined && isOther.value && view.value === 'train'
      ? t.playNew
      : last?.isKept || ((last?.status === 'done' || last?.status === 'failed') && shownMoment.value === undefined)
        ? t.again
        : last && last.curve.loss.length > 0
          ? t.goOn
          : t.play
  return (
    <section class="dock" aria-label={t.time}>
      <div class="row">
        {isTraining ? (
          <button type="button" class="primary" onClick={() => void pause()}>
            <Icon path="M6 4h3v12H6zM11 4h3v12h-3z" />
            {t.pause}
          </button>
        ) : (
          <button type="button" class="primary" disabled={isLoading} onClick={() => void play()}>
            <Icon path="M6 4l10 6-10 6z" />
            {word}
          </button>
        )}
        <button type="button" disabled={at < 1} aria-label={t.back} title={t.back} onClick={() => void stepBack()}>
          <Icon path="M14 4L6 10l8 6zM4 4h2v12H4z" />
        </button>
        <button
          type="button"
          disabled={isTraining || isLoading}
          aria-label={t.step}
          title={t.step}
          onClick={() => void play({ once: true })}
        >
          <Icon path="M6 4l8 6-8 6zM14 4h2v12h-2z" />
        </button>
      </div>
      <input
        type="range"
        aria-label={t.time}
        min={0}
        max={Math.max(1, items.length - 1)}
        value={Math.max(0, at)}
        disabled={items.length < 2}
        aria-valuetext={now && t.epoch(now.progress.toFixed(2), current!.setup.epochs)}
        style={{ '--done': `${items.length < 2 ? 0 : (100 * Math.max(0, at)) / (items.length - 1)}%` }}
        onInput={({ currentTarget }) => {
          const index = Number(currentTarget.value)
          shownMoment.value = index === items.length - 1 ? undefined : items[index]!.id
        }}
      />
      <p class="facts">
        {isLoading ? (
          <span>
            {t.loading(last.loading?.total ? percent(Math.min(1, last.loading.done / last.loading.total), 0) : '')}
          </span>
        ) : (
          now && (
            <>
              <span class="wide">{t.epoch(now.progress.toFixed(2), current!.setup.epochs)}</span>
              <span class="narrow" aria-hidden="true">{`${now.progress.toFixed(2)} / ${current!.setup.epochs}`}</span>
              {health ? (
                <span class="bad">{t.healths[health.kind]}</span>
              ) : (
                means && (
                  <>
                    <span class="wide">{`${t.loss} ${means.loss.toFixed(3)}`}</span>
                    <span title={t.accuracyLabel}>{percent(means.accuracy)}</span>
                  </>
                )
              )}
              {now.imagesPerSecond > 0 && <span class="wide">{t.rateNow(count(now.imagesPerSecond))}</span>}
            </>
          )
        )}
      </p>
    </section>
  )
}

const Icon = ({ path }: { readonly path: string }) => (
  <svg viewBox="0 0 20 20" width="16" height="16" fill="currentColor" aria-hidden="true">
    <path d={path} />
  </svg>
)
