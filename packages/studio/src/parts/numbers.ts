// Numbers as text.
export const count = (value: number): string => Math.round(value).toLocaleString('en-US')

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)}%`

/** A probability: no digits where they would say nothing. */
export const chance = (share: number): string => percent(share, share > 0.9995 || share < 0.0005 ? 0 : 1)

/** A value of a layer: short, with a true minus. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : Number.isNaN(value) ? 'NaN' : '∞'
  const size = Math.abs(value)
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2
  const text = size.toFixed(digits)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

export const fine = (value: number): string =>
  value === 0 ? '0' : Math.abs(value) >= 0.001 && Math.abs(value) < 1000 ? short3(value) : value.toExponential(1)

const short3 = (value: number): string => Number(value.toPrecision(3)).toString().replace('-', '−')

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

export const bytes = (size: number): string =>
  size < 1000 ? `${size} B` : size < 1e6 ? `${Math.round(size / 1000)} kB` : `${(size / 1e6).toFixed(1)} MB`
