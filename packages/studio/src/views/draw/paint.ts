// Paints a network: every stage's values, and what the selected unit sees.
import { type Field, sizeOf } from 'lenet'
import type { Activity } from '../../engine/seer.ts'
import { css, lights, type Palette } from '../../parts/palette.ts'
import { mostOf, rasterOf } from '../../parts/raster.ts'
import { type Layout, mapAt, type Placed, type Rect, type Unit, unitRect } from './layout.ts'
import { INPUT } from './stages.ts'

export interface Scene {
  readonly layout: Layout
  readonly activity: Activity | undefined
  readonly palette: Palette
  readonly signed: Uint32Array
  readonly inked: Uint32Array
}

/** What lies above the stages: all that changes when the pointer moves. */
export interface Seen {
  readonly layout: Layout
  readonly selected: Unit
  readonly field: Field
  readonly palette: Palette
  /** For a class beside the network: what the units of the last stage add to its score, and how high it stands. */
  readonly output?: { readonly terms: ReadonlyMap<number, number>; readonly y: number } | undefined
}

const NOTHING: readonly number[] = []

export function paintStages(context: CanvasRenderingContext2D, scene: Scene): void {
  for (const placed of scene.layout.placed) paintStage(context, placed, scene)
}

export function paintSeen(context: CanvasRenderingContext2D, seen: Seen): void {
  const { placed } = seen.layout
  const at = placed.findIndex(({ stage }) => stage.name === seen.selected.entry)
  for (const one of at < 0 ? placed : placed.slice(0, at)) paintField(context, one, seen)
  if (at < 0) paintTerms(context, seen)
  else {
    paintRays(context, seen, at)
    frame(context, unitRect(placed[at]!, seen.selected.unit), seen.palette.accent, 2)
  }
}

function paintStage(context: CanvasRenderingContext2D, placed: Placed, scene: Scene): void {
  const { stage, channels, rows, columns } = placed
  const isInput = stage.name === INPUT
  const values = isInput ? scene.activity?.pixels : scene.activity?.values.get(stage.name)
  const most = isInput ? 255 : values ? mostOf(values) : 1
  if (stage.shape.length === 1) {
    paintUnits(context, placed, scene, values, most)
    return
  }
  const isColour = isInput && channels === 3
  for (let channel = 0; channel < channels; channel++) {
    const { x, y, width, height } = mapAt(placed, channel)
    const picture = rasterOf({
      values: planeOf(values, channel, isColour ? rows * columns : 0),
      rows: isColour ? rows : channels * rows,
      columns,
      most,
      colours: isColour ? lights[channel]! : isInput ? scene.inked : scene.signed,
    })
    context.drawImage(picture, 0, isColour ? 0 : channel * rows, columns, rows, x, y, width, height)
    context.strokeStyle = scene.palette.edge
    context.lineWidth = 1
    context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1)
  }
}

const planes = new WeakMap<object, Map<number, Uint8Array>>()

/** One plane of a picture in colour; everything where no size is given. */
function planeOf(values: ArrayLike<number> | undefined, channel: number, size: number): ArrayLike<number> {
  if (values === undefined) return NOTHING
  if (size === 0) return values
  const known = planes.get(values) ?? new Map<number, Uint8Array>()
  planes.set(values, known)
  const plane = known.get(channel) ?? (values as Uint8Array).slice(channel * size, (channel + 1) * size)
  known.set(channel, plane)
  return plane
}

/** Units of a vector stand apart, so that each can be seen and hit. */
function paintUnits(
  context: CanvasRenderingContext2D,
  placed: Placed,
  { signed }: Scene,
  values: ArrayLike<number> | undefined,
  most: number,
): void {
  for (let unit = 0; unit < sizeOf(placed.stage.shape); unit++) {
    const { x, y, width } = unitRect(placed, unit)
    const share = (values?.[unit] ?? 0) / most
    const pixel = signed[Math.round((Math.max(-1, Math.min(1, share)) + 1) * 256)]!
    context.fillStyle = `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`
    context.beginPath()
    context.roundRect(x + 1, y + 1, width - 2, width - 2, 2)
    context.fill()
  }
}

/** The smallest rectangle around what is seen of one map; undefined for nothing. */
function seenIn(mask: Uint8Array, channel: number, { rows, columns }: Placed): Rect | undefined {
  let [top, left, bottom, right] = [rows, columns, -1, -1]
  const start = channel * rows * columns
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      if (mask[start + i * columns + j] === 1) {
        top = Math.min(top, i)
        bottom = Math.max(bottom, i)
        left = Math.min(left, j)
        right = Math.max(right, j)
      }
  return bottom < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

function seenRects(placed: Placed, mask: Uint8Array | undefined): (Rect | undefined)[] {
  return Array.from({ length: placed.channels }, (_, channel) => {
    const seen = mask && seenIn(mask, channel, placed)
    if (seen === undefined) return undefined
    const map = mapAt(placed, channel)
    const { cell } = placed
    return {
      x: map.x + seen.x * cell,
      y: map.y + seen.y * cell,
      width: seen.width * cell,
      height: seen.height * cell,
    }
  })
}

/** What is not seen fades; what is seen has a frame. */
function paintField(context: CanvasRenderingContext2D, placed: Placed, { field, palette }: Seen): void {
  const rects = seenRects(placed, field.get(placed.stage.name))
  const [r, g, b] = palette.ground
  for (const [channel, rect] of rects.entries()) {
    const map = mapAt(placed, channel)
    context.beginPath()
    context.rect(map.x, map.y, map.width, map.height)
    if (rect) context.rect(rect.x, rect.y, rect.width, rect.height)
    context.fillStyle = `rgb(${r} ${g} ${b} / 0.72)`
    context.fill('evenodd')
    if (rect) frame(context, rect, palette.accent, 1.5)
  }
}

function frame(context: CanvasRenderingContext2D, { x, y, width, height }: Rect, colour: string, line: number): void {
  context.strokeStyle = colour
  context.lineWidth = line
  context.strokeRect(x - line / 2, y - line / 2, width + line, height + line)
}

/** From the edges of what is seen in the stage before to the unit. */
function paintRays(context: CanvasRenderingContext2D, { layout, selected, field, palette }: Seen, at: number): void {
  const [before, own] = [layout.placed[at - 1], layout.placed[at]!]
  if (before === undefined || layout.isNarrow) return
  const end = unitRect(own, selected.unit)
  const rects = seenRects(before, field.get(before.stage.name)).filter((rect) => rect !== undefined)
  context.strokeStyle = palette.accent
  context.lineWidth = 1
  context.globalAlpha = Math.max(0.18, Math.min(0.55, 2 / rects.length))
  context.beginPath()
  for (const rect of rects) {
    context.moveTo(rect.x + rect.width, rect.y)
    context.lineTo(end.x, end.y)
    context.moveTo(rect.x + rect.width, rect.y + rect.height)
    context.lineTo(end.x, end.y + end.height)
  }
  context.stroke()
  context.globalAlpha = 1
}

/** How many of a class's terms are drawn. */
const STRONGEST = 12

/** From the units that say most about a class to where it stands, as broad as they say it. */
function paintTerms(context: CanvasRenderingContext2D, { layout, palette, output }: Seen): void {
  const last = layout.placed.at(-1)
  if (last === undefined || output === undefined || layout.isNarrow) return
  const strongest = [...output.terms].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).slice(0, STRONGEST)
  const most = Math.abs(strongest[0]?.[1] ?? 0)
  if (most === 0) return
  for (const [unit, term] of strongest) {
    const { x, y, width, height } = unitRect(last, unit)
    context.strokeStyle = term < 0 ? palette.second : css(palette.positive)
    context.lineWidth = Math.max(0.75, (5 * Math.abs(term)) / most)
    context.globalAlpha = 0.2 + (0.6 * Math.abs(term)) / most
    context.beginPath()
    context.moveTo(x + width, y + height / 2)
    context.lineTo(layout.width, output.y)
    context.stroke()
  }
  context.globalAlpha = 1
}
