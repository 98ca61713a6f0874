// The networks of 1998 against the numbers that the paper prints.
import { expect, test } from 'vitest'
import { summarise } from '../../explain/summarise.ts'
import { glyphCode } from '../../layers/glyphs.ts'
import { lenet1, lenet4, lenet5 } from './lecun1998.ts'

const factsOf = (net: ReturnType<typeof lenet5>) =>
  Object.fromEntries(
    summarise(net)
      .layers.filter(({ connections }) => connections > 0)
      .map(({ name, parameters, connections }) => [name, [parameters, connections]]),
  )

test('LeNet-5 has 60,000 parameters and 340,908 connections, layer by layer', () => {
  expect(factsOf(lenet5())).toEqual({
    c1: [156, 122_304],
    s2: [12, 5_880],
    c3: [1_516, 151_600],
    s4: [32, 2_000],
    c5: [48_120, 48_120],
    f6: [10_164, 10_164],
    output: [0, 840],
  })
  expect(summarise(lenet5())).toMatchObject({ parameters: 60_000, connections: 340_908 })
})

test('LeNet-4 and LeNet-1 have the counts of their readings', () => {
  expect(summarise(lenet4())).toMatchObject({ parameters: 17_998, connections: 259_306 })
  expect(summarise(lenet1())).toMatchObject({ parameters: 2_578, connections: 98_442 })
})

test('Table I has sixty links, ten from each map', () => {
  const table = lenet5().entries.find(({ name }) => name === 'c3')!.layer.options.table as number[][]
  expect(table.flat().reduce((sum, cell) => sum + cell)).toBe(60)
  for (let map = 0; map < 6; map++) expect(table.reduce((sum, row) => sum + row[map]!, 0)).toBe(10)
  expect(table.map((row) => row.flatMap((cell, map) => (cell ? [map] : [])).join(''))).toEqual(
    '012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345'.split(' '),
  )
})

test('the codes of the digits are those of Fig. 3', () => {
  const codes = [...'0123456789'].map(glyphCode)
  expect(codes.map((code) => code.filter((pixel) => pixel > 0).length)).toEqual([
    35, 27, 33, 32, 41, 35, 39, 25, 43, 39,
  ])
  const distances = codes.flatMap((a, n) =>
    codes.slice(n + 1).map((b) => a.filter((pixel, i) => pixel !== b[i]).length),
  )
  expect([Math.min(...distances), Math.max(...distances)]).toEqual([12, 50])
  const drawn = (character: string) =>
    Array.from({ length: 12 }, (_, row) =>
      Array.from(glyphCode(character).slice(row * 7, row * 7 + 7), (pixel) => (pixel > 0 ? '#' : '.')).join(''),
    )
  expect(drawn('5').slice(0, 4)).toEqual(['.#####.', '.......', '#######', '##.....'])
  expect(glyphCode(' ').every((pixel) => pixel === -1)).toBe(true)
})
