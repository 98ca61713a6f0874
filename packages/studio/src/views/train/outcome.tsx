// What came out: test accuracy, the weights' hash, the link that brings others to the same, the command that does it again.
import { useSignal } from '@preact/signals'
import { OWN } from '../../data/own-set.ts'
import type { Ending } from '../../engine/session.ts'
import { writeLink } from '../../experiment/link.ts'
import { commandOf } from '../../experiment/setup.ts'
import { count, duration, percent } from '../../parts/numbers.ts'
import { imagesOf } from '../../state/data.ts'
import { linked, verdict } from '../../state/linked.ts'
import { type Run, run, shownMoment } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'

/** The link that was opened, and how it stands with its weights. */
export function LinkBanner() {
  const t = texts.value.train
  const [experiment, state] = [linked.value, verdict.value]
  if (experiment === undefined || state === undefined) return null
  const { setup, hash } = experiment
  const words = {
    waiting: hash === undefined ? t.linkWithout : t.linkWaiting(hash),
    equal: t.linkEqual,
    other: t.linkOther,
    'no data': setup.data === OWN ? t.noOwnData : t.noSuchData(setup.data),
    'too few': t.linkTooFew(count(setup.images), count(imagesOf(setup.data))),
  }[state]
  return (
    <p class="banner" data-verdict={state} role="status">
      <span class={state === 'equal' ? 'good' : state === 'other' || state === 'no data' ? 'bad' : ''}>{words}</span>
    </p>
  )
}

/** Its place is kept from the first moment on, so that nothing jumps when it comes. */
export function Outcome() {
  const t = texts.value.train
  const current = run.value
  if (current === undefined) return null
  const { ending, setup } = current
  if (ending === undefined)
    return (
      <section class="outcome panel">
        <p class="hint">{current.isKept ? t.interrupted : t.resultLater}</p>
      </section>
    )
  const command = commandOf(setup)
  return (
    <section class="outcome panel" aria-live="polite" data-past={shownMoment.value !== undefined}>
      <Score run={current} ending={ending} />
      <dl>
        <dt>{t.hash}</dt>
        <dd>
          <code data-hash={ending.weightsHash}>{ending.weightsHash.slice(0, 16)}</code>
        </dd>
        {command && (
          <>
            <dt>{t.command}</dt>
            <dd>
              <code>{command}</code>
            </dd>
          </>
        )}
      </dl>
      {setup.data === OWN ? <p class="hint push">{t.linkOwn}</p> : <CopyLink run={current} hash={ending.weightsHash} />}
    </section>
  )
}

function Score({ run: { means }, ending }: { readonly run: Run; readonly ending: Ending }) {
  const t = texts.value.train
  const { testAccuracy, testErrors, testImages, seconds } = ending
  const isPast = shownMoment.value !== undefined
  const last = means.at(-1)
  const score = testAccuracy ?? last?.accuracy
  if (score === undefined) return null
  return (
    <p class="score">
      <strong>{percent(score, 2)}</strong>
      <span>
        {testAccuracy === undefined ? t.doneOnTraining : t.done(count(testErrors!), count(testImages!))},{' '}
        {t.took(duration(seconds))}
        {isPast && ` · ${t.atTheEnd}`}
      </span>
    </p>
  )
}

/** Addresses of this machine lead nowhere from another one. */
const isLocal = /^(localhost|127\.|\[::1\])/.test(location.hostname)

function CopyLink({ run: { setup }, hash }: { readonly run: Run; readonly hash: string }) {
  const t = texts.value.train
  const state = useSignal<'idle' | 'copied' | 'refused'>('idle')
  const copy = async () => {
    history.replaceState(null, '', writeLink({ setup, hash }))
    try {
      await navigator.clipboard.writeText(location.href)
      state.value = 'copied'
    } catch {
      // Absent where the page came without encryption, or forbidden.
      state.value = 'refused'
    }
  }
  return (
    <div class="copy push">
      <button type="button" onClick={() => void copy()}>
        {state.value === 'copied' ? t.copied : t.link}
      </button>
      {state.value === 'refused' && (
        <input
          type="text"
          readOnly
          aria-label={t.copyByHand}
          value={location.href}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      )}
      {state.value !== 'idle' && (
        <p class="hint" role="status">
          {[state.value === 'refused' && t.copyByHand, isLocal && t.linkLocal(location.hash.slice(0, 24))]
            .filter(Boolean)
            .join(' ')}
        </p>
      )}
    </div>
  )
}
