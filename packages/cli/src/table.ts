// A table of text: columns as wide as their widest cell, headings and a foot, two spaces between columns.

import { type Paint, plain } from './colours.ts'
import { type Align, fill, textWidth } from './text-width.ts'

export interface TableColumn {
  readonly heading: string
  readonly align?: Align
}

export interface Table {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly (readonly string[])[]
  /** A last row, below a rule. */
  readonly foot?: readonly string[]
}

/** The table as lines, the last without a line feed. Cells may contain colours. */
export function tableText({ columns, rows, foot }: Table, paint: Paint = plain): string {
  const all = foot === undefined ? rows : [...rows, foot]
  const widths = columns.map(({ heading }, k) =>
    Math.max(textWidth(heading), ...all.map((row) => textWidth(row[k] ?? ''))),
  )
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, k) => fill(cells[k] ?? '', widths[k]!, align))
      .join('  ')
      .trimEnd()
  const rule = paint('dim', '─'.repeat(widths.reduce((a, b) => a + b + 2, -2)))
  const head = line(columns.map(({ heading }) => heading))
  const lines = [paint('bold', head), rule, ...rows.map(line)]
  return [...lines, ...(foot === undefined ? [] : [rule, paint('bold', line(foot))])].join('\n')
}
