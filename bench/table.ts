// Tables in Markdown.

/** The first column is text, the others are numbers. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map((_, at) => (at === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US')
export const times = (value: number | undefined): string =>
  value === undefined ? '' : `${value < 0.1 ? value.toPrecision(1) : value.toFixed(2)}×`
export const share = (value: number): string => `${Math.round(value * 100)} %`
