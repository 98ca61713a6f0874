// Where every unit of a network stands in the picture: stages side by side, or below each other on a narrow screen.
import { sizeOf } from 'lenet'
import { INPUT, type Stage } from './stages.ts'

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Placed extends Rect {
  readonly stage: Stage
  /** Feature maps [channels, rows, columns]; a row of units is one map. */
  readonly channels: number
  readonly rows: number
  readonly columns: number
  /** Side of one unit. */
  readonly cell: number
  /** Maps side by side, and the distance between them. */
  readonly across: number
  readonly gap: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly isNarrow: boolean
  readonly placed: readonly Placed[]
}

export const LABEL = 40
const GAP = 8
const NARROW = 520
const MOST_HIGH = 384
const LEAST_HIGH = 180
const BETWEEN = 10
const LEAST_ZOOM = 0.3

/** @param room pixels that there are below each other, as far as it is a row. */
export function layOut(stages: readonly Stage[], width: number, room = MOST_HIGH): Layout {
  return width < NARROW ? stack(stages, width) : row(stages, width, room)
}

function row(stages: readonly Stage[], width: number, room: number): Layout {
  const widest = Math.min(1.5, Math.max(0.7, width / 850))
  const high = Math.max(LEAST_HIGH, Math.min(room, MOST_HIGH * Math.max(1, widest)))
  const sizedAt = (zoom: number) => stages.map((stage) => placeFor(stage, zoom, { high }))
  const widthOf = (all: readonly Placed[]) => all.reduce((sum, one) => sum + one.width, 0)
  let zoom = widest
  let sized = sizedAt(zoom)
  // Fewer maps below each other are more side by side: all become smaller until there is room.
  while (widthOf(sized) + BETWEEN * (sized.length - 1) > width && zoom > LEAST_ZOOM) {
    zoom *= 0.93
    sized = sizedAt(zoom)
  }
  const total = widthOf(sized)
  const between = sized.length > 1 ? Math.max(BETWEEN, (width - total) / (sized.length - 1)) : 0
  const height = LABEL + Math.max(...sized.map((one) => one.height))
  let x = 0
  const placed = sized.map((one) => {
    const here = { ...one, x, y: LABEL + (height - LABEL - one.height) / 2 }
    x += one.width + between
    return here
  })
  return { width: Math.max(width, x - between), height, isNarrow: false, placed }
}

function stack(stages: readonly Stage[], width: number): Layout {
  let y = 0
  const placed = stages.map((stage) => {
    const one = placeFor(stage, 1, { wide: width })
    const here = { ...one, x: 0, y: y + LABEL }
    y += LABEL + one.height + 14
    return here
  })
  return { width, height: y, isNarrow: true, placed }
}

/** How large one map is drawn, in CSS pixels. */
function target(rows: number, isInput: boolean): number {
  if (isInput) return 96
  return rows >= 24 ? 60 : rows >= 12 ? 44 : rows >= 8 ? 40 : 30
}

function placeFor(stage: Stage, zoom: number, room: { readonly high?: number; readonly wide?: number }): Placed {
  const isMaps = stage.shape.length === 3
  if (!isMaps) return sizeUnits(stage, zoom, room)
  const [channels, rows, columns] = stage.shape as [number, number, number]
  const isInput = stage.name === INPUT
  let cell = Math.max(1, Math.round((zoom * target(rows, isInput)) / rows))
  const fit = () =>
    room.high !== undefined
      ? Math.ceil(channels / Math.max(1, Math.floor((room.high + GAP) / (rows * cell + GAP))))
      : Math.max(1, Math.floor((room.wide! + GAP) / (columns * cell + GAP)))
  while (cell > 1 && room.high !== undefined && fit() > 8) cell--
  const down = Math.ceil(channels / fit())
  const across = Math.ceil(channels / down)
  return {
    stage,
    channels,
    rows,
    columns,
    cell,
    across,
    gap: GAP,
    x: 0,
    y: 0,
    width: across * (columns * cell + GAP) - GAP,
    height: down * (rows * cell + GAP) - GAP,
  }
}

/** Seven across and twelve down, as the codes of 1998 are drawn. */
const CODE = { units: 84, columns: 7 } as const

/** A vector as a block: how many units stand side by side. */
export const columnsOf = (units: number): number =>
  units === CODE.units ? CODE.columns : Math.ceil(Math.sqrt(units * 1.6))

/** A vector as a block of units. */
function sizeUnits(stage: Stage, zoom: number, { high, wide }: { high?: number; wide?: number }): Placed {
  const units = sizeOf(stage.shape)
  const cell = wide !== undefined ? 14 : Math.round(13 * Math.min(1.2, zoom))
  const least = Math.ceil(units / Math.floor((high ?? 12 * cell) / cell))
  const columns =
    units === CODE.units
      ? CODE.columns
      : wide !== undefined
        ? Math.max(1, Math.min(units, Math.floor(wide / cell)))
        : Math.max(least, units > 60 ? 6 : units > 12 ? 4 : 1)
  const rows = Math.ceil(units / columns)
  return {
    stage,
    channels: 1,
    rows,
    columns,
    cell,
    across: 1,
    gap: 0,
    x: 0,
    y: 0,
    width: columns * cell,
    height: rows * cell,
  }
}

/** The corner of a channel's map. */
export function mapAt({ x, y, across, columns, rows, cell, gap }: Placed, channel: number): Rect {
  const [width, height] = [columns * cell, rows * cell]
  return {
    x: x + (channel % across) * (width + gap),
    y: y + Math.floor(channel / across) * (height + gap),
    width,
    height,
  }
}

export function unitRect(placed: Placed, unit: number): Rect {
  const { rows, columns, cell } = placed
  const area = rows * columns
  const map = mapAt(placed, Math.floor(unit / area))
  const inside = unit % area
  return {
    x: map.x + (inside % columns) * cell,
    y: map.y + Math.floor(inside / columns) * cell,
    width: cell,
    height: cell,
  }
}

export interface Unit {
  readonly entry: string
  readonly unit: number
}

/** The unit under a point. */
export function unitAt({ placed }: Layout, x: number, y: number): Unit | undefined {
  for (const one of placed) {
    if (x < one.x - 2 || y < one.y - 2 || x > one.x + one.width + 2 || y > one.y + one.height + 2) continue
    for (let channel = 0; channel < one.channels; channel++) {
      const map = mapAt(one, channel)
      const column = Math.floor((x - map.x) / one.cell)
      const row = Math.floor((y - map.y) / one.cell)
      if (column < 0 || row < 0 || column >= one.columns || row >= one.rows) continue
      const unit = (channel * one.rows + row) * one.columns + column
      return unit < sizeOf(one.stage.shape) ? { entry: one.stage.name, unit } : undefined
    }
  }
  return undefined
}

/** A neighbour for the arrow keys, and the next map for page up and down. */
export function neighbour(placed: Placed, unit: number, key: string): number {
  const { rows, columns, stage } = placed
  const area = rows * columns
  const size = sizeOf(stage.shape)
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -area, PageDown: area }[key]
  const next = unit + (by ?? 0)
  return next >= 0 && next < size ? next : unit
}
