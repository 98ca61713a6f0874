// How a tensor looks in the structure figure: planes as stacked sheets, a vector as a bar, a short vector as its units.

import { sizeOf } from '../engine/program.ts'
import { element } from './svg.ts'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Scale {
  /** The longest side of any plane, in values. */
  readonly side: number
  /** The longest vector. */
  readonly units: number
}

export interface Drawing {
  readonly width: number
  /** The sheet (or bar) in front, where lines begin and end. */
  readonly front: Box
  readonly svg: string
}

const LARGEST_PLANE = 128
const LONGEST_BAR = 150
const BAR = 15
/** Radius of a unit. */
const UNIT = 4.5
const DEPTH = 54
const MOST_SHEETS = 16
const MOST_UNITS = 16

/** [sheets, height, width]; a vector has height and width 0. */
export function sheetsOf(shape: readonly number[]): readonly [number, number, number] {
  if (shape.length < 2) return [shape[0] ?? 1, 0, 0]
  if (shape.length === 2) return [shape[0]!, 1, shape[1]!]
  const [height, width] = shape.slice(-2) as [number, number]
  return [sizeOf(shape.slice(0, -2)), height, width]
}

/** '6 @ 28×28', or '120'. */
export function sizeText(shape: readonly number[]): string {
  if (shape.length < 2) return String(shape[0] ?? 1)
  const plane = shape.length === 2 ? shape.slice(1) : shape.slice(-2)
  return `${shape.slice(0, shape.length - plane.length).join('×')} @ ${plane.join('×')}`
}

export function scaleOf(shapes: readonly (readonly number[])[]): Scale {
  const all = shapes.map(sheetsOf)
  return {
    side: Math.max(1, ...all.map(([, height, width]) => Math.max(height, width))),
    units: Math.max(1, ...all.map(([sheets, height]) => (height === 0 ? sheets : 1))),
  }
}

// Planes shrink 32 → 5: drawn to scale the small ones could not be seen, so lengths follow a softened power.
const side = (length: number, scale: Scale): number => Math.max(9, LARGEST_PLANE * (length / scale.side) ** 0.7)

function stack(sheets: number, height: number, width: number, place: { x: number; middle: number }): Drawing {
  const shown = Math.min(sheets, MOST_SHEETS)
  const step = shown === 1 ? 0 : Math.min(7, DEPTH / (shown - 1))
  const depth = step * (shown - 1)
  const top = place.middle - (height + depth) / 2
  const sheet = (k: number): string =>
    element('rect', { class: 'sheet', x: place.x + k * step, y: top + k * step, width, height, rx: 1.5 })
  return {
    width: width + depth,
    front: { x: place.x + depth, y: top + depth, width, height },
    svg: Array.from({ length: shown }, (_, k) => sheet(k)).join(''),
  }
}

function bar(units: number, scale: Scale, { x, middle }: { x: number; middle: number }): Drawing {
  if (units > MOST_UNITS) {
    const height = Math.max(40, LONGEST_BAR * Math.sqrt(units / scale.units))
    const front = { x, y: middle - height / 2, width: BAR, height }
    return { width: BAR, front, svg: element('rect', { class: 'sheet', ...front, rx: 3 }) }
  }
  const pitch = 2 * UNIT + 2
  const front = { x, y: middle - (units * pitch) / 2, width: 2 * UNIT, height: units * pitch }
  const unit = (k: number): string =>
    element('circle', { class: 'sheet', cx: x + UNIT, cy: front.y + (k + 0.5) * pitch, r: UNIT })
  return { width: front.width, front, svg: Array.from({ length: units }, (_, k) => unit(k)).join('') }
}

/** A tensor whose left edge is at x, centred on the line y = middle. */
export function drawShape(shape: readonly number[], scale: Scale, place: { x: number; middle: number }): Drawing {
  const [sheets, height, width] = sheetsOf(shape)
  if (height === 0) return bar(sheets, scale, place)
  return stack(sheets, side(height, scale), side(width, scale), place)
}
