import { describe, expect, test } from 'vitest'
import { drawConfusion } from './confusion.ts'

const three = {
  classes: ['cat', 'dog', 'emu'],
  confusion: [
    [8, 2, 0],
    [1, 9, 0],
    [0, 0, 0],
  ],
}

describe('drawConfusion', () => {
  test('says how many were right and which pair is confused most', () => {
    expect(drawConfusion(three)).toContain('17 of 20 right (85.00 %), 3 wrong · most often cat read as dog (2)')
  })

  test('a row ends with the accuracy of its class, and with a dash when it has no samples', () => {
    const svg = drawConfusion(three)
    for (const text of ['80.0 %', '90.0 %', '–']) expect(svg).toContain(`>${text}</text>`)
  })

  test('cells without samples have no number', () => {
    expect(drawConfusion(three)).not.toContain('>0</text>')
  })

  test('a hundred classes are drawn without numbers in the cells', () => {
    const classes = Array.from({ length: 100 }, (_, k) => `class ${k}`)
    const confusion = classes.map((_, t) => classes.map((_, a) => (t === a ? 77 : 0)))
    const svg = drawConfusion({ classes, confusion })
    expect(svg).not.toContain('>77</text>')
    expect(svg).toContain('>class 99</text>')
  })

  test('no samples at all is no accident', () => {
    expect(drawConfusion({ classes: ['a'], confusion: [[0]] })).toContain('0 of 0 right, 0 wrong')
  })
})
