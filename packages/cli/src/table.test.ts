import { expect, test } from 'vitest'
import { tableText } from './table.ts'
import { textWidth } from './text-width.ts'

test('columns are as wide as their widest cell, and numbers stand on the right', () => {
  const text = tableText({
    columns: [{ heading: 'layer' }, { heading: 'parameters', align: 'right' }],
    rows: [
      ['conv1', '456'],
      ['fc1', '48,120'],
    ],
    foot: ['total', '48,576'],
  })
  expect(text.split('\n')).toEqual([
    'layer  parameters',
    '─────────────────',
    'conv1         456',
    'fc1        48,120',
    '─────────────────',
    'total      48,576',
  ])
})

test('Chinese headings align with Latin cells', () => {
  const text = tableText({
    columns: [
      { heading: '参数量', align: 'right' },
      { heading: 'x', align: 'right' },
    ],
    rows: [['1', '2']],
  })
  expect(text.split('\n').map(textWidth)).toEqual([9, 9, 9])
})

test('coloured cells do not move the columns, and missing cells are empty', () => {
  const text = tableText({ columns: [{ heading: 'ab' }, { heading: 'c' }], rows: [['\u001b[31mx\u001b[39m', 'y'], []] })
  expect(text.split('\n').slice(2)).toEqual(['\u001b[31mx\u001b[39m   y', ''])
})
