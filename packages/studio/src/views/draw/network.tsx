// The network on the page: one canvas for all stages, their names above, and pointing, touching and keys to choose a unit.
import { useSignal } from '@preact/signals'
import { sizeOf } from 'lenet'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Canvas } from '../../parts/canvas.tsx'
import { short } from '../../parts/numbers.ts'
import { inked, palette, signed } from '../../parts/palette.ts'
import { activity } from '../../state/looking.ts'
import { live } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'
import { LABEL, layOut, neighbour, type Unit, unitAt } from './layout.ts'
import { paintSeen, paintStages } from './paint.ts'
import { choose, chosen, field, point, selected, stages } from './selection.ts'
import { INPUT, type Stage } from './stages.ts'
import { termsOf } from './terms.ts'

/** What stands above and below the network in the window: header, margins, and the equation of a unit. */
const BESIDE = 466
const DOCK = 60
/** Around the picture, for the frames of what stands at its border. */
const EDGE = 4

export function Network() {
  const box = useRef<HTMLDivElement>(null)
  const width = useSignal(860)
  const high = useSignal(innerHeight)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      width.value = Math.floor(entry!.contentRect.width)
    })
    observer.observe(box.current!)
    const resize = () => {
      high.value = innerHeight
    }
    addEventListener('resize', resize)
    return () => {
      observer.disconnect()
      removeEventListener('resize', resize)
    }
  }, [])
  const room = high.value - BESIDE - (live.value === undefined ? 0 : DOCK)
  const shownStages = stages.value.length > 1 ? stages.value.slice(0, -1) : stages.value
  const layout = useMemo(
    () => layOut(shownStages, width.value, room),
    [shownStages.map(({ name }) => name).join(), stages.value, width.value, room],
  )
  const t = texts.value
  const find = (event: PointerEvent | MouseEvent): Unit | undefined => {
    const { left, top } = box.current!.getBoundingClientRect()
    return unitAt(layout, event.clientX - left, event.clientY - top)
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      chosen.value = undefined
      point(undefined)
      return
    }
    const now = chosen.value ?? { entry: layout.placed[1]?.stage.name ?? INPUT, unit: 0 }
    const at = layout.placed.findIndex(({ stage }) => stage.name === now.entry)
    const stepped = { '[': -1, ']': 1 }[event.key]
    if (stepped !== undefined) {
      const next = layout.placed[at + stepped]
      if (next) chosen.value = { entry: next.stage.name, unit: middle(next.stage) }
    } else if (/^(Arrow|Page)/.test(event.key)) {
      const own = layout.placed[Math.max(0, at)]!
      chosen.value = {
        entry: own.stage.name,
        unit: chosen.value ? neighbour(own, now.unit, event.key) : middle(own.stage),
      }
    } else return
    point(undefined)
    event.preventDefault()
  }
  return (
    <div
      ref={box}
      class="network"
      style={{ height: `${layout.height}px` }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys choose a unit here
      tabIndex={0}
      role="application"
      aria-label={t.draw.network}
      aria-describedby="network-keys"
      onKeyDown={press}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse') point(find(event))
      }}
      onPointerLeave={() => point(undefined)}
      onClick={(event) => choose(find(event))}
    >
      <Canvas
        wide={layout.width + 2 * EDGE}
        high={layout.height + 2 * EDGE}
        draw={(context) => {
          context.translate(EDGE, EDGE)
          paintStages(context, {
            layout,
            activity: activity.value,
            palette: palette.value,
            signed: signed.value,
            inked: inked.value,
          })
        }}
      />
      <Canvas
        wide={layout.width + 2 * EDGE}
        high={layout.height + 2 * EDGE}
        draw={(context) => {
          const [unit, seen] = [selected.value, field.value]
          if (unit === undefined || seen === undefined) return
          const output = outputAt(unit, box.current!)
          context.translate(EDGE, EDGE)
          paintSeen(context, { layout, selected: unit, field: seen, palette: palette.value, output })
        }}
      />
      {layout.placed.map(({ stage, x, y, width: wide }) => (
        <div
          key={stage.name}
          class="stage-name"
          style={{ left: `${layout.isNarrow ? 0 : x + wide / 2}px`, top: `${layout.isNarrow ? y - LABEL : 0}px` }}
          data-narrow={layout.isNarrow}
        >
          <b>{stage.name === INPUT ? t.draw.input : stage.title}</b>
          <span>{stage.shape.join('×')}</span>
        </div>
      ))}
      <p id="network-keys" class="hidden">
        {t.draw.keys}
      </p>
      <p class="hidden" aria-live="polite">
        {chosen.value && spoken(chosen.value)}
      </p>
    </div>
  )
}

/** Where a class beside the network stands, and what the last stage adds to its score. */
function outputAt({ entry, unit }: Unit, box: HTMLElement) {
  if (entry !== stages.value.at(-1)?.name) return undefined
  const row = document.querySelector(`.output[data-unit="${unit}"]`)?.getBoundingClientRect()
  return row && { y: row.top + row.height / 2 - box.getBoundingClientRect().top, terms: termsOf(unit) }
}

const middle = ({ shape }: Stage): number =>
  shape.length === 3 ? Math.floor(shape[1]! / 2) * shape[2]! + Math.floor(shape[2]! / 2) : 0

function spoken({ entry, unit }: Unit): string {
  const value = activity.value?.values.get(entry)?.[unit]
  return `${entry} ${placeOf(entry, unit)}${value === undefined ? '' : `: ${short(value)}`}`
}

/** Where a unit stands: `[2, 10, 12]`, as the equations count. */
export function placeOf(entry: string, unit: number): string {
  const shape = stages.value.find(({ name }) => name === entry)?.shape ?? []
  const place = shape.map((_, at) => {
    const below = sizeOf(shape.slice(at + 1))
    return Math.floor(unit / below) % shape[at]!
  })
  return `[${place.join(', ')}]`
}
