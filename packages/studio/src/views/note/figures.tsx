// The note's smaller figures: each is a control of the page, or changes with one.
import { useSignal } from '@preact/signals'
import { summarise } from 'lenet'
import { netOf } from '../../experiment/net-of.ts'
import { choices, withPreset } from '../../experiment/setup.ts'
import { Segments } from '../../parts/controls.tsx'
import { Grid } from '../../parts/grid.tsx'
import { count, percent } from '../../parts/numbers.ts'
import { mostOf } from '../../parts/raster.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { activity, shown, summary } from '../../state/looking.ts'
import { view } from '../../state/route.ts'
import { change, pause, play, setup } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'
import { chosen, stages } from '../draw/selection.ts'

export function FieldFigure() {
  const t = texts.value.note.figures
  const maps = stages.value.filter(({ shape, entries }) => shape.length === 3 && entries[0] !== 'input')
  return (
    <div class="live">
      <div class="row">
        {maps.map(({ name, title, shape }) => (
          <button
            key={name}
            type="button"
            onClick={() => {
              const [channels, rows, columns] = shape as [number, number, number]
              const middle =
                Math.floor(channels / 2) * rows * columns + Math.floor(rows / 2) * columns + Math.floor(columns / 2)
              chosen.value = { entry: name, unit: middle }
              view.value = 'draw'
            }}
          >
            {title}
            <span class="hint">
              {summary.value?.layers.find((layer) => layer.name === name)?.receptiveField?.join(' × ')}
            </span>
          </button>
        ))}
      </div>
      <p class="hint">{t.showMe}</p>
    </div>
  )
}

const poolings: Readonly<Record<string, (window: readonly number[]) => number>> = {
  max: (window) => Math.max(...window),
  average: (window) => window.reduce((sum, value) => sum + value, 0) / window.length,
}

/** A corner of the first feature map of the drawing. */
export function PoolingFigure() {
  const { note, train } = texts.value
  const t = note.figures
  const { pooling } = setup.value
  const stage = stages.value[1]
  const values = stage && activity.value?.values.get(stage.name)
  const columns = stage?.shape[2] ?? 0
  const corner = Array.from(
    { length: 36 },
    (_, at) => values?.[(10 + Math.floor(at / 6)) * columns + 10 + (at % 6)] ?? 0,
  )
  const pool = poolings[pooling]
  const pooled = Array.from({ length: 9 }, (_, at) => {
    const start = Math.floor(at / 3) * 12 + (at % 3) * 2
    const window = [0, 1, 6, 7].map((step) => corner[start + step]!)
    return pool?.(window) ?? 0
  })
  return (
    <div class="live">
      <Segments
        label={train.pooling}
        values={choices.pooling}
        value={pooling}
        title={(name) => train.names[name]!}
        onChange={(name) => change({ pooling: name })}
      />
      {pool !== undefined && (
        <div class="product">
          <figure>
            <div>
              <Grid values={corner} rows={6} columns={6} most={mostOf(corner)} cell={32} />
              <figcaption>{t.before}</figcaption>
            </div>
          </figure>
          <figure>
            <span class="sign">→</span>
            <div>
              <Grid values={pooled} rows={3} columns={3} most={mostOf(corner)} cell={64} />
              <figcaption>{t.after}</figcaption>
            </div>
          </figure>
        </div>
      )}
    </div>
  )
}

const SIXTEEN = Array.from({ length: 16 }, (_, at) => at + 1)

export function ViewFigure() {
  const t = texts.value.note.figures
  const columns = useSignal(4)
  const rows = 16 / columns.value
  return (
    <div class="live">
      <Segments
        label={t.columns}
        values={[1, 2, 4, 8, 16]}
        value={columns.value}
        onChange={(next) => (columns.value = next)}
      />
      <div class="view-figure">
        <Grid values={SIXTEEN} rows={rows} columns={columns.value} most={24} cell={columns.value > 8 ? 22 : 34} />
      </div>
      <p>
        <code>{t.reads(rows, columns.value)}</code>
      </p>
    </div>
  )
}

/** The network of the controls, with its parameters. */
const described = () => {
  const plain = shown.value?.plain
  return summarise(netOf(setup.value, { channels: plain?.net.input[0] ?? 1, classes: plain?.classes.length ?? 10 }))
}

function ParameterBars() {
  const t = texts.value.note.figures
  const facts = described()
  const layers = facts.layers.filter(({ parameters }) => parameters > 0)
  const most = Math.max(...layers.map(({ parameters }) => parameters))
  return (
    <ul class="bars" aria-label={t.layers}>
      {layers.map(({ name, parameters }) => (
        <li key={name}>
          <span>{name}</span>
          <i style={{ width: `${Math.max(0.4, (100 * parameters) / most)}%` }} />
          <b>{count(parameters)}</b>
        </li>
      ))}
      <li class="total">
        <span>{t.total}</span>
        <i style={{ width: 0 }} />
        <b>{count(facts.parameters)}</b>
      </li>
    </ul>
  )
}

export function DenseFigure() {
  const { note, train } = texts.value
  const facts = described()
  const dense = facts.layers
    .filter(({ layer }) => layer === 'linear')
    .reduce((sum, { parameters }) => sum + parameters, 0)
  return (
    <div class="live">
      <Segments
        label={train.head}
        values={choices.head}
        value={setup.value.head}
        title={(name) => train.names[name]!}
        onChange={(head) => change({ head })}
      />
      <p>{note.figures.dense(percent(dense / facts.parameters, 0))}</p>
      <ParameterBars />
    </div>
  )
}

export function CountingFigure() {
  const { train } = texts.value
  return (
    <div class="live">
      <Segments
        label={train.width}
        values={choices.width}
        value={setup.value.width as 1}
        title={(width) => `×${width}`}
        onChange={(width) => change({ width })}
      />
      <ParameterBars />
    </div>
  )
}

export function HistoryFigure() {
  const t = texts.value.note.figures
  return (
    <div class="live">
      <Scroll label={t.past}>
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col">{t.past}</th>
              <th scope="col">{t.today}</th>
            </tr>
          </thead>
          <tbody>
            {t.parts.map((part, at) => (
              <tr key={part}>
                <th scope="row">{part}</th>
                <td>{t.pastValues[at]}</td>
                <td>{t.todayValues[at]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <button type="button" onClick={() => void trainBoth()}>
        {t.compare}
      </button>
    </div>
  )
}

async function trainBoth(): Promise<void> {
  view.value = 'compare'
  await pause()
  for (const name of ['lenet5', 'lenet'] as const) {
    change(withPreset(setup.value, name))
    await play({ anew: true })
  }
}
