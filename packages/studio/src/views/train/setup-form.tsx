// The controls of an experiment: everything that decides its weights.

import { canShareMemory, summarise } from 'lenet'
import { OWN } from '../../data/own-set.ts'
import { threadsHere } from '../../engine/threads.ts'
import { netOf } from '../../experiment/net-of.ts'
import { choices, type Preset, presetNames, presetOf, suitedRate, withPreset } from '../../experiment/setup.ts'
import { Choice, NumberField, Segments } from '../../parts/controls.tsx'
import { count } from '../../parts/numbers.ts'
import { dataNames, imagesOf, manifest, own } from '../../state/data.ts'
import { change, setup } from '../../state/runs.ts'
import { texts } from '../../state/settings.ts'

export function SetupForm() {
  const t = texts.value.train
  const now = setup.value
  const name = (value: string | number): string => t.names[value] ?? String(value)
  const preset = presetOf(now)
  return (
    <form class="setup panel" onSubmit={(event) => event.preventDefault()} aria-label={t.setup}>
      <fieldset>
        <legend>{t.network}</legend>
        <Choice<string>
          label={t.preset}
          values={preset === undefined ? ['', ...presetNames] : presetNames}
          value={preset ?? ''}
          title={(value) => value || t.custom}
          onChange={(value) => value && change(withPreset(now, value as Preset))}
        />
        {now.model === 'made' && (
          <>
            <Segments
              label={t.activation}
              values={choices.activation}
              value={now.activation}
              title={name}
              onChange={(activation) => change({ activation })}
            />
            <Segments
              label={t.pooling}
              values={choices.pooling}
              value={now.pooling}
              title={name}
              onChange={(pooling) => change({ pooling })}
            />
            <Segments
              label={t.head}
              values={choices.head}
              value={now.head}
              title={name}
              onChange={(head) => change({ head })}
            />
            <Segments
              label={t.width}
              values={choices.width}
              value={now.width as 1}
              title={(value) => `×${value}`}
              onChange={(width) => change({ width })}
            />
          </>
        )}
        <p class="hint">{t.parameters(count(parameters()))}</p>
      </fieldset>
      <fieldset>
        <legend>{t.learning}</legend>
        <Segments
          label={t.optimizer}
          values={choices.optimizer}
          value={now.optimizer}
          title={name}
          onChange={(optimizer) => change({ optimizer, lr: suitedRate(optimizer) })}
        />
        <NumberField
          label={t.rate}
          value={now.lr}
          min={0.00001}
          max={10}
          step="any"
          onChange={(lr) => change({ lr })}
        />
        <Choice
          label={t.schedule}
          values={choices.schedule}
          value={now.schedule}
          title={name}
          onChange={(schedule) => change({ schedule })}
        />
        <Choice
          label={t.batch}
          values={choices.batch}
          value={now.batch as 16}
          onChange={(batch) => change({ batch })}
        />
        <NumberField label={t.epochs} value={now.epochs} min={1} max={200} onChange={(epochs) => change({ epochs })} />
        <NumberField label={t.seed} value={now.seed} min={0} onChange={(seed) => change({ seed })} />
      </fieldset>
      <fieldset>
        <legend>{t.data}</legend>
        <Choice
          label={t.dataSet}
          values={dataNames.value}
          value={now.data}
          title={name}
          onChange={(data) =>
            change({ data, images: Math.min(imagesOf(data), data === OWN ? imagesOf(data) : 10_000) })
          }
        />
        <NumberField
          label={t.images}
          value={Math.min(now.images, imagesOf(now.data) || now.images)}
          min={2}
          max={imagesOf(now.data) || undefined!}
          onChange={(images) => change({ images })}
        />
        <label class="check" title={t.augmentHint}>
          <input
            type="checkbox"
            checked={now.augment}
            onChange={({ currentTarget }) => change({ augment: currentTarget.checked })}
          />
          {t.augment}
          <span class="hint">{t.augmentHint}</span>
        </label>
      </fieldset>
      <p class="hint" data-threads={threadsHere()}>
        {canShareMemory() ? texts.value.app.threads(threadsHere()) : texts.value.app.alone}
      </p>
    </form>
  )
}

/** Of the network that the controls describe. */
function parameters(): number {
  const { data } = setup.value
  const set = data === OWN ? own.value?.train : manifest.value.find((one) => one.name === data)
  const size = { channels: set?.shape[0] ?? 1, classes: set?.classes.length ?? 10 }
  return summarise(netOf(setup.value, size)).parameters
}
