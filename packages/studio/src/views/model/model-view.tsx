// The model that is open: what it is made of, another in its place, and files of it in every format.
import { count } from '../../parts/numbers.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { openFirst } from '../../start.ts'
import { take } from '../../state/drops.ts'
import { shown, summary } from '../../state/looking.ts'
import { opened } from '../../state/opening.ts'
import { leaveRuns } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'
import { AboutFile } from './about-file.tsx'
import { Exports } from './exports.tsx'
import { shipped } from './shipped.ts'

export function ModelView() {
  const t = texts.value.model
  return (
    <div class="model">
      <div class="stack">
        <section class="panel">
          <h2>{shown.value?.title}</h2>
          <Layers />
        </section>
        <AboutFile />
      </div>
      <div class="stack">
        <label class="drop">
          {t.drop}
          <input
            type="file"
            multiple
            aria-label={t.choose}
            onChange={({ currentTarget }) => {
              void take([...(currentTarget.files ?? [])].map((file) => ({ file, folder: '' })))
              currentTarget.value = ''
            }}
          />
        </label>
        <section class="panel">
          <h2>{t.export}</h2>
          <p class="hint">{t.exportHint}</p>
          <Exports />
        </section>
        <section class="panel">
          <p class="hint">{t.shipped}</p>
          <p>
            <code>{shipped.command}</code>
            <br />
            <code class="hint">{shipped.hash.slice(0, 16)}</code>
          </p>
          <p>
            <button
              type="button"
              onClick={() => {
                leaveRuns()
                opened.value = undefined
                void openFirst()
              }}
            >
              {t.backTo}
            </button>
          </p>
        </section>
      </div>
    </div>
  )
}

function Layers() {
  const t = texts.value.model
  const facts = summary.value
  if (facts === undefined) return null
  const columns = [t.layer, t.kind, t.output, t.parameters, t.multiplyAdds, t.sees]
  return (
    <Scroll label={t.layers}>
      <table aria-label={t.layers}>
        <thead>
          <tr>
            {columns.map((name, at) => (
              <th key={name} scope="col" class={at > 1 ? 'number' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {facts.layers.map(({ name, layer, output, parameters, multiplyAdds, receptiveField }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{layer}</td>
              <td class="number">{output.join(' × ')}</td>
              <td class="number">{parameters === 0 ? '' : count(parameters)}</td>
              <td class="number">{multiplyAdds === 0 ? '' : count(multiplyAdds)}</td>
              <td class="number">{receptiveField ? receptiveField.join(' × ') : t.everything}</td>
            </tr>
          ))}
          <tr class="total">
            <th scope="row">{t.total}</th>
            <td />
            <td />
            <td class="number">{count(facts.parameters)}</td>
            <td class="number">{count(facts.multiplyAdds)}</td>
            <td />
          </tr>
        </tbody>
      </table>
    </Scroll>
  )
}
