// A gradient with nothing to sum but the samples of a tile, such as that of a linear layer's weight. Joining the lanes of
// every element costs more than the products: here neighbouring elements lie in the lanes and the samples come one after
// the other, and are added in the order in which the lanes would have been.

import { addressesIn, indexAxes, type Kernel, type Term } from '../compile/kernel.ts'
import type { Address, Lanes } from '../compile/storage.ts'
import { TILE } from '../program.ts'
import { type Printing, printCall, splat } from './expression.ts'
import { counterOf } from './pointers.ts'
import { block, type Lines, plus } from './text.ts'

/** The statements for a whole tile, or nothing where the kernel is of another kind. */
export function printBySample(kernel: Kernel, { samples, across }: Lanes): Lines | undefined {
  const { summed, unrolled, outer, guards, value, stores, kept } = kernel
  if (across > 1 || samples !== TILE || guards.length > 0 || indexAxes(value).length > 0) return undefined
  if (summed.length + unrolled.length + outer.length > 0) return undefined
  const target = stores[0]!.address
  const lane = kept.find(({ name }) => target.strides.get(name) === 4)
  if (lane === undefined) return undefined
  const turned = addressesIn(value).filter(({ strides }) => strides.get(lane.name))
  const [vector] = turned
  // What is turned once must serve for every other axis.
  if (vector === undefined || turned.length > 1 || vector.strides.get(lane.name) !== 4 * samples) return undefined
  if ([...vector.strides].some(([name, stride]) => stride !== 0 && name !== lane.name)) return undefined
  const rest = kept.filter(({ name }) => name !== lane.name)
  const at = (address: Address, origin: string): string =>
    origin +
    plus(address.offset) +
    kept
      .map(({ name }) => [counterOf(name), address.strides.get(name) ?? 0] as const)
      .map(([counter, stride]) => (stride === 0 ? '' : ` + ${counter} * ${stride}`))
      .join('')
  const terms = Array.from({ length: TILE }, (_, sample) => {
    const printing: Printing<Term> = {
      print: (term) => {
        if (term.kind === 'number') return splat(term.value)
        if (term.kind === 'call') return printCall(term.name, term.parts, printing)
        const { address } = term as Term & { kind: 'load' }
        if (address === vector) return `rows[${sample}]`
        const isShared = address.space !== 'sample'
        return `splat(F(${at(address, isShared ? 'memory' : 'tile')}${isShared ? '' : plus(4 * sample)}))`
      },
      callOf: (term) => (term.kind === 'call' ? term : undefined),
    }
    return printing.print(value)
  })
  const lanesOf = (first: number): string =>
    `const V l${first} = ((${terms[first]} + ${terms[first + 4]}) + ${terms[first + 8]}) + ${terms[first + 12]};`
  const whole = `add_onto(${at(target, 'share')}, (const float *)&sum, some, isFirst);`
  const each: Lines = [
    [0, 1, 2, 3].map(lanesOf),
    'const V sum = (l0 + l2) + (l1 + l3);',
    lane.extent % LANES === 0
      ? `onto(${at(target, 'share')}, sum, isFirst);`
      : `if (some == ${LANES}) onto(${at(target, 'share')}, sum, isFirst); else ${whole}`,
  ]
  const counter = counterOf(lane.name)
  return block(
    `for (long ${counter} = 0; ${counter} < ${lane.extent}; ${counter} += ${LANES})`,
    lane.extent % LANES === 0
      ? []
      : `const long some = ${lane.extent} - ${counter} < ${LANES} ? ${lane.extent} - ${counter} : ${LANES};`,
    'P rows[SAMPLES];',
    `for (int r = 0; r < SAMPLES; r++) rows[r] = W(${at(vector, 'tile')} + r * sizeof(V));`,
    'transpose(rows);',
    rest.reduceRight<Lines>(
      (lines, { name, extent }) =>
        block(`for (long ${counterOf(name)} = 0; ${counterOf(name)} < ${extent}; ${counterOf(name)}++)`, lines),
      each,
    ),
  )
}

/** A vector is a whole tile here. */
const LANES = TILE
