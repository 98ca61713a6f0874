// What a thread does: takes shares of the batch until none is left, waits for the others, updates its part of the
// parameters. A single tile has one share: threads take the blocks of each segment, then its gradients. Written in wasm, so
// that a worker never returns to JavaScript between steps.
import { SHARES, TILE } from '../program.ts'
import {
  atomic,
  type Body,
  type Code,
  call,
  forever,
  get,
  i32,
  i64,
  leaveIf,
  load,
  newBody,
  op,
  repeat,
  set,
  tee,
  type WasmFunction,
  when,
} from './assemble.ts'

/** Words that the threads share; those that are written while others wait have a cache line each. */
export const control = {
  generation: 0,
  claimed: 64,
  arrived: 128,
  finished: 192,
  /** Of a single tile: how many blocks and gradients are done, segment after segment. */
  done: 256,
  samples: 320,
  slot: 324,
  threads: 328,
  stop: 332,
  bytes: 384,
} as const

/** What counts up during a step. */
export const counters = [control.claimed, control.arrived, control.finished, control.done] as const

export interface DriverPlan {
  readonly scratch: number
  readonly blockBytes: number
  /** Samples in a block. */
  readonly samples: number
  readonly shares: number
  readonly shareBytes: number
  /** Functions that bring samples in and out, with the address of sample 0 and the bytes of a sample. */
  readonly packs: readonly Transfer[]
  readonly unpacks: readonly Transfer[]
  readonly segments: readonly DriverSegment[]
  /** The update function and the bytes of all parameters; absent where nothing is trained. */
  readonly update?: { readonly index: number; readonly bytes: number; readonly shares: number }
}

/** Functions of a segment (see `Segment`). */
export interface DriverSegment {
  readonly sample: readonly number[]
  readonly units: readonly (readonly Meeting[])[]
}

/** A gradient's function, and whether it adds to what one before has given. */
interface Meeting {
  readonly index: number
  readonly onto: boolean
}

export interface Transfer {
  readonly index: number
  readonly address: number
  readonly sampleBytes: number
  /** Distance of the second slot; 0 for outputs. */
  readonly slotBytes: number
}

const SPINS = 20000
const word = (address: number): Code => [i32(0), load.i32(address)]

/** waitUntil(address, value, may sleep): returns when the word at the address has reached the value. */
export function printWait(): WasmFunction {
  const body = newBody(['i32', 'i32', 'i32'])
  const [seen, spins] = [body.local('i32'), body.local('i32')]
  const mayWait = op('i32.and', get(2), op('i32.gt_u', [op('i32.add', get(spins), i32(1)), tee(spins)], i32(SPINS)))
  const wait = op('drop', [get(0), get(seen), i64(1_000_000), atomic.wait(0)])
  return {
    body,
    code: forever(leaveIf(op('i32.ge_u', [get(0), atomic.load(0), tee(seen)], get(1))), when(mayWait, wait)),
  }
}

/** One segment of one block: the first brings samples in, the last takes them out. (block, index of its first sample) */
export function printSegment({ packs, unpacks, segments }: DriverPlan, number: number): WasmFunction {
  const transfer = ({ index, address, sampleBytes, slotBytes }: Transfer): Code => {
    const base =
      slotBytes === 0 ? i32(address) : op('i32.add', i32(address), op('i32.mul', word(control.slot), i32(slotBytes)))
    return [get(0), op('i32.add', base, op('i32.mul', get(1), i32(sampleBytes))), call(index)]
  }
  return {
    body: newBody(['i32', 'i32']),
    code: [
      number === 0 ? packs.map(transfer) : [],
      segments[number]!.sample.map((index) => [get(0), call(index)]),
      number === segments.length - 1 ? unpacks.map(transfer) : [],
    ],
  }
}

/** work(thread, may sleep): this thread's part of one batch. `segments` are the functions of `printSegment`. */
export function printWork(plan: DriverPlan, segments: readonly number[], wait: number): WasmFunction {
  const body = newBody(['i32', 'i32'])
  const names = ['samples', 'tiles', 'shares', 'scratch'] as const
  const [samples, tiles, shares, scratch] = names.map(() => body.local('i32')) as [number, number, number, number]
  const begin: Code = [
    word(control.samples),
    set(samples),
    op('i32.shr_u', op('i32.add', get(samples), i32(TILE - 1)), i32(4)),
    set(tiles),
    least(get(tiles), i32(SHARES)),
    set(shares),
    op('i32.add', op('i32.mul', get(0), i32(plan.blockBytes * (TILE / plan.samples))), i32(plan.scratch)),
    set(scratch),
  ]
  return {
    body,
    code: [
      begin,
      when(
        op('i32.and', op('i32.lt_u', i32(1), word(control.threads)), op('i32.eq', get(tiles), i32(1))),
        printTogether(body, plan, segments, wait),
        printShares(body, plan, segments, { samples, tiles, shares, scratch }),
      ),
      plan.update ? printUpdatePart(plan.update, get(shares), wait) : [],
    ],
    name: 'work',
  }
}

const least = (a: Code, b: Code): Code => [a, b, op('i32.lt_u', a, b), op('select')]

/** The next of what threads share out among themselves. */
const claim = (into: number): Code => [i32(0), i32(1), atomic.add(control.claimed), tee(into)]

interface Batch {
  readonly samples: number
  readonly tiles: number
  readonly shares: number
  /** This thread's blocks. */
  readonly scratch: number
}

/** Shares until none is left: of each tile the segments, one after the other, in blocks of this thread's own. */
function printShares(body: Body, plan: DriverPlan, segments: readonly number[], batch: Batch): Code {
  const { samples, tiles, shares, scratch } = batch
  const local = () => body.local('i32')
  const [share, tile, present, quarter, first] = [local(), local(), local(), local(), local()]
  const sampleOf = op('i32.add', op('i32.mul', get(tile), i32(TILE)), op('i32.mul', get(quarter), i32(plan.samples)))
  const blocks = (segment: number): Code => [
    i32(0),
    set(quarter),
    repeat(
      op('i32.add', get(scratch), op('i32.mul', get(quarter), i32(plan.blockBytes))),
      sampleOf,
      call(segment),
      op(
        'i32.lt_u',
        op('i32.mul', [op('i32.add', get(quarter), i32(1)), tee(quarter)], i32(plan.samples)),
        get(present),
      ),
    ),
  ]
  const shareAddress = op('i32.add', i32(plan.shares), op('i32.mul', get(share), i32(plan.shareBytes)))
  const meetings = (units: DriverSegment['units']): Code =>
    units.flat().map(({ index, onto }) => [
      [get(scratch), shareAddress, get(present)],
      [onto ? i32(-1) : get(first), call(index)],
    ])
  const oneShare: Code = [
    get(share),
    set(tile),
    i32(0),
    set(first),
    repeat(
      least(i32(TILE), op('i32.sub', get(samples), op('i32.mul', get(tile), i32(TILE)))),
      set(present),
      plan.segments.map(({ units }, at) => [blocks(segments[at]!), meetings(units)]),
      i32(-1),
      set(first),
      op('i32.lt_u', [op('i32.add', get(tile), i32(SHARES)), tee(tile)], get(tiles)),
    ),
  ]
  return forever(leaveIf(op('i32.ge_u', claim(share), get(shares))), oneShare)
}

/**
 * All threads on a single tile. What there is to do has numbers, stage after stage: the blocks of the first segment, its
 * gradients, the blocks of the next segment, … A thread takes the next number and waits until all earlier stages are done.
 */
function printTogether(body: Body, plan: DriverPlan, segments: readonly number[], wait: number): Code {
  const [number, start, end] = [body.local('i32'), body.local('i32'), body.local('i32')]
  const samples = word(control.samples)
  const turn = op('i32.sub', get(number), get(start))
  const stage = (count: Code, work: Code): Code => [
    op('i32.add', get(start), count),
    set(end),
    forever(
      leaveIf(op('i32.ge_u', get(number), get(end))),
      [i32(control.done), get(start), get(1), call(wait)],
      work,
      // Who ends a stage wakes those who wait for it.
      when(op('i32.eq', op('i32.add', [i32(0), i32(1), atomic.add(control.done)], i32(1)), get(end)), [
        i32(0),
        i32(-1),
        atomic.notify(control.done),
        op('drop'),
      ]),
      claim(number),
      op('drop'),
    ),
    get(end),
    set(start),
  ]
  const block = (segment: number): Code => [
    op('i32.add', i32(plan.scratch), op('i32.mul', turn, i32(plan.blockBytes))),
    op('i32.mul', turn, i32(plan.samples)),
    call(segment),
  ]
  // The last gradients are those of the first layers: the most work, so that it is taken first.
  const gradients = (units: DriverSegment['units']): Code =>
    units.toReversed().map((unit, at) =>
      when(
        op('i32.eq', turn, i32(at)),
        unit.map(({ index, onto }) => [i32(plan.scratch), i32(plan.shares), samples, i32(onto ? -1 : 0), call(index)]),
      ),
    )
  const blocks = op('i32.div_u', op('i32.add', samples, i32(plan.samples - 1)), i32(plan.samples))
  return [
    claim(number),
    op('drop'),
    plan.segments.map(({ units }, at) => [
      stage(blocks, block(segments[at]!)),
      units.length === 0 ? [] : stage(i32(units.length), gradients(units)),
    ]),
  ]
}

/** Goes on when all threads are here. */
const meet = (counter: number, wait: number): Code => [
  [i32(0), i32(1), atomic.add(counter), op('drop')],
  [i32(0), i32(-1), atomic.notify(counter), op('drop')],
  [i32(counter), word(control.threads), get(1), call(wait)],
]

/** Waits until all gradients are there, then updates every threads-th part. */
function printUpdatePart(update: NonNullable<DriverPlan['update']>, count: Code, wait: number): Code {
  const { index, bytes, shares } = update
  const threads = word(control.threads)
  // Cache lines are dealt out in one run for each thread.
  const lines = Math.ceil(bytes / 64)
  const edge = (thread: Code): Code =>
    op('i32.mul', op('i32.div_u', op('i32.mul', thread, i32(lines)), threads), i32(64))
  const [from, to] = [edge(get(0)), edge(op('i32.add', get(0), i32(1)))]
  return [
    when(op('i32.lt_u', i32(1), threads), meet(control.arrived, wait)),
    when(op('i32.lt_u', from, to), [i32(shares), count, from, to, call(index)]),
  ]
}

/** join(may sleep): waits for the other threads. */
export function printJoin(wait: number): WasmFunction {
  return {
    body: newBody(['i32']),
    code: [i32(control.finished), op('i32.sub', word(control.threads), i32(1)), get(0), call(wait)],
    name: 'join',
  }
}

/** serve(thread): works on every batch until told to stop. */
export function printServe(work: number): WasmFunction {
  const body = newBody(['i32'])
  const [seen, now, spins] = [body.local('i32'), body.local('i32'), body.local('i32')]
  const sleep = op('drop', [i32(0), get(seen), i64(-1), atomic.wait(control.generation)])
  const rest: Code = [
    i32(0),
    set(spins),
    forever(
      leaveIf(op('i32.ne', [i32(0), atomic.load(control.generation), tee(now)], get(seen))),
      when(op('i32.gt_u', [op('i32.add', get(spins), i32(1)), tee(spins)], i32(SPINS)), sleep),
    ),
    get(now),
    set(seen),
  ]
  const report: Code = [
    i32(0),
    i32(1),
    atomic.add(control.finished),
    op('drop'),
    i32(0),
    i32(-1),
    atomic.notify(control.finished),
    op('drop'),
  ]
  return { body, code: forever(rest, leaveIf(word(control.stop)), get(0), i32(1), call(work), report), name: 'serve' }
}
