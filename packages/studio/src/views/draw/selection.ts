// The unit that is pointed at, and the one that was chosen; what it sees in every layer before it.
import { computed, signal } from '@preact/signals'
import { createFieldFinder, type Field, sizeOf } from 'lenet'
import { shown } from '../../state/looking.ts'
import type { Unit } from './layout.ts'
import { stagesOf } from './stages.ts'

const hovered = signal<Unit | undefined>(undefined)
export const chosen = signal<Unit | undefined>(undefined)

export const stages = computed(() => (shown.value ? stagesOf(shown.value.net) : []))

const isThere = ({ entry, unit }: Unit): boolean => {
  const shape = stages.value.find(({ name }) => name === entry)?.shape
  return shape !== undefined && unit < sizeOf(shape)
}

/** What is explained: pointing goes before choosing, and what another model lacks is nothing. */
export const selected = computed<Unit | undefined>(() =>
  [hovered.value, chosen.value].find((unit) => unit !== undefined && isThere(unit)),
)

const finder = computed(() => shown.value && createFieldFinder(shown.value.net))

export const field = computed<Field | undefined>(() => {
  const unit = selected.value
  return unit && finder.value?.(unit.entry, unit.unit)
})

export function point(unit: Unit | undefined): void {
  if (hovered.value?.entry !== unit?.entry || hovered.value?.unit !== unit?.unit) hovered.value = unit
}

export const choose = (unit: Unit | undefined): void => {
  const same = unit && chosen.value?.entry === unit.entry && chosen.value.unit === unit.unit
  chosen.value = same ? undefined : unit
}
