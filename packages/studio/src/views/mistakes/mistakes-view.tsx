// Where the model is wrong: the confusion matrix, the images of each of its cells, the worst mistakes, and test images as
// they come.
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Choice } from '../../parts/controls.tsx'
import { count, percent } from '../../parts/numbers.ts'
import { shown } from '../../state/looking.ts'
import {
  chosenData,
  failure,
  fitting,
  isMeasuring,
  measured,
  measuredData,
  watchers,
  worstOf,
} from '../../state/measuring.ts'
import { said } from '../../state/said.ts'
import { texts } from '../../state/settings.ts'
import { type Cell, Confusion } from './confusion.tsx'
import { ImageList } from './image-list.tsx'

const WORST = 24
const OF_CELL = 60
const GRID = 200

export function MistakesView() {
  const t = texts.value.mistakes
  const cell = useSignal<Cell | undefined>(undefined)
  useEffect(() => {
    watchers.value++
    return () => {
      watchers.value--
    }
  }, [])
  const now = measured.value
  const classes = shown.value?.plain.classes ?? []
  if (measuredData.value === undefined) return <p class="panel blank">{t.noData}</p>
  if (failure.value !== undefined) return <p class="panel blank">{said(failure.value)}</p>
  if (now === undefined || now.answers.evaluation.confusion.length !== classes.length)
    return <p class="panel blank">{t.measuring}</p>
  const { evaluation, answers } = now.answers
  const all = [...answers.keys()]
  const worst = worstOf(now)
  const chosen = cell.value
  const ofCell = chosen && all.filter((index) => now.labels[index] === chosen.truth && answers[index] === chosen.answer)
  return (
    <div class="mistakes">
      <section class="panel">
        <header class="row">
          <h2>{t.confusion}</h2>
          <span class="hint">{isMeasuring.value ? t.measuring : ''}</span>
          {fitting.value.length > 1 && (
            <div class="push">
              <Choice
                label={t.data}
                values={fitting.value}
                value={measuredData.value}
                onChange={(name) => (chosenData.value = name)}
              />
            </div>
          )}
        </header>
        <p class="measured">
          <strong>{percent(evaluation.accuracy, 2)}</strong>
          <span>{t.wrong(count(evaluation.errors), count(evaluation.samples))}</span>
        </p>
        {now.isOnTraining && (
          <p class="banner" data-on-training>
            {t.onTraining}
          </p>
        )}
        <Confusion
          confusion={evaluation.confusion}
          classes={classes}
          chosen={chosen}
          onChoose={(next) => (cell.value = next)}
        />
        <p class="hint">{t.confusionHint}</p>
      </section>
      <div class="stack">
        {chosen && ofCell && (
          <section class="panel" aria-live="polite">
            <h2>{t.cell(classes[chosen.truth]!, classes[chosen.answer]!, count(ofCell.length))}</h2>
            <ImageList
              indices={ofCell.slice(0, OF_CELL)}
              side={44}
              label={t.confusion}
              named={false}
              empty={t.noneOfCell}
            />
          </section>
        )}
        <section class="panel">
          <h2>{t.worst}</h2>
          <ImageList indices={worst.slice(0, WORST)} side={56} label={t.worst} />
          <p class="hint">{t.worstHint}</p>
        </section>
        <section class="panel">
          <h2>{now.isOnTraining ? t.gridTraining : t.grid}</h2>
          <ImageList indices={all.slice(0, GRID)} side={30} label={t.grid} named={false} />
          <p class="hint">{t.gridHint}</p>
        </section>
      </div>
    </div>
  )
}
