// The layers of a model as a table. On a narrow terminal the less important columns are left out.

import type { LayerFacts, Summary } from 'lenet'
import { type Paint, plain } from './colours.ts'
import type { Messages } from './messages.ts'
import { bytes, count, percent } from './numbers.ts'
import { tableText } from './table.ts'
import { type Align, textWidth } from './text-width.ts'

export interface SummaryTextOptions {
  readonly messages: Messages
  readonly paint?: Paint
  /** Of the terminal; without it nothing is left out. */
  readonly columns?: number
}

interface Column {
  readonly heading: string
  readonly align?: Align
  /** Columns of the lowest rank go first; those without a rank stay. */
  readonly rank?: number
  readonly cell: (layer: LayerFacts) => string
  readonly total: string
  readonly input?: string
}

const sides = (pair: readonly [number, number]): string => (pair[0] === pair[1] ? String(pair[0]) : pair.join('×'))

function columnsOf(summary: Summary, { summary: texts }: Messages): Column[] {
  const right = { align: 'right' as const }
  const share = (layer: LayerFacts): string =>
    layer.parameters === 0 ? '' : percent(layer.parameters / summary.parameters, 1)
  const some = (value: number): string => (value === 0 ? '' : count(value))
  const sees = ({ receptiveField }: LayerFacts): string =>
    receptiveField === undefined ? texts.everything : receptiveField.join('×')
  return [
    { heading: texts.layer, cell: ({ name }) => name, total: texts.total, input: texts.input },
    { heading: texts.kind, cell: ({ layer }) => layer, total: '' },
    { heading: texts.output, cell: ({ output }) => output.join('×'), total: '', input: summary.input.join('×') },
    { heading: texts.parameters, ...right, cell: (layer) => some(layer.parameters), total: count(summary.parameters) },
    { heading: texts.share, ...right, rank: 4, cell: share, total: '' },
    {
      heading: texts.multiplyAdds,
      ...right,
      cell: (layer) => some(layer.multiplyAdds),
      total: count(summary.multiplyAdds),
    },
    {
      heading: texts.connections,
      ...right,
      rank: 3,
      cell: (layer) => some(layer.connections),
      total: count(summary.connections),
    },
    { heading: texts.receptiveField, ...right, rank: 5, cell: sees, total: '' },
    { heading: texts.jump, ...right, rank: 1, cell: ({ jump }) => (jump === undefined ? '' : sides(jump)), total: '' },
    { heading: texts.memory, ...right, rank: 2, cell: (layer) => bytes(layer.bytes), total: bytes(summary.bytes) },
  ]
}

const widest = (text: string): number => Math.max(...text.split('\n').map(textWidth))

export function summaryText(summary: Summary, { messages, paint = plain, columns }: SummaryTextOptions): string {
  const draw = (shown: readonly Column[]): string =>
    tableText(
      {
        columns: shown,
        rows: [
          shown.map(({ input }) => paint('dim', input ?? '')),
          ...summary.layers.map((layer) => shown.map(({ cell }) => cell(layer))),
        ],
        foot: shown.map(({ total }) => total),
      },
      paint,
    )
  let shown = columnsOf(summary, messages)
  let text = draw(shown)
  while (columns !== undefined && widest(text) > columns && shown.some(({ rank }) => rank !== undefined)) {
    const lowest = Math.min(...shown.map(({ rank }) => rank ?? Infinity))
    shown = shown.filter(({ rank }) => rank !== lowest)
    text = draw(shown)
  }
  return text
}
