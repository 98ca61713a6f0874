// What a file does not say of itself: which model it is, how pixels were scaled, what its classes are called, which array is
// which parameter. Everything is tried out on the images that are here, and can be chosen.
import { parametersOf } from 'lenet'
import { type FileChoice, presetsFor } from '../../engine/file-choice.ts'
import { Choice } from '../../parts/controls.tsx'
import { count, percent } from '../../parts/numbers.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { shown } from '../../state/looking.ts'
import { classesOf, setsWith } from '../../state/measuring.ts'
import { choiceAt, choose, isOpenQuestion, type OpenFile, opened, trial, tryOut } from '../../state/opening.ts'
import { texts } from '../../state/settings.ts'

export function AboutFile() {
  const t = texts.value.about
  const now = opened.value
  if (now === undefined || now.file !== shown.value?.title) return null
  const lines = [
    ...(now.candidates.length > 1 ? [t.sameShapes(now.candidates.join(', '))] : []),
    ...(now.renamed.size > 0 ? [t.renamed(now.renamed.size)] : []),
    ...(now.guessed.includes('normalisation') ? [t.guessed] : []),
  ]
  if (!isOpenQuestion(now)) return null
  return (
    <section class="panel about">
      <h2>{t.title}</h2>
      {lines.map((line) => (
        <p key={line} class="hint">
          {line}
        </p>
      ))}
      <Trials now={now} />
      <Scaling now={now} />
      <Classes now={now} />
      {now.candidates.length > 0 && <Mapping now={now} />}
    </section>
  )
}

interface Props {
  readonly now: OpenFile
}

/** Candidates below each other, normalisations side by side; a cell is chosen. */
function Trials({ now }: Props) {
  const t = texts.value.about
  const tried = trial.value
  const columns = presetsFor(now.model.net.input[0]!)
  const rows = now.candidates.length === 0 ? [now.file] : now.candidates
  const sets = setsWith(now.model.classes.length)
  const known = typeof tried === 'object' ? tried : undefined
  return (
    <>
      <Scroll label={t.trials}>
        <table class="trials">
          <thead>
            <tr>
              <th scope="col">{t.model}</th>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {t.presets[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((name, row) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {columns.map((preset, column) => {
                  const choice = choiceAt(now, row, column)
                  const accuracy = known?.accuracies[row]?.[column]
                  return (
                    <td key={preset}>
                      <button
                        type="button"
                        aria-label={`${name}, ${t.presets[preset]}${accuracy === undefined ? '' : `: ${percent(accuracy)}`}`}
                        aria-pressed={isChosen(now.choice, choice)}
                        onClick={() => void choose(choice)}
                      >
                        {accuracy === undefined ? '–' : percent(accuracy)}
                      </button>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="hint" role="status">
        {tried === 'running' ? t.running : known ? t.tried(count(known.images), known.data) : t.untried}
      </p>
      {sets.length > 1 && known && (
        <Choice label={t.data} values={sets} value={known.data} onChange={(name) => void tryOut(name)} />
      )}
    </>
  )
}

const isChosen = (now: FileChoice, one: FileChoice): boolean =>
  now.model === one.model &&
  `${now.normalisation?.mean} ${now.normalisation?.std}` === `${one.normalisation?.mean} ${one.normalisation?.std}`

function Scaling({ now }: Props) {
  const t = texts.value.about
  const { normalisation } = now.model
  const field = (part: 'mean' | 'std', title: string) => (
    <label class="field">
      <span class="field-name">{title}</span>
      <input
        type="text"
        value={normalisation[part].map((value) => Number(value.toPrecision(5))).join(', ')}
        onChange={({ currentTarget }) => {
          const values = currentTarget.value.split(/[,，]/).map(Number)
          void choose({ normalisation: { ...normalisation, [part]: values } })
        }}
      />
    </label>
  )
  return (
    <div class="pair">
      {field('mean', t.mean)}
      {field('std', t.std)}
    </div>
  )
}

function Classes({ now }: Props) {
  const t = texts.value.about
  const { classes } = now.model
  const sets = setsWith(classes.length)
  return (
    <>
      <label class="field">
        <span class="field-name">{t.classes}</span>
        <input
          type="text"
          value={classes.join(', ')}
          onChange={({ currentTarget }) =>
            void choose({ classes: currentTarget.value.split(/[,，]/).map((name) => name.trim()) })
          }
        />
      </label>
      {sets.length > 0 && (
        <div class="row">
          <span class="hint">{t.classesOf}</span>
          {sets.map((name) => (
            <button key={name} type="button" onClick={() => void choose({ classes: classesOf(name) })}>
              {name}
            </button>
          ))}
        </div>
      )}
    </>
  )
}

/** Arrays of equal shape can change places. */
function Mapping({ now }: Props) {
  const t = texts.value.about
  const net = shown.value!.net
  const parameters = parametersOf(net)
  const arrayOf = (name: string): string => now.renamed.get(name) ?? name
  return (
    <details>
      <summary>{t.mapping}</summary>
      <Scroll label={t.mapping}>
        <table>
          <tbody>
            {parameters.map(({ name, shape }) => {
              const equal = parameters.filter((other) => `${other.shape}` === `${shape}`)
              const arrays = equal.map((other) => arrayOf(other.name))
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td class="hint">{shape.join('×')}</td>
                  <td>
                    <select
                      aria-label={t.arrayOf(name)}
                      value={arrayOf(name)}
                      disabled={arrays.length === 1}
                      onChange={({ currentTarget }) => void swap(name, arrays[currentTarget.selectedIndex]!)}
                    >
                      {arrays.map((array) => (
                        <option key={array} value={array} selected={array === arrayOf(name)}>
                          {array}
                        </option>
                      ))}
                    </select>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Scroll>
    </details>
  )

  function swap(name: string, array: string): Promise<void> {
    const map = new Map(parameters.map((one) => [one.name, arrayOf(one.name)]))
    const other = [...map].find(([, from]) => from === array)![0]
    map.set(other, map.get(name)!)
    map.set(name, array)
    return choose({ map })
  }
}
