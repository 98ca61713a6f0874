// Runs side by side: curves overlaid, what they cost, what their units see.

import { type Summary, summarise } from 'lenet'
import { netOf } from '../../experiment/net-of.ts'
import { presetNames, presetOf, withPreset } from '../../experiment/setup.ts'
import { Curves, type Line } from '../../parts/curves.tsx'
import { healthInWords, healthOfRun } from '../../parts/health-note.tsx'
import { count, percent } from '../../parts/numbers.ts'
import { clipOf, linesOf } from '../../parts/run-lines.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { change, forgetRuns, live, play, type Run, run, runs, setup, shownMoment, shownRun } from '../../state/runs.ts'
import { texts, theme } from '../../state/settings.ts'
import { tell } from '../../state/toast.ts'
import { Fields } from './fields.tsx'

/** Told apart without colour, too: they differ in lightness, and the table names them in order. */
const colours = {
  light: ['#2b50d8', '#c2571a', '#1d7a4f', '#8a3fa8', '#5f626b', '#a8841a'],
  dark: ['#8ea6ff', '#f0965a', '#6bcf9d', '#d19af0', '#a0a4af', '#e3c565'],
} as const

export function CompareView() {
  const t = texts.value.compare
  const all = runs.value.filter(({ curve, diverged }) => curve.loss.length > 0 || diverged !== undefined)
  const palette = colours[theme.value]
  const colourOf = ({ id }: Run): string => palette[id % palette.length]!
  const lines = (key: 'loss' | 'accuracy'): Line[] =>
    all.flatMap((one) => linesOf(one, key, `${one.id + 1}`, colourOf(one)).filter(({ isFaint }) => !isFaint))
  const epochs = Math.max(1, ...all.map(({ setup }) => setup.epochs))
  const train = texts.value.train
  return (
    <div class="stack">
      {all.length === 0 ? (
        <p class="panel blank">{t.empty}</p>
      ) : (
        <>
          <div class="two">
            <section class="panel">
              <h2>{train.loss}</h2>
              <Curves
                label={train.lossLabel}
                lines={lines('loss')}
                most={clipOf(all)}
                epochs={epochs}
                format={(value) => value.toFixed(1)}
              />
            </section>
            <section class="panel">
              <h2>{train.accuracy}</h2>
              <Curves
                label={train.accuracyLabel}
                lines={lines('accuracy')}
                epochs={epochs}
                top={1}
                format={(value) => `${Math.round(100 * value)}%`}
              />
            </section>
          </div>
          <section class="panel">
            <h2>{t.title}</h2>
            <RunTable all={all} colourOf={colourOf} />
          </section>
          <section class="panel">
            <h2>{t.fields}</h2>
            <div class="fields">
              {all.map((one) => (
                <Fields
                  key={one.id}
                  title={`${one.id + 1} · ${one.title}`}
                  colour={colourOf(one)}
                  summary={summaryOf(one)}
                />
              ))}
            </div>
            <p class="hint">{t.fieldsHint}</p>
          </section>
        </>
      )}
      <section class="row add">
        {all.length > 0 && (
          <button
            type="button"
            class="quiet"
            disabled={live.value?.status === 'training' || live.value?.status === 'loading'}
            onClick={() => tell({ text: t.forgotten, undo: forgetRuns() })}
          >
            {t.forget}
          </button>
        )}
        <span class="hint">{t.add}</span>
        {presetNames.map((name) => (
          <button
            key={name}
            type="button"
            disabled={live.value?.status === 'training' || live.value?.status === 'loading'}
            onClick={() => {
              change(withPreset(setup.value, name))
              void play({ anew: true })
            }}
          >
            {name}
          </button>
        ))}
      </section>
    </div>
  )
}

function summaryOf({ setup, model }: Run): Summary {
  const [channels, classes] = [model?.net.input[0] ?? 1, model?.classes.length ?? 10]
  return summarise(netOf(setup, { channels, classes }))
}

interface TableProps {
  readonly all: readonly Run[]
  readonly colourOf: (run: Run) => string
}

function RunTable({ all, colourOf }: TableProps) {
  const t = texts.value.compare
  const columns = [t.run, t.parameters, t.multiplyAdds, t.field, t.loss, t.accuracy, t.test, t.rate, t.hash, t.shown]
  return (
    <Scroll label={t.title}>
      <table>
        <thead>
          <tr>
            {columns.map((name, at) => (
              <th key={name} scope="col" class={at > 0 && at < 8 ? 'number' : ''}>
                {at < columns.length - 1 ? name : <span class="hidden">{name}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.map((one) => {
            const facts = summaryOf(one)
            const field = facts.layers.findLast(({ receptiveField, parameters }) => receptiveField && parameters > 0)
            const last = one.means.at(-1)
            const health = healthOfRun(one)
            const isShown = run.value?.id === one.id
            return (
              <tr key={one.id}>
                <th scope="row">
                  <i class="dot" style={{ background: colourOf(one) }} /> {one.id + 1} · {one.title}
                  <div class="hint">{changes(one, all[0]!)}</div>
                  {health && <div class="health bad">{healthInWords(one)}</div>}
                </th>
                <td class="number">{count(facts.parameters)}</td>
                <td class="number">{count(facts.multiplyAdds)}</td>
                <td class="number">{field?.receptiveField?.join(' × ')}</td>
                <td class="number">{health?.kind === 'diverged' ? 'NaN' : last?.loss.toFixed(3)}</td>
                <td class="number">
                  {last === undefined || health?.kind === 'diverged' ? '–' : percent(last.accuracy)}
                </td>
                <td class="number">
                  {one.ending?.testAccuracy === undefined ? '–' : percent(one.ending.testAccuracy, 2)}
                </td>
                <td class="number">{rateOf(one)}</td>
                <td>
                  <code>{one.ending?.weightsHash.slice(0, 8) ?? '–'}</code>
                </td>
                <td>
                  <button
                    type="button"
                    aria-pressed={isShown}
                    disabled={isShown}
                    onClick={() => {
                      shownRun.value = one.id
                      shownMoment.value = undefined
                    }}
                  >
                    {isShown ? t.shown : t.show}
                  </button>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scroll>
  )
}

function rateOf({ kept }: Run): string {
  const rate = kept.items.at(-1)?.imagesPerSecond ?? 0
  return rate > 0 ? count(rate) : ''
}

/** What a run does otherwise than the first, beyond its network. */
function changes({ setup }: Run, first: Run): string {
  const keys = (
    ['width', 'optimizer', 'lr', 'schedule', 'batch', 'epochs', 'seed', 'augment', 'images'] as const
  ).filter((key) => setup[key] !== first.setup[key] && !(key === 'width' && presetOf(setup) === undefined))
  const t = texts.value.train
  const words = keys.map((key) => {
    const [name, value] = [t[key === 'lr' ? 'rate' : key].toLowerCase(), setup[key]]
    return typeof value === 'boolean' ? `${value ? '+' : '−'} ${name}` : `${name} ${t.names[value] ?? value}`
  })
  return words.join(' · ')
}
