// Of an image of a data set: which it is, what it should be, and the way to the next mistake.
import { fetchPictures, pictureOf } from '../../parts/thumb.tsx'
import { activity, shown } from '../../state/looking.ts'
import { measured, worstOf } from '../../state/measuring.ts'
import { view } from '../../state/route.ts'
import { texts } from '../../state/settings.ts'
import { origin, showImage } from './drawing.ts'

export function OriginLine() {
  const t = texts.value.draw
  const from = origin.value
  const classes = shown.value?.plain.classes ?? []
  if (from === undefined) return null
  const isRight = activity.value?.winner === from.truth
  const mistakes = measured.value?.data === from.data ? worstOf(measured.value) : []
  return (
    <div class="origin" data-right={isRight}>
      <p>
        {t.imageOf(from.index, from.data)} {t.truth(classes[from.truth] ?? '?')}{' '}
        <b class={isRight ? 'good' : 'bad'}>{isRight ? t.right : t.wrong}</b>
      </p>
      <div class="row">
        {mistakes.length > 0 && (
          <button type="button" onClick={() => void showNext(mistakes)}>
            {t.nextMistake}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => (view.value = 'mistakes')}>
          {t.backToMistakes}
        </button>
      </div>
    </div>
  )
}

async function showNext(mistakes: readonly number[]): Promise<void> {
  const { data, index } = origin.value!
  const next = mistakes[(mistakes.indexOf(index) + 1) % mistakes.length]!
  await fetchPictures(data, [next])
  const picture = pictureOf(data, next)
  if (picture) showImage({ kind: 'image', ...picture }, { data, index: next, truth: measured.value!.labels[next]! })
}
