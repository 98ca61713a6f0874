// The chosen unit: where it stands, what it sees, and its equations, in letters and in numbers.

import { short } from '../../parts/numbers.ts'
import { activity, shown, summary, weights } from '../../state/looking.ts'
import { texts } from '../../state/settings.ts'
import { placeOf } from './network.tsx'
import { type Reckoned, reckon, shortened, withPlace } from './reckon.ts'
import { chosen, field, selected, stages } from './selection.ts'
import { INPUT, type Stage } from './stages.ts'
import { Term } from './term.tsx'

export function Inspector() {
  const t = texts.value.draw
  const unit = selected.value
  const [model, now, values] = [shown.value, activity.value, weights.value]
  const stage = stages.value.find(({ name }) => name === unit?.entry)
  if (unit === undefined || stage === undefined || model === undefined)
    return (
      <section class="inspector empty">
        <p>{t.pointAtAUnit}</p>
        <p class="hint">{t.keys}</p>
      </section>
    )
  const result = stage.name === INPUT ? now?.pixels[unit.unit] : now?.values.get(unit.entry)?.[unit.unit]
  const title = (
    <header>
      <h2>
        {nested(stage)} <code>{placeOf(unit.entry, unit.unit)}</code>
        {result !== undefined && (
          <>
            {' = '}
            <output class="result">{short(result)}</output>
          </>
        )}
      </h2>
      <p>{seen()}</p>
      {chosen.value && (
        <button
          type="button"
          class="quiet push"
          onClick={() => {
            chosen.value = undefined
          }}
        >
          {t.release}
        </button>
      )}
    </header>
  )
  if (stage.name === INPUT)
    return (
      <section class="inspector">
        {title}
        <p class="filled">
          {t.pixel} <b>{now?.pixels[unit.unit] ?? 0}</b> → {t.normalised}{' '}
          <output>{short(now?.values.get(INPUT)?.[unit.unit] ?? 0)}</output>
        </p>
      </section>
    )
  if (now === undefined || values === undefined)
    return (
      <section class="inspector">
        {title}
        <p>{t.drawFirst}</p>
      </section>
    )
  const steps = reckon(model.net, stage, unit.unit, { values: now.values, weights: values })
  return (
    <section class="inspector" aria-label={t.equation}>
      {title}
      <ol class="reckoning">
        {steps.map((reckoned) => (
          <li key={`${reckoned.entry} ${reckoned.equation.text}`} class={isLone(reckoned) ? 'lone' : ''}>
            <Formula reckoned={reckoned} />
            <Term net={model.net} reckoned={reckoned} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Formula({ reckoned: { entry, equation } }: { readonly reckoned: Reckoned }) {
  const { layer, output } = shown.value!.net.entries.find(({ name }) => name === entry)!
  const place = output.map((extent, at) => {
    const below = output.slice(at + 1).reduce((product, side) => product * side, 1)
    return Math.floor(equation.unit / below) % extent
  })
  return (
    <p class="formula">
      <code>{shortened(equation.text)}</code>
      <code class="placed">{withPlace(equation, place, layer.options)}</code>
    </p>
  )
}

/** A parameter that is taken as it is: one line says it. */
const isLone = ({ equation: { over, loads } }: Reckoned): boolean =>
  over.length === 0 && loads.length === 1 && loads[0]!.source.kind === 'parameter'

/** `relu1(conv1)`: what the number beside it is. */
const nested = ({ entries }: Stage): string =>
  entries.slice(1).reduce((inner, name) => `${name}(${inner})`, entries[0]!)

/** How much of each layer before is seen. */
function seen(): string {
  const unit = selected.value!
  const facts = summary.value?.layers.find(({ name }) => name === unit.entry)
  const t = texts.value.draw
  const mask = field.value?.get(INPUT)
  const pixels = mask?.reduce((sum, bit) => sum + bit, 0) ?? 0
  if (unit.entry === INPUT) return ''
  const size = facts?.receptiveField
  if (size) return t.sees(`${size[0]} × ${size[1]}`)
  return pixels === mask?.length ? t.seesAll : t.seesPixels(pixels)
}
