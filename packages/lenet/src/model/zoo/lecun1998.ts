// The networks of "Gradient-Based Learning Applied to Document Recognition" (LeCun, Bottou, Bengio, Haffner 1998), with its
// names for the layers. Units are squashed after convolving and after subsampling, as there.
import { UsageError } from '../../errors.ts'
import { conv2d, linear, rbf, scaledTanh, subsample, view } from '../../layers/index.ts'
import { model, type Net } from '../model.ts'
import type { ZooOptions } from './lenet.ts'

/** Rows of 0 and 1 from lists of the input maps that each output map sees. */
const tableOf = (inputs: number, ...seen: readonly (readonly number[])[]): number[][] =>
  seen.map((maps) => Array.from({ length: inputs }, (_, map) => (maps.includes(map) ? 1 : 0)))

/** Table I: three neighbours, four neighbours, three pairs apart, all. */
const TABLE_I = tableOf(
  6,
  ...[0, 1, 2, 3, 4, 5].map((at) => [at, (at + 1) % 6, (at + 2) % 6]),
  ...[0, 1, 2, 3, 4, 5].map((at) => [at, (at + 1) % 6, (at + 2) % 6, (at + 3) % 6]),
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
)

/** The characters whose drawings are the codes of so many classes. */
function codesFor(classes: number): string {
  if (classes === 10) return '0123456789'
  if (classes === 26) return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const printable = String.fromCharCode(...Array.from({ length: 94 }, (_, at) => 33 + at))
  if (classes > printable.length)
    throw new UsageError(
      `model 'lenet5': there are ${printable.length} drawn codes, not ${classes}`,
      "use model 'lenet'",
    )
  return printable.slice(0, classes)
}

/** LeNet-5: 60,000 parameters, 340,908 connections; the nearest of the classes' drawings, 7x12 pixels each, wins. */
export const lenet5 = ({ channels = 1, classes = 10 }: ZooOptions = {}): Net =>
  model([channels, 32, 32], {
    c1: conv2d({ out: 6, kernel: 5 }),
    c1f: scaledTanh(),
    s2: subsample(2),
    s2f: scaledTanh(),
    c3: conv2d({ out: 16, kernel: 5, table: TABLE_I }),
    c3f: scaledTanh(),
    s4: subsample(2),
    s4f: scaledTanh(),
    c5: conv2d({ out: 120, kernel: 5 }),
    c5f: scaledTanh(),
    flat: view(-1, 120),
    f6: linear(84),
    f6f: scaledTanh(),
    output: rbf({ codes: codesFor(classes) }),
  })

/**
 * LeNet-4: 17,998 parameters, 259,306 connections. The paper gives neither of its tables; "about 17,000 parameters" leaves
 * room for 60 links into the third layer and five maps for each of the 120 hidden units. Here every third-layer map sees
 * neighbours (twelve see four, four see three), and hidden unit n sees maps n to n+4, counted round.
 */
export const lenet4 = ({ channels = 1, classes = 10 }: ZooOptions = {}): Net =>
  model([channels, 32, 32], {
    c1: conv2d({ out: 4, kernel: 5 }),
    c1f: scaledTanh(),
    s2: subsample({ kernel: 2, copies: 2 }),
    s2f: scaledTanh(),
    c3: conv2d({
      out: 16,
      kernel: 5,
      table: tableOf(8, ...Array.from({ length: 16 }, (_, at) => round(8, at, at % 4 === 3 ? 3 : 4))),
    }),
    c3f: scaledTanh(),
    s4: subsample(2),
    s4f: scaledTanh(),
    c5: conv2d({
      out: 120,
      kernel: 5,
      table: tableOf(16, ...Array.from({ length: 120 }, (_, unit) => round(16, unit, 5))),
    }),
    c5f: scaledTanh(),
    flat: view(-1, 120),
    output: linear(classes),
    outputf: scaledTanh(),
  })

/** So many maps from one on, counted round. */
const round = (maps: number, from: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => (from + at) % maps)

/** LeNet-1: 2,578 parameters, 98,442 connections, with the table of 1989. */
export const lenet1 = ({ channels = 1, classes = 10 }: ZooOptions = {}): Net =>
  model([channels, 28, 28], {
    h1: conv2d({ out: 4, kernel: 5 }),
    h1f: scaledTanh(),
    h2: subsample(2),
    h2f: scaledTanh(),
    h3: conv2d({
      out: 12,
      kernel: 5,
      table: tableOf(4, [0], [0, 1], [0, 1], [1], [0, 1], [0, 1], [2], [2, 3], [2, 3], [3], [2, 3], [2, 3]),
    }),
    h3f: scaledTanh(),
    h4: subsample(2),
    h4f: scaledTanh(),
    flat: view(-1, 192),
    output: linear(classes),
    outputf: scaledTanh(),
  })
