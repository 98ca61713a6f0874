// Test images in a row, each with its truth and its answer; choosing one shows it to the network.
import { useEffect } from 'preact/hooks'
import { fetchPictures, pictureOf, Thumb } from '../../parts/thumb.tsx'
import { shown } from '../../state/looking.ts'
import { measured } from '../../state/measuring.ts'
import { view } from '../../state/route.ts'
import { texts } from '../../state/settings.ts'
import { showImage } from '../draw/drawing.ts'

interface Props {
  readonly indices: readonly number[]
  readonly side: number
  readonly label: string
  /** Whether the answer stands below. */
  readonly named?: boolean
  /** What stands there where there is no image. */
  readonly empty?: string
}

export function ImageList({ indices, side, label, named = true, empty }: Props) {
  const t = texts.value.mistakes
  const now = measured.value
  useEffect(() => {
    if (now) void fetchPictures(now.data, indices)
  }, [now?.data, indices.join()])
  if (now === undefined) return null
  if (indices.length === 0) return <p class="hint">{empty ?? t.none}</p>
  const classes = shown.value?.plain.classes ?? []
  return (
    <ul class="images" aria-label={label} style={{ '--side': `${side}px` }}>
      {indices.map((index) => {
        const [truth, answer] = [now.labels[index]!, now.answers.answers[index]!]
        const picture = pictureOf(now.data, index)
        return (
          <li key={index}>
            <button
              type="button"
              data-wrong={truth !== answer}
              title={t.look}
              aria-label={named ? undefined : t.image(classes[truth]!, classes[answer]!)}
              onClick={() => {
                if (picture === undefined) return
                showImage({ kind: 'image', ...picture }, { data: now.data, index, truth })
                view.value = 'draw'
              }}
            >
              <Thumb picture={picture} side={side} />
              {named && (
                <span>
                  {classes[truth]} {truth !== answer && <b>→ {classes[answer]}</b>}
                </span>
              )}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
