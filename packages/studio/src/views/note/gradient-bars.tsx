// How much of the gradient reaches each layer of a network that has not learnt yet: on a logarithmic scale, a bar a layer.
import { useSignal } from '@preact/signals'
import type { EntryState } from 'lenet'
import { useEffect } from 'preact/hooks'
import { fine } from '../../parts/numbers.ts'
import { firstGradients, setup } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'

/** Powers of ten that the bars span. */
const DECADES = 4.5
const TOP = -1.5

export function GradientBars() {
  const t = texts.value.note.figures
  const found = useSignal<readonly EntryState[]>([])
  const { activation, pooling, head, width } = setup.value
  useEffect(() => {
    let isStale = false
    void firstGradients().then((states) => {
      if (!isStale && states) found.value = states
    })
    return () => {
      isStale = true
    }
  }, [activation, pooling, head, width])
  const layers = found.value.flatMap(({ entry, gradient }) => (gradient === undefined ? [] : [{ entry, gradient }]))
  if (layers.length === 0) return null
  const share = (gradient: number) => Math.max(0.01, Math.min(1, 1 - (TOP - Math.log10(gradient)) / DECADES))
  return (
    <figure class="gradients">
      <figcaption>{t.gradients}</figcaption>
      <ul class="bars" aria-label={t.gradients}>
        {layers.map(({ entry, gradient }) => (
          <li key={entry}>
            <span>{entry}</span>
            <i style={{ width: `${100 * share(gradient)}%` }} />
            <b>{fine(gradient)}</b>
          </li>
        ))}
      </ul>
    </figure>
  )
}
