// The verdict: a probability for every class, and the scores that they come from as units to choose.

import { Grid } from '../../parts/grid.tsx'
import { chance } from '../../parts/numbers.ts'
import { activity, shown } from '../../state/looking.ts'
import { texts } from '../../state/settings.ts'
import { columnsOf } from './layout.ts'
import { choose, point, selected, stages } from './selection.ts'

const MOST = 26
/** Letters of a name that leave no room for a bar beside it; classes that want two columns. */
const LONG = 6
const MANY = 12

export function Outputs() {
  const classes = shown.value?.plain.classes ?? []
  const now = activity.value
  const entry = stages.value.at(-1)?.name ?? ''
  const codes = drawnCodes()
  const longest = Math.max(1, ...classes.map(({ length }) => length))
  const order = [...classes.keys()]
  if (classes.length > MOST) order.sort((a, b) => (now?.probabilities[b] ?? 0) - (now?.probabilities[a] ?? 0))
  return (
    <div
      class="outputs"
      data-coded={codes !== undefined}
      data-long={longest > LONG}
      data-many={order.length > MANY}
      style={{ '--rows': Math.ceil(Math.min(order.length, MOST) / 2) }}
    >
      <div class="stage-head">
        <b>{entry}</b>
        <span>{classes.length}</span>
      </div>
      <ol aria-label={texts.value.draw.outputs} style={{ '--name': `${Math.min(11, longest)}ch` }}>
        {order.slice(0, MOST).map((index) => {
          const share = now?.probabilities[index] ?? 0
          const isChosen = selected.value?.entry === entry && selected.value.unit === index
          return (
            <li key={index}>
              <button
                type="button"
                class="output"
                data-unit={index}
                data-winner={now !== undefined && now.winner === index}
                aria-pressed={isChosen}
                title={now && `${classes[index]} ${chance(share)}`}
                onPointerEnter={(event) => {
                  if (event.pointerType === 'mouse') point({ entry, unit: index })
                }}
                onPointerLeave={() => point(undefined)}
                onFocus={({ currentTarget }) => {
                  if (currentTarget.matches(':focus-visible')) point({ entry, unit: index })
                }}
                onBlur={() => point(undefined)}
                onClick={() => choose({ entry, unit: index })}
              >
                <span class="name">{classes[index]}</span>
                {codes && <Code values={codes.subarray(index * CODE, (index + 1) * CODE)} />}
                <span class="bar">
                  <i style={{ transform: `scaleX(${share})` }} />
                </span>
                <span class="share">{now === undefined ? '' : chance(share)}</span>
              </button>
            </li>
          )
        })}
      </ol>
    </div>
  )
}

/** A class's code as a drawing. */
const Code = ({ values }: { readonly values: Float32Array }) => (
  <Grid values={values} rows={CODE / CODE_COLUMNS} columns={CODE_COLUMNS} most={2} cell={2} />
)

const CODE = 84
const CODE_COLUMNS = columnsOf(CODE)

/** The codes that the scores are distances to, where they were drawn: constants of the last entry, one row a class. */
function drawnCodes(): Float32Array | undefined {
  const last = shown.value?.net.entries.at(-1)
  const constants = last?.layer.definition.constants?.(last.inputShapes[0]!, last.layer.options as never) ?? {}
  return Object.values(constants).find(({ shape }) => shape[0] === last!.output[0] && shape[1] === CODE)?.data
}
