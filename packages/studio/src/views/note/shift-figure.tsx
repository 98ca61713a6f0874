// The digit of the pad, moved inside the input: what the network says of it there, and how many test images survive the same.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { moved } from '../../engine/moved.ts'
import type { Activity } from '../../engine/seer.ts'
import { Canvas } from '../../parts/canvas.tsx'
import { chance, count, percent } from '../../parts/numbers.ts'
import { inked } from '../../parts/palette.ts'
import { rasterOf } from '../../parts/raster.ts'
import { sourceOf } from '../../state/data.ts'
import { activity, seer, shown, weights } from '../../state/looking.ts'
import { measuredData } from '../../state/measuring.ts'
import { texts } from '../../state/settings.ts'

const SIDE = 160
const FAR = 8
/** Moves that test images are measured under, in pixels. */
const MOVES = [0, 2, 4, 6, 8] as const
const IMAGES = 1000

export function ShiftFigure() {
  const t = texts.value.note.figures
  const by = useSignal(0)
  const isCentred = useSignal(false)
  const seen = useSignal<Activity | undefined>(undefined)
  const now = activity.value
  const shape = shown.value?.net.input as readonly [number, number, number] | undefined
  const pixels = now && shape && moved(now.pixels, shape, isCentred.value ? 0 : by.value)
  useEffect(() => {
    if (pixels && shape) void seer.ask('look', { kind: 'image', shape, pixels }).then((answer) => (seen.value = answer))
  }, [by.value, isCentred.value, now])
  if (pixels === undefined || shape === undefined) return <p class="hint">{t.draw}</p>
  const classes = shown.value!.plain.classes
  const answer = seen.value
  return (
    <div class="live">
      <div class="product">
        <Canvas
          wide={SIDE}
          high={SIDE}
          label={t.movedBy(by.value)}
          draw={(context) => {
            const [, rows, columns] = shape
            const plane = pixels.subarray(0, rows * columns)
            const picture = rasterOf({ values: plane, rows, columns, most: 255, colours: inked.value })
            context.drawImage(picture, 0, 0, SIDE, SIDE)
          }}
        />
        <p class="verdict" aria-live="polite">
          {answer && (
            <>
              <strong>{classes[answer.winner]}</strong>
              <span>{chance(answer.probabilities[answer.winner]!)}</span>
            </>
          )}
        </p>
      </div>
      <label class="field">
        <span class="field-name">{t.move}</span>
        <input
          type="range"
          min={-FAR}
          max={FAR}
          value={by.value}
          style={{ '--done': `${(100 * (by.value + FAR)) / (2 * FAR)}%` }}
          onInput={({ currentTarget }) => (by.value = Number(currentTarget.value))}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={isCentred.value}
          onChange={({ currentTarget }) => (isCentred.value = currentTarget.checked)}
        />
        {t.centre}
      </label>
      <Survivors />
    </div>
  )
}

/** Accuracy on test images that are moved to the right. */
function Survivors() {
  const t = texts.value.note.figures
  const found = useSignal<readonly number[]>([])
  const data = measuredData.value
  const [plain, values] = [shown.value?.plain, weights.value]
  useEffect(() => {
    const source = data === undefined ? undefined : sourceOf(data)
    found.value = []
    if (source)
      void seer
        .ask('underMoves', source, IMAGES, MOVES)
        .then((accuracies) => (found.value = accuracies))
        .catch(() => undefined)
  }, [data, plain, values])
  if (found.value.length === 0) return null
  return (
    <figure class="gradients">
      <figcaption>{t.survivors(count(IMAGES), data!)}</figcaption>
      <ul class="bars" aria-label={t.survivors(count(IMAGES), data!)}>
        {found.value.map((accuracy, at) => (
          <li key={MOVES[at]}>
            <span>{t.pixels(MOVES[at]!)}</span>
            <i style={{ width: `${100 * accuracy}%` }} />
            <b>{percent(accuracy)}</b>
          </li>
        ))}
      </ul>
    </figure>
  )
}
