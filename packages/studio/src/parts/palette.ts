// The colours of pictures, read from the style sheet: nothing is drawn in a colour that is not there.
import { computed } from '@preact/signals'
import { theme } from '../state/settings.ts'

type Rgb = readonly [number, number, number]

export interface Palette {
  readonly ground: Rgb
  readonly ink: Rgb
  readonly zero: Rgb
  readonly positive: Rgb
  readonly negative: Rgb
  readonly accent: string
  readonly line: string
  /** Around a map, so that an empty one is seen. */
  readonly edge: string
  readonly muted: string
  readonly text: string
  readonly second: string
  /** A canvas knows no variables in its font. */
  readonly mono: string
}

export const palette = computed<Palette>(() => {
  const probe = document.createElement('i')
  probe.dataset.theme = theme.value
  probe.hidden = true
  document.body.append(probe)
  const style = getComputedStyle(probe)
  const text = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const rgb = (name: string): Rgb => {
    // The build shortens #ffffff to #fff.
    const digits = text(name).slice(1)
    const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits
    const value = Number.parseInt(long, 16)
    return [value >> 16, (value >> 8) & 255, value & 255]
  }
  const found: Palette = {
    ground: rgb('ground'),
    ink: rgb('ink'),
    zero: rgb('zero'),
    positive: rgb('positive'),
    negative: rgb('negative'),
    accent: text('accent'),
    line: text('line-strong'),
    edge: text('edge'),
    muted: text('muted'),
    text: text('ink'),
    second: text('negative'),
    mono: text('mono'),
  }
  probe.remove()
  return found
})

const mix = (from: Rgb, to: Rgb, share: number): Rgb =>
  [0, 1, 2].map((at) => Math.round(from[at]! + (to[at]! - from[at]!) * share)) as unknown as Rgb

const LEVELS = 256

/** Colours for −1 … 1 as 32-bit pixels, the middle being zero. */
export const signed = computed<Uint32Array>(() => {
  const { zero, positive, negative } = palette.value
  return ramp((share) => (share < 0 ? mix(zero, negative, curve(-share)) : mix(zero, positive, curve(share))))
})

/** Colours for ink: −1 … 0 is paper. */
export const inked = computed<Uint32Array>(() => {
  const { zero, ink } = palette.value
  return ramp((share) => mix(zero, ink, Math.max(0, share)))
})

/** Red, green and blue light, from none to full: a plane of a picture in colour. */
export const lights = [0, 1, 2].map((channel) =>
  ramp((share) => [0, 1, 2].map((at) => (at === channel ? Math.round(255 * Math.max(0, share)) : 0)) as unknown as Rgb),
)

/** Small values are seen, too. */
const curve = (share: number): number => share ** 0.8

function ramp(colour: (share: number) => Rgb): Uint32Array {
  return Uint32Array.from({ length: 2 * LEVELS + 1 }, (_, at) => {
    const [r, g, b] = colour((at - LEVELS) / LEVELS)
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0
  })
}

/** The pixel of a value from −1 to 1. */
export const pixelOf = (colours: Uint32Array, share: number): number =>
  colours[Math.round((Math.max(-1, Math.min(1, share)) + 1) * LEVELS)]!

export const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`
