import { expect, test } from 'vitest'
import { Braille } from './braille.ts'

const drawn = (canvas: Braille): string[] =>
  Array.from({ length: canvas.rows }, (_, row) =>
    Array.from({ length: canvas.columns }, (_, column) => canvas.at(column, row)).join(''),
  )

test('each of the eight dots of a character has its bit', () => {
  const canvas = new Braille(8, 1)
  for (let k = 0; k < 8; k++) canvas.dot(k * 2 + (k >> 2), k & 3)
  expect(drawn(canvas)).toEqual(['⠁⠂⠄⡀⠈⠐⠠⢀'])
})

test('a line joins its ends without gaps', () => {
  const canvas = new Braille(4, 2)
  canvas.line([0, 7], [7, 0])
  expect(drawn(canvas)).toEqual(['  ⡠⠊', '⡠⠊  '])
})

test('dots outside the canvas are not drawn', () => {
  const canvas = new Braille(1, 1)
  canvas.dot(-1, 0)
  canvas.dot(2, 0)
  canvas.dot(0, 4)
  expect(drawn(canvas)).toEqual([' '])
})
