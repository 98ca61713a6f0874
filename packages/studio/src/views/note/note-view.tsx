// The note: a short text on each part of LeNet, beside a control of the page that shows it.
import type { ComponentType } from 'preact'
import { texts } from '../../state/settings.ts'
import { ActivationFigure } from './activation-figure.tsx'
import { ConvolutionFigure } from './convolution-figure.tsx'
import { CountingFigure, DenseFigure, FieldFigure, HistoryFigure, PoolingFigure, ViewFigure } from './figures.tsx'

import { ShiftFigure } from './shift-figure.tsx'

type Section = keyof (typeof texts.value)['note']['sections']

const figures: Readonly<Record<Section, ComponentType>> = {
  convolution: ConvolutionFigure,
  field: FieldFigure,
  activation: ActivationFigure,
  pooling: PoolingFigure,
  view: ViewFigure,
  shift: ShiftFigure,
  dense: DenseFigure,
  counting: CountingFigure,
  history: HistoryFigure,
}

export function NoteView() {
  const { title, lead, sections } = texts.value.note
  return (
    <article class="note">
      <header>
        <h2>{title}</h2>
        <p>{lead}</p>
      </header>
      {(Object.keys(figures) as Section[]).map((name) => {
        const Figure = figures[name]
        const { title: heading, text } = sections[name]
        return (
          <section key={name} id={`note-${name}`}>
            <div>
              <h3>{heading}</h3>
              {text.map((paragraph) => (
                <p key={paragraph}>{paragraph.replaceAll(' × ', '\u00a0×\u00a0')}</p>
              ))}
            </div>
            <div class="panel">
              <Figure />
            </div>
          </section>
        )
      })}
    </article>
  )
}
