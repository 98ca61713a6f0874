// Numbers as people read them; the same in both languages.

/** 62006 → '62,006'. */
export const count = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')

/** 0.9912 → '99.12 %'. */
export const percent = (share: number, decimals = 2): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(decimals)} %` : '–'

/** A loss with four decimals, or in powers of ten where these say nothing. */
export const loss = (value: number): string =>
  value !== 0 && (Math.abs(value) < 5e-4 || Math.abs(value) >= 1e4) ? value.toExponential(2) : value.toFixed(4)

/** 75 → '1:15', 3725 → '1:02:05'. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
}

/** 4.26 → '4.3 s', 75 → '1:15'. */
export const duration = (seconds: number): string => (seconds < 60 ? `${seconds.toFixed(1)} s` : clock(seconds))

/** 18816 → '18.4 KiB'. */
export function bytes(value: number): string {
  if (value < 1024) return `${value} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  let rest = value / 1024
  let unit = 0
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024
    unit++
  }
  return `${rest.toFixed(1)} ${units[unit]}`
}
