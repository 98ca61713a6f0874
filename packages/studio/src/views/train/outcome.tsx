// What came out: test accuracy, the weights' hash, the link that brings others to the same, the command that does it again.
import { useSignal } from '@preact/signals'
import { writeLink } from '../../experiment/link.ts'
import { commandOf } from '../../experiment/setup.ts'
import { count, duration, percent } from '../../parts/numbers.ts'
import { imagesOf } from '../../state/data.ts'
import { linked, verdict } from '../../state/linked.ts'
import { run } from '../../state/runs.ts'
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
    'too few': t.linkTooFew(count(setup.images), count(imagesOf(setup.data))),
  }[state]
  return (
    <p class="banner" data-verdict={state} role="status">
      <span class={state === 'equal' ? 'good' : state === 'other' ? 'bad' : ''}>{words}</span>
    </p>
  )
}

export function Outcome() {
  const t = texts.value.train
  const isCopied = useSignal(false)
  const current = run.value
  const ending = current?.ending
  if (current === undefined || ending === undefined) return null
  const link = writeLink({ setup: current.setup, hash: ending.weightsHash })
  const command = commandOf(current.setup)
  return (
    <section class="outcome panel" aria-live="polite">
      <div>
        {ending.testAccuracy !== undefined && (
          <p class="score">
            <strong>{percent(ending.testAccuracy, 2)}</strong>
            <span>
              {t.done(count(ending.testErrors!), count(ending.testImages!))}, {t.took(duration(ending.seconds))}
            </span>
          </p>
        )}
      </div>
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
      <button
        type="button"
        onClick={() => {
          history.replaceState(null, '', link)
          void navigator.clipboard?.writeText(location.href).catch(() => undefined)
          isCopied.value = true
          setTimeout(() => {
            isCopied.value = false
          }, 1600)
        }}
      >
        {isCopied.value ? t.copied : t.link}
      </button>
    </section>
  )
}
