import { describe, expect, test } from 'vitest'
import { confusionText, frequentMistakes } from './confusion-text.ts'
import { messagesFor } from './messages.ts'
import { textWidth } from './text-width.ts'

const three = {
  classes: ['cat', '狗', 'Emperor penguin'],
  confusion: [
    [8, 2, 0],
    [11, 89, 0],
    [0, 0, 0],
  ],
}
const messages = messagesFor('en')

describe('confusionText', () => {
  test('rows are true classes, columns answers, and each row ends with its accuracy', () => {
    expect(
      confusionText({ ...three, messages })
        .split('\n')
        .slice(2),
    ).toEqual([
      '                   cat     狗 Emper…   right',
      '            cat      8      2      ·  80.0 %',
      '             狗     11     89      ·  89.0 %',
      'Emperor penguin      ·      ·      ·       –',
    ])
  })

  test('Chinese headings keep the columns aligned', () => {
    const lines = confusionText({ ...three, messages: messagesFor('zh') })
      .split('\n')
      .slice(2)
    expect(new Set(lines.map(textWidth)).size).toBe(1)
  })

  test('where the matrix does not fit, the most frequent mistakes are listed', () => {
    expect(confusionText({ ...three, messages, columns: 30 }).split('\n')).toEqual([
      'Most frequent mistakes',
      '  狗 read as cat: 11',
      '  cat read as 狗: 2',
    ])
    expect(confusionText({ classes: ['a'], confusion: [[3]], messages, columns: 5 })).toBe('No mistakes.')
  })

  test('mistakes are ordered by how often they happen', () => {
    expect(frequentMistakes(three).map(({ times }) => times)).toEqual([11, 2])
  })
})
