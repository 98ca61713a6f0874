// Controls with their labels: one of a few, one of many, a number.
import { useId } from 'preact/hooks'

interface SegmentsProps<T extends string | number> {
  readonly label: string
  readonly values: readonly T[]
  readonly value: T
  readonly title?: (value: T) => string
  readonly onChange: (value: T) => void
}

export function Segments<T extends string | number>({
  label,
  values,
  value,
  title = String,
  onChange,
}: SegmentsProps<T>) {
  const name = useId()
  return (
    <div class="field" role="radiogroup" aria-labelledby={`${name}label`}>
      <span id={`${name}label`} class="field-name">
        {label}
      </span>
      <div class="segments">
        {values.map((one) => (
          <label key={one}>
            <input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} />
            {title(one)}
          </label>
        ))}
      </div>
    </div>
  )
}

export function Choice<T extends string | number>({
  label,
  values,
  value,
  title = String,
  onChange,
}: SegmentsProps<T>) {
  const id = useId()
  return (
    <div class="field">
      <label class="field-name" for={id}>
        {label}
      </label>
      <select id={id} value={value} onChange={({ currentTarget }) => onChange(values[currentTarget.selectedIndex]!)}>
        {values.map((one) => (
          <option key={one} value={one} selected={one === value}>
            {title(one)}
          </option>
        ))}
      </select>
    </div>
  )
}

interface NumberProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max?: number
  readonly step?: number | 'any'
  readonly onChange: (value: number) => void
}

export function NumberField({ label, value, min, max, step = 1, onChange }: NumberProps) {
  const id = useId()
  return (
    <div class="field">
      <label class="field-name" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="number"
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={({ currentTarget }) => {
          const next = currentTarget.valueAsNumber
          if (currentTarget.validity.valid && Number.isFinite(next)) onChange(next)
          else currentTarget.value = String(value)
        }}
      />
    </div>
  )
}
