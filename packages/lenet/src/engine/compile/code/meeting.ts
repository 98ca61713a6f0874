// Where samples meet: the quarters of a tile are added one after the other, absent samples as +0, then the lanes as
// (0+2)+(1+3), and the result goes onto the share.
import { TILE } from '../../program.ts'
import type { Statement, Value } from './code.ts'
import { named, numeral, sum } from './expressions.ts'
import type { Frame } from './frame.ts'
import { moveBy, moved } from './pointers.ts'

/** `summing` adds the samples of one block to `results`. */
export function meetSamples(frame: Frame, results: readonly string[], summing: readonly Statement[]): Statement[] {
  const { kernel, target, names, terms, nest, once } = frame
  const { address } = kernel.stores[0]!
  const spots = nest.points.map((point) => once.spot(address, point))
  const spread = terms.spreadOf(address, nest)
  const zeros = results.map((name): Statement => ({ kind: 'var', name, value: numeral(0) }))
  // A single sample's sums are the share's.
  if (target.lanes.samples === 1)
    return [
      ...once.compute(),
      ...zeros,
      ...summing,
      ...results.map((name, n): Statement => ({ kind: 'onto', to: spots[n]!, spread, name })),
    ]
  const totals = results.map(() => names.fresh('total'))
  const blocks: Statement = {
    kind: 'blocks',
    block: 'block',
    body: [...zeros, ...summing, ...results.flatMap((name, n) => addQuarters(frame, totals[n]!, name)), ...next(frame)],
  }
  const hasOneTerm = target.wholeTiles && kernel.summed.length === 0
  const whole = (samples: number, no: Statement): Statement => ({
    kind: 'present',
    samples,
    yes: wholeQuarters(frame, totals, samples / target.lanes.samples),
    no: [no],
  })
  return [
    ...once.compute(),
    ...totals.map((name): Statement => ({ kind: 'var', name, value: numeral(0) })),
    hasOneTerm ? whole(TILE, whole(target.lanes.samples, blocks)) : blocks,
    {
      kind: 'join',
      totals,
      pointer: once.of(address).name,
      offsets: spots.map(({ offset }) => offset),
      count: spread.count,
      stride: spread.stride,
    },
  ]
}

/** The quarters of one block onto those of the blocks before. A block that is the whole tile keeps its quarters apart. */
function addQuarters({ target, names }: Frame, total: string, name: string): Statement[] {
  const there: Value = { kind: 'keep', mask: { kind: 'present' }, value: named(name) }
  const { samples } = target.lanes
  if (samples === TILE) return [{ kind: 'set', name: total, value: there }]
  if (samples === QUARTER) return [{ kind: 'set', name: total, value: sum(named(total), there) }]
  const kept = names.fresh('t')
  const upper: Value = { kind: 'call', name: 'upper', parts: [named(kept)] }
  return [
    { kind: 'let', name: kept, value: there },
    { kind: 'set', name: total, value: sum(sum(named(total), named(kept)), upper) },
  ]
}

/** Moving pointers go on to the next block. */
const next = ({ kernel, target, summed }: Frame): Statement[] =>
  target.pointers === 'computed'
    ? []
    : summed.all.flatMap((pointer) => {
        const block = pointer.address.space === 'sample' ? target.blockBytes : 0
        return moveBy(pointer.name, block - moved(pointer, kernel.summed[0]))
      })

/** Whole quarters whose sums have one term: they need no loop and no mask. */
function wholeQuarters({ kernel, target, terms, nest, summed }: Frame, totals: readonly string[], count: number) {
  const lines: Statement[] = []
  for (let quarter = 0; quarter < count; quarter++) {
    const known = new Map<string, string>()
    nest.points.forEach((point, n) => {
      const block = quarter * target.blockBytes
      const term = terms.vectorOf(kernel.value, { point, nest, pointers: summed, known, lines, block })
      const name = totals[n]!
      lines.push({ kind: 'set', name, value: quarter === 0 ? term : sum(named(name), term) })
    })
  }
  return lines
}

/** Samples in a quarter of a tile. */
const QUARTER = 4
