// One equation of a unit as a picture: patch × kernel, the largest of a window, or one value through a function.
import { useSignal } from '@preact/signals'
import { elementWise, type Net, type UnitLoad } from 'lenet'
import { CurveOf } from '../../parts/curve-of.tsx'
import { Grid } from '../../parts/grid.tsx'
import { short } from '../../parts/numbers.ts'
import { mostOf } from '../../parts/raster.ts'
import { texts } from '../../state/settings.ts'
import { columnsOf } from './layout.ts'
import type { Reckoned } from './reckon.ts'

interface Props {
  readonly net: Net
  readonly reckoned: Reckoned
}

export function Term({ net, reckoned }: Props) {
  const { equation, entry } = reckoned
  if (equation.over.length === 0) return <Single net={net} reckoned={reckoned} entry={entry} />
  return equation.reduction === 'max' ? <Largest reckoned={reckoned} /> : <Sum reckoned={reckoned} />
}

/** How terms stand in grids: the last two axes make one, those before them say how many there are. */
function gridOf({ equation: { over } }: Reckoned): { readonly rows: number; readonly columns: number } {
  const extents = over.map(({ extent }) => extent)
  if (extents.length >= 2) return { rows: extents.at(-2)!, columns: extents.at(-1)! }
  const columns = columnsOf(extents[0]!)
  return { rows: Math.ceil(extents[0]! / columns), columns }
}

/** Between what is read: a product, or a difference whose square is summed. */
type Value = Reckoned['equation']['value']

function signOf(value: Value): string {
  if (value.kind !== 'call') return ','
  if (value.parts.every(({ kind }) => kind === 'load')) return { '*': '×', '-': MINUS, '+': '+' }[value.name] ?? ','
  return signOf(value.parts[0]!)
}

const isProduct = (value: Value): value is Extract<Value, { readonly kind: 'call' }> =>
  value.kind === 'call' && value.name === '*'

const MINUS = '−'

/** Of a value on the way, what the equation calls it. */
const nameOf = ({ source, tensor }: UnitLoad): string =>
  source.kind === 'entry' ? source.name : source.kind === 'value' ? tensor.name.split('.').at(-1)! : tensor.name

const isInput = ({ load }: { readonly load: UnitLoad }): number => Number(load.source.kind === 'entry')

function Sum({ reckoned }: { readonly reckoned: Reckoned }) {
  const { reads, scales, terms, equation, result } = reckoned
  const opened = useSignal(0)
  const { rows, columns } = gridOf(reckoned)
  const area = rows * columns
  // A connection table only says which terms there are, and what is squared is shown once.
  const shown = equation.loads.flatMap((load, at) =>
    (equation.off && load.source.kind === 'constant') ||
    equation.loads.findIndex(({ tensor }) => tensor === load.tensor) < at
      ? []
      : [{ load, values: reads[at]!, most: scales[at]! }],
  )
  // The value comes before its weight, as people say it: patch × kernel.
  shown.sort((a, b) => isInput(b) - isInput(a))
  const parts = Math.ceil(terms.length / area)
  const present = Array.from({ length: parts }, (_, part) => part).filter((part) => equation.off?.[part * area] !== 1)
  const part = present.includes(opened.value) ? opened.value : present[0]!
  const cut = (values: Float64Array, at: number) => values.subarray(at * area, (at + 1) * area)
  const cell = area <= 36 ? 34 : area <= 160 ? 15 : 10
  const own = cut(terms, part).reduce((sum, term) => sum + term, 0)
  const isSquare = isProduct(equation.value) && !equation.value.parts.every(({ kind }) => kind === 'load')
  const sums = present.map((at) => cut(terms, at).reduce((sum, term) => sum + term, 0))
  return (
    <div class="sum">
      {present.length > 1 && (
        <ul class="channels" aria-label={texts.value.draw.channels}>
          {present.map((at, order) => (
            <li key={at}>
              <button type="button" aria-pressed={at === part} onClick={() => (opened.value = at)}>
                <Grid values={cut(shown[0]!.values, at)} rows={rows} columns={columns} most={shown[0]!.most} cell={5} />
                <span>{short(sums[order]!)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="product">
        {shown.map(({ load, values, most }, at) => (
          <figure key={load.tensor.name}>
            {at > 0 && <span class="sign">{signOf(equation.value)}</span>}
            <div>
              <Grid values={cut(values, part)} rows={rows} columns={columns} most={most} cell={cell} />
              <figcaption>{nameOf(load)}</figcaption>
            </div>
            {isSquare && at === shown.length - 1 && <span class="sign">²</span>}
          </figure>
        ))}
        {shown.length > 1 && (
          <figure>
            <span class="sign">=</span>
            <div>
              <Grid values={cut(terms, part)} rows={rows} columns={columns} most={mostOf(terms)} cell={cell} />
              <figcaption>{texts.value.draw.products}</figcaption>
            </div>
          </figure>
        )}
        <Account own={present.length > 1 ? own : result} reckoned={reckoned} />
      </div>
    </div>
  )
}

/** From the terms that are shown to the sum, line by line: what stands there adds up. */
function Account({ own, reckoned: { result, before } }: { readonly own: number; readonly reckoned: Reckoned }) {
  const t = texts.value.draw
  const lines: readonly (readonly [sign: string, value: number, what: string])[] = [
    ['Σ', own, t.products],
    ...(own === result ? [] : [['+', result - own, t.otherChannels] as const]),
    ...(before === undefined ? [] : [['+', before, t.sofar] as const]),
    ...(own === result && before === undefined ? [] : [['=', (before ?? 0) + result, ''] as const]),
  ]
  return (
    <dl class="account">
      {lines.map(([sign, value, what]) => (
        <div key={sign + what}>
          <dt class="sign">{sign}</dt>
          <dd>
            <output>{short(value)}</output> <span class="hint">{what}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Largest({ reckoned }: { readonly reckoned: Reckoned }) {
  const { terms, scales, winner, result, equation } = reckoned
  const { rows, columns } = gridOf(reckoned)
  return (
    <div class="product">
      <figure>
        <span class="sign">max</span>
        <div>
          <Grid values={terms} rows={rows} columns={columns} most={scales[0]!} cell={44} marked={winner} />
          <figcaption>{nameOf(equation.loads[0]!)}</figcaption>
        </div>
      </figure>
      <figure>
        <span class="sign">=</span>
        <output>{short(result)}</output>
      </figure>
    </div>
  )
}

function Single({ net, reckoned, entry }: Props & { readonly entry: string }) {
  const { reads, result, equation } = reckoned
  const f = elementWise(net.entries.find(({ name }) => name === entry)!)
  const x = reads[0]?.[0]
  return (
    <div class="single">
      {f !== undefined && x !== undefined && <CurveOf f={f} at={x} />}
      <p class="filled">
        {equation.loads.map((load, at) => (
          <span key={load.tensor.name}>
            {nameOf(load)} <b>{short(reads[at]![0]!)}</b>
          </span>
        ))}
        {equation.loads.length > 1 || f !== undefined ? (
          <span>
            → <output>{short(result)}</output>
          </span>
        ) : null}
      </p>
    </div>
  )
}
