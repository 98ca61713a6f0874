// Where every tensor of a program lies, planned once: those of a sample in a block, in which they share memory when they are
// never alive together; parameters, gradients and constants at addresses of their own.
import { aloneAxis, loadsIn } from '../../equation/bound.ts'
import { isOverEdge, reachesAll } from '../../equation/reach.ts'
import type { Variable } from '../../equation/variable.ts'
import { bytesOf, type Program, TILE } from '../program.ts'
import { type Border, type Neighbour, spoiledBorders, stripsOf } from './borders.ts'
import { fuse, type Group } from './fuse.ts'
import { placeResidents, type Span, spansOf } from './liveness.ts'
import { earlySchedule, lateSchedule, momentsOf, type Segment, targetsOf } from './schedule.ts'
import { align, type Lanes, LINE, layOut, movedBy, type Place } from './storage.ts'
import { type Box, boxesOf, findViews, standsAlone } from './views.ts'

type Borders = ReadonlyMap<Group, readonly Border[]>

interface Block {
  /** Bytes of one block of samples. */
  readonly blockBytes: number
  readonly schedule: readonly Segment[]
  /** Tensors that only their own group reads. */
  readonly unread: ReadonlySet<Variable>
  /** What readers want to find in a border that is made once, where that is not 0. */
  readonly fills: ReadonlyMap<Variable, number>
  /** Borders that are made before a group runs, and after it. */
  readonly borders: { readonly before: Borders; readonly after: Borders }
}

export interface Storage extends Block {
  readonly places: ReadonlyMap<Variable, Place>
  readonly lanes: Lanes
  /** Bytes of one share: all gradients. */
  readonly shareBytes: number
  /** First byte after the fixed tensors. */
  readonly end: number
}

export interface StorageOptions {
  readonly firstByte: number
  readonly lanes: Lanes
  /** Samples meet at the end of a tile where the tile is no larger than this. */
  readonly nearBytes: number
}

export function planStorage(program: Program, options: StorageOptions): Storage {
  const { lanes, firstByte } = options
  const fixed = placeFixed(program, firstByte, lanes)
  const block = planBlock(program, options)
  return { ...fixed, ...block, places: new Map([...fixed.places, ...block.places]), lanes }
}

function planBlock(program: Program, { lanes, nearBytes }: StorageOptions): Block & Pick<Storage, 'places'> {
  const boxes = boxesOf(program)
  const views = findViews(program, boxes)
  const { groups, unread } = fuse(program, views)
  const meets = program.update ? program.meet : []
  const rootOf = (tensor: Variable): Variable => views.roots.get(tensor) ?? tensor
  const viewed = new Set(views.roots.values())
  const layouts = new Map<Variable, Place>()
  for (const [tensor, box] of boxes) {
    const elementBytes = bytesOf.float32 * lanes.samples
    const isApart = !views.roots.has(tensor) && !viewed.has(tensor)
    layouts.set(tensor, layOut(tensor, { box, elementBytes, space: 'sample', start: 0, isApart }))
  }
  const unstored = unstoredBy(groups, unread)
  const planned = (schedule: readonly Segment[]): Planned =>
    placeSamples(program, { schedule, layouts, unstored, rootOf })
  const late = planned(lateSchedule(groups, meets))
  const isNear = (late.blockBytes * TILE) / lanes.samples <= nearBytes
  const { schedule, blockBytes, places, spans } = isNear ? late : planned(earlySchedule(groups, meets, rootOf))
  return { schedule, blockBytes, places, unread, ...planBorders(program, groups, boxes, places, spans) }
}

/**
 * Tensors that never leave the registers. Their places behind the block are names: nothing is stored there, and what their
 * groups read of them they have just computed.
 */
function unstoredBy(groups: readonly Group[], unread: ReadonlySet<Variable>): Set<Variable> {
  // A sum that goes on in memory, and elements without terms, need memory all the same.
  const inMemory = groups
    .map(({ head }) => head)
    .filter((head) => !standsAlone(head) || !reachesAll(head.target, head.axes))
  const stored = new Set(inMemory.map(({ target }) => target.tensor))
  return new Set(
    groups
      .flatMap(targetsOf)
      .map(({ tensor }) => tensor)
      .filter((tensor) => unread.has(tensor) && !stored.has(tensor)),
  )
}

interface Planned extends Pick<Storage, 'places' | 'blockBytes' | 'schedule'> {
  readonly spans: ReadonlyMap<Variable, Span>
}

interface Placing extends Pick<Storage, 'schedule'> {
  readonly layouts: ReadonlyMap<Variable, Place>
  readonly unstored: ReadonlySet<Variable>
  readonly rootOf: (tensor: Variable) => Variable
}

function placeSamples({ tensors, inputs, outputs }: Program, placing: Placing): Planned {
  const { schedule, layouts, unstored, rootOf } = placing
  const spans = spansOf(momentsOf(schedule, rootOf), {
    fed: inputs.map(({ tensor }) => rootOf(tensor)),
    kept: outputs.map(rootOf),
  })
  for (const tensor of unstored) spans.delete(tensor)
  const residents = [...spans].map(([tensor, span]) => ({ span, bytes: layouts.get(tensor)!.bytes }))
  const { starts, bytes } = placeResidents(residents, LINE)
  const startOf = new Map([...spans.keys()].map((tensor, at) => [tensor, starts[at]!]))
  let beyond = bytes
  for (const tensor of unstored) {
    startOf.set(tensor, beyond)
    beyond += layouts.get(tensor)!.bytes
  }
  const places = new Map<Variable, Place>()
  for (const tensor of tensors) {
    const start = startOf.get(rootOf(tensor))
    if (start !== undefined) places.set(tensor, movedBy(layouts.get(tensor)!, start))
  }
  return { schedule, spans, places, blockBytes: bytes }
}

function planBorders(
  program: Program,
  groups: readonly Group[],
  boxes: ReadonlyMap<Variable, Box>,
  places: ReadonlyMap<Variable, Place>,
  spans: ReadonlyMap<Variable, Span>,
): Pick<Block, 'fills' | 'borders'> {
  const values = bordersOf(program)
  const neighbours = new Map<Variable, Neighbour>()
  for (const [tensor, span] of spans)
    neighbours.set(tensor, { shape: tensor.shape, place: places.get(tensor)!, span, border: values.get(tensor) })
  const spoiled = spoiledBorders(neighbours)
  const fills = new Map([...values].filter(([tensor, value]) => value !== 0 && !spoiled.has(tensor)))
  const borderOf = (tensor: Variable): Border => ({
    tensor,
    value: values.get(tensor)!,
    strips: stripsOf(tensor, boxes.get(tensor)!, places.get(tensor)!),
  })
  const before = new Map<Group, Border[]>()
  for (const tensor of spoiled) {
    // An input is written before anything else: its border is made in the beginning.
    const first = groups.find((group) => targetsOf(group).some((target) => target.tensor === tensor)) ?? groups[0]!
    before.set(first, [...(before.get(first) ?? []), borderOf(tensor)])
  }
  const after = new Map(groups.map((group) => [group, overwrittenBy(group, values).map(borderOf)]))
  return { fills, borders: { before, after } }
}

/** Tensors whose borders a group writes upon: a sum that is scattered over windows reaches beyond the edges. */
const overwrittenBy = (group: Group, borders: ReadonlyMap<Variable, number>): Variable[] =>
  targetsOf(group)
    .filter((target) => borders.has(target.tensor) && isOverEdge(target, group.head.axes))
    .map(({ tensor }) => tensor)

/**
 * What readers find beyond the edges of the tensors over which they look. All who do so want the same of one tensor: a
 * program gives the others a copy.
 */
function bordersOf({ sample, meet }: Program): Map<Variable, number> {
  const borders = new Map<Variable, number>()
  for (const { equation } of [...sample, ...meet])
    for (const access of loadsIn(equation.value))
      if (access.tensor.kind === 'sample' && isOverEdge(access, equation.axes)) {
        const { tensor } = access
        if ((borders.get(tensor) ?? equation.outside) !== equation.outside)
          throw new Error(`tensor '${tensor.name}' has two borders`)
        borders.set(tensor, equation.outside)
      }
  return borders
}

/** Parameters first, as one row for the update; each gradient lies in its share as its parameter does. */
function placeFixed(program: Program, firstByte: number, lanes: Lanes): Pick<Storage, 'places' | 'shareBytes' | 'end'> {
  const places = new Map<Variable, Place>()
  const elementBytes = bytesOf.float32
  const orders =
    lanes.across > 1 && program.update === undefined ? packedOrders(program) : new Map<Variable, number[]>()
  const fix = (tensor: Variable, space: Place['space'], start: number): number => {
    const place = layOut(tensor, { elementBytes, space, start, order: orders.get(tensor) })
    places.set(tensor, place)
    return place.bytes
  }
  let shareBytes = 0
  for (const { parameter, gradient } of program.trained) {
    if (program.update !== undefined) fix(gradient, 'share', shareBytes)
    shareBytes += fix(parameter, 'fixed', firstByte + shareBytes)
  }
  shareBytes = align(shareBytes)
  let end = firstByte + shareBytes
  for (const tensor of program.tensors)
    if (tensor.kind !== 'sample' && !places.has(tensor)) end = align(end + fix(tensor, 'fixed', end))
  return { places, shareBytes, end }
}

/**
 * Where nothing is trained, a weight can lie as its one reader likes it: with the reader's last target axis innermost, so
 * that neighbours in the result are neighbours in the weight.
 */
function packedOrders({ tensors, sample }: Program): Map<Variable, number[]> {
  const orders = new Map<Variable, number[]>()
  for (const tensor of tensors) {
    if (tensor.kind !== 'shared') continue
    const reads = sample.flatMap(({ equation }) =>
      loadsIn(equation.value)
        .filter((access) => access.tensor === tensor)
        .map((access) => ({ equation, access })),
    )
    const [first, ...others] = reads
    if (first === undefined || others.length > 0) continue
    const alone = first.access.indices.map(aloneAxis)
    const last = first.equation.target.indices
      .map(aloneAxis)
      .findLast((axis) => axis !== undefined && alone.includes(axis))
    const inner = alone.indexOf(last)
    if (last !== undefined) orders.set(tensor, [...tensor.shape.keys()].filter((at) => at !== inner).concat(inner))
  }
  return orders
}
