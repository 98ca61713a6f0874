// Comma-separated values (RFC 4180), as spreadsheets write them: fields in quotes where they hold a separator, a quote
// (doubled) or a line feed. The separator is the first of , ; and tab that stands in the first line.

import { FormatError } from '../errors.ts'

export interface CsvRow {
  readonly fields: readonly string[]
  /** From 1, where the row begins. */
  readonly line: number
}

/** Rows with any text in them; white space around a field that has no quotes is none of it. @throws FormatError. */
export function readCsv(bytes: Uint8Array, file = 'CSV bytes'): CsvRow[] {
  const text = textOf(bytes, file)
  const separator = /[,;\t]/.exec(text.split('\n', 1)[0]!)?.[0] ?? ','
  const rows: CsvRow[] = []
  let [at, line] = [0, 1]
  while (at < text.length) {
    const row = { fields: [] as string[], line }
    for (let isLast = false; !isLast; ) {
      const field = readField(text, at, separator)
      if (field === undefined)
        throw new FormatError(`${file}: line ${line}`, 'has a quote that is not closed, or text behind one', {
          offset: byteOf(text, at),
        })
      row.fields.push(field.value)
      line += text.slice(at, field.end).split('\n').length - 1
      isLast = text[field.end] !== separator
      at = field.end + 1
    }
    line++
    if (row.fields.some((field) => field !== '')) rows.push(row)
  }
  return rows
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n')
  } catch {
    throw new FormatError(file, 'is not UTF-8 text', { offset: 0, hint: 'save it as CSV UTF-8' })
  }
}

/** Line ends were made one character. */
const byteOf = (text: string, at: number): number => new TextEncoder().encode(text.slice(0, at)).length

/** The field that begins at `at`, and where the separator or line end behind it is. */
function readField(text: string, at: number, separator: string): { value: string; end: number } | undefined {
  if (text[at] !== '"') {
    let end = at
    while (end < text.length && text[end] !== separator && text[end] !== '\n') end++
    return { value: text.slice(at, end).trim(), end }
  }
  let value = ''
  for (let from = at + 1; ; ) {
    const quote = text.indexOf('"', from)
    if (quote < 0) return undefined
    value += text.slice(from, quote)
    const next = text[quote + 1]
    if (next !== '"')
      return next === undefined || next === separator || next === '\n' ? { value, end: quote + 1 } : undefined
    value += '"'
    from = quote + 2
  }
}
