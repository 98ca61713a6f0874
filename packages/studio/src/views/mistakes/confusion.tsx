// The confusion matrix as a table of buttons: a row is the true class, a column the answer.
import { Scroll } from '../../parts/scroll.tsx'
import { texts } from '../../state/settings.ts'

export interface Cell {
  readonly truth: number
  readonly answer: number
}

interface Props {
  readonly confusion: readonly (readonly number[])[]
  readonly classes: readonly string[]
  readonly chosen: Cell | undefined
  readonly onChoose: (cell: Cell) => void
}

export function Confusion({ confusion, classes, chosen, onChoose }: Props) {
  const t = texts.value.mistakes
  const worst = Math.max(1, ...confusion.flatMap((row, truth) => row.filter((_, answer) => answer !== truth)))
  return (
    <Scroll label={t.confusion}>
      <table class="confusion" data-many={classes.length > 12} data-long={classes.some(({ length }) => length > 3)}>
        <thead>
          <tr>
            <td />
            {classes.map((name) => (
              <th key={name} scope="col" title={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {confusion.map((row, truth) => (
            <tr key={truth}>
              <th scope="row" title={classes[truth]!}>
                {classes[truth]}
              </th>
              {row.map((cell, answer) => {
                const isRight = truth === answer
                const total = row.reduce((sum, one) => sum + one, 0)
                const share = isRight
                  ? (0.3 * cell) / Math.max(1, total)
                  : cell === 0
                    ? 0
                    : 0.12 + (0.34 * cell) / worst
                return (
                  <td key={answer}>
                    <button
                      type="button"
                      data-right={isRight}
                      data-empty={cell === 0}
                      style={{ '--share': `${Math.round(100 * share)}%` }}
                      aria-pressed={chosen?.truth === truth && chosen.answer === answer}
                      aria-label={t.cell(classes[truth]!, classes[answer]!, `${cell}`)}
                      onClick={() => onChoose({ truth, answer })}
                    >
                      {cell || ''}
                    </button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
