import type { Summary } from 'lenet'
import { describe, expect, test } from 'vitest'
import { messagesFor } from './messages.ts'
import { summaryText } from './summary-text.ts'
import { textWidth } from './text-width.ts'

const summary: Summary = {
  input: [1, 32, 32],
  layers: [
    {
      name: 'conv1',
      layer: 'conv2d',
      output: [6, 28, 28],
      parameters: 156,
      multiplyAdds: 117600,
      connections: 122304,
      receptiveField: [5, 5],
      jump: [1, 1],
      bytes: 18816,
    },
    { name: 'fc1', layer: 'linear', output: [10], parameters: 468, multiplyAdds: 47040, connections: 47050, bytes: 40 },
  ],
  parameters: 624,
  multiplyAdds: 164640,
  connections: 169354,
  bytes: 18856,
}
const messages = messagesFor('en')

describe('summaryText', () => {
  test('shows shapes, parameters and their share, cost, field of view and memory', () => {
    const lines = summaryText(summary, { messages }).split('\n')
    const cells = (line: string) => line.split(/ {2,}/)
    expect(cells(lines[3]!)).toEqual([
      'conv1',
      'conv2d',
      '6×28×28',
      '156',
      '25.0 %',
      '117,600',
      '122,304',
      '5×5',
      '1',
      '18.4 KiB',
    ])
    expect(cells(lines[4]!)).toEqual(['fc1', 'linear', '10', '468', '75.0 %', '47,040', '47,050', 'all', '40 B'])
    expect(cells(lines.at(-1)!)).toEqual(['total', '624', '164,640', '169,354', '18.4 KiB'])
  })

  test('leaves out the less important columns of a narrow terminal', () => {
    const text = summaryText(summary, { messages, columns: 60 })
    expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(60)
    expect(text).toContain('parameters')
    expect(text).not.toContain('jump')
  })

  test('a model without parameters has no share of nothing', () => {
    const bare = { ...summary, parameters: 0, layers: [{ ...summary.layers[1]!, parameters: 0 }] }
    expect(summaryText(bare, { messages })).not.toMatch(/NaN|–/)
  })
})
