// An activation's curve with its slope, how much of the gradient it lets through a whole network, and a run to watch it in.
import { useSignal } from '@preact/signals'
import { elementWise, type Layer, model, relu, scaledTanh, sigmoid, tanh } from 'lenet'
import { choices, type Setup } from '../../experiment/setup.ts'
import { Segments } from '../../parts/controls.tsx'
import { CurveOf } from '../../parts/curve-of.tsx'
import { short } from '../../parts/numbers.ts'
import { view } from '../../state/route.ts'
import { change, play, setup } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'
import { GradientBars } from './gradient-bars.tsx'

const activations: Readonly<Record<Setup['activation'], () => Layer>> = { relu, tanh, sigmoid, scaledTanh }

/** As the engine has it: from the layer's equation. */
const functionOf = (name: Setup['activation']): ((x: number) => number) =>
  elementWise(model([1], { f: activations[name]() }).entries[0]!)!

/** Steps so large that the weights push almost every unit of a tanh to where it is flat. */
const saturating = { optimizer: 'sgd', lr: 1, schedule: 'one-cycle', pooling: 'average', epochs: 2 } as const

export function ActivationFigure() {
  const { note, train } = texts.value
  const t = note.figures
  const x = useSignal(1)
  const { activation } = setup.value
  const f = functionOf(activation)
  const step = 1e-4
  const slope = (f(x.value + step) - f(x.value - step)) / (2 * step)
  return (
    <div class="live">
      <Segments
        label={train.activation}
        values={choices.activation}
        value={activation}
        title={(name) => train.names[name]!}
        onChange={(name) => change({ activation: name })}
      />
      <CurveOf f={f} at={x.value} wide={320} high={150} fluid />
      <label class="field">
        <span class="field-name">{t.value}</span>
        <input
          type="range"
          min={-4}
          max={4}
          step={0.05}
          value={x.value}
          style={{ '--done': `${((x.value + 4) / 8) * 100}%` }}
          onInput={({ currentTarget }) => (x.value = Number(currentTarget.value))}
        />
      </label>
      <p class="filled">
        <span>
          f({short(x.value)}) = <output>{short(f(x.value))}</output>
        </span>
        <span>
          {t.slope} <output>{short(slope)}</output>
        </span>
      </p>
      <GradientBars />
      <div class="row">
        <button
          type="button"
          onClick={() => {
            view.value = 'train'
            void play()
          }}
        >
          {t.watch}
        </button>
        {(activation === 'tanh' || activation === 'scaledTanh') && (
          <button
            type="button"
            onClick={() => {
              change({ ...saturating, activation })
              view.value = 'train'
              void play()
            }}
          >
            {t.saturate(`${saturating.lr}`)}
          </button>
        )}
      </div>
    </div>
  )
}
