// Train in the page: the experiment, its curves, its kernels, and what goes on inside the layers.
import { Curves } from '../../parts/curves.tsx'
import { HealthNote } from '../../parts/health-note.tsx'
import { palette } from '../../parts/palette.ts'
import { clipOf, linesOf, saysOf } from '../../parts/run-lines.ts'
import { moment, run, shownMoment } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'
import { Kernels } from './kernels.tsx'
import { LayerStates } from './layer-states.tsx'
import { LinkBanner, Outcome } from './outcome.tsx'
import { SetupForm } from './setup-form.tsx'

export function TrainView() {
  const t = texts.value.train
  const current = run.value
  const marked = shownMoment.value === undefined ? undefined : moment.value?.progress
  const epochs = current?.setup.epochs ?? 1
  return (
    <div class="train" data-running={current !== undefined}>
      <SetupForm />
      <div class="stack">
        <LinkBanner />
        <Outcome />
        {current === undefined ? (
          <section class="panel blank">
            <p>{t.noRun}</p>
          </section>
        ) : (
          <>
            <HealthNote run={current} />
            <div class="two">
              <section class="panel">
                <h2>{t.loss}</h2>
                <Curves
                  label={saysOf(t.lossLabel, current, 'loss')}
                  lines={linesOf(current, 'loss', t.loss, palette.value.accent)}
                  most={clipOf([current])}
                  marked={marked}
                  epochs={epochs}
                  format={(value) => value.toFixed(1)}
                />
              </section>
              <section class="panel">
                <h2>{t.accuracy}</h2>
                <Curves
                  label={saysOf(t.accuracyLabel, current, 'accuracy')}
                  lines={linesOf(current, 'accuracy', t.accuracy, palette.value.accent)}
                  marked={marked}
                  epochs={epochs}
                  top={1}
                  format={(value) => `${Math.round(100 * value)}%`}
                />
              </section>
            </div>
            <div class="two">
              <section class="panel">
                <h2>{t.kernels}</h2>
                {current.kept.items.length > 0 ? <Kernels /> : <p class="hint">{t.notYet}</p>}
              </section>
              <section class="panel">
                <h2>{t.layers}</h2>
                <LayerStates />
                <p class="hint">{t.flatHint}</p>
              </section>
            </div>
          </>
        )}
      </div>
    </div>
  )
}
