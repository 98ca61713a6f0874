// Inside the layers: gradients by layer, and how many units sit where their activation is flat.
import { fine, percent } from '../../parts/numbers.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { Spark } from '../../parts/spark.tsx'
import { moment, run } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'

export function LayerStates() {
  const t = texts.value.train
  const standings = run.value?.standings ?? []
  const states = moment.value?.states ?? []
  const history = (entry: string, key: 'gradient' | 'saturated'): number[] =>
    standings.map(({ states: then }) => then.find((state) => state.entry === entry)?.[key] ?? 0)
  const most = Math.max(1e-9, ...standings.flatMap(({ states: then }) => then.map(({ gradient }) => gradient ?? 0)))
  return (
    <Scroll label={t.layers}>
      <table class="states">
        <thead>
          <tr>
            <th scope="col">{t.layer}</th>
            <th scope="col">{t.gradient}</th>
            <th scope="col" class="number">
              {t.update}
            </th>
          </tr>
        </thead>
        <tbody>
          {states.map(({ entry, gradient, weight, saturated }) => (
            <tr key={entry}>
              <th scope="row">{entry}</th>
              {saturated === undefined ? (
                <>
                  <td>
                    <span class="spark">
                      <Spark
                        values={history(entry, 'gradient').map((value) => Math.log10(value + 1e-9))}
                        most={Math.log10(most)}
                        least={Math.log10(most) - 4}
                      />
                      <span class="number">{fine(gradient ?? 0)}</span>
                    </span>
                  </td>
                  <td class="number">{fine(weight ?? 0)}</td>
                </>
              ) : (
                <>
                  <td>
                    <span class="spark">
                      <Spark values={history(entry, 'saturated')} most={1} colour="second" />
                      <span class="number">{percent(saturated, 0)}</span>
                    </span>
                  </td>
                  <td class="number hint">{t.saturated}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
