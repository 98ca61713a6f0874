// C as lines of text.

/** A line, or lines. */
export type Lines = string | readonly Lines[]

/** `head { … }`, indented. */
export const block = (head: string, ...body: readonly Lines[]): Lines => [`${head} {`, indent(body), '}']

const indent = (lines: Lines): Lines => {
  if (typeof lines !== 'string') return lines.map(indent)
  return lines === '' ? '' : `  ${lines}`
}

const flatten = (lines: Lines): string[] => (typeof lines === 'string' ? [lines] : lines.flatMap(flatten))

export const join = (lines: Lines): string => `${flatten(lines).join('\n')}\n`

/** A remark that cannot be anything else, whatever the text holds. */
export const remark = (text: string): string => `// ${text.replace(/[^ -~]|\\/g, ' ')}`

/** A float constant. */
export function floatText(value: number): string {
  const rounded = Math.fround(value)
  if (Number.isNaN(rounded)) return '__builtin_nanf("")'
  if (!Number.isFinite(rounded)) return rounded < 0 ? '-__builtin_inff()' : '__builtin_inff()'
  const text = Object.is(rounded, -0) ? '-0' : String(rounded)
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`
}

/** `+ 12`, `- 12`, or nothing. */
export const plus = (bytes: number): string => (bytes === 0 ? '' : bytes < 0 ? ` - ${-bytes}` : ` + ${bytes}`)
