// Test images, fetched when they are shown.
import { signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { sourceOf } from '../state/data.ts'
import { seer } from '../state/looking.ts'
import { Canvas } from './canvas.tsx'
import { inked } from './palette.ts'
import { rasterOf } from './raster.ts'

export interface Picture {
  readonly shape: readonly [number, number, number]
  readonly pixels: Uint8Array
}

const pictures = signal<ReadonlyMap<string, Picture>>(new Map())
const asked = new Set<string>()

export const pictureOf = (data: string, index: number): Picture | undefined => pictures.value.get(`${data} ${index}`)

/** Asks for those that are not here yet. */
export async function fetchPictures(data: string, indices: readonly number[]): Promise<void> {
  const missing = indices.filter((index) => !asked.has(`${data} ${index}`))
  const source = sourceOf(data)
  if (missing.length === 0 || source === undefined) return
  for (const index of missing) asked.add(`${data} ${index}`)
  const { shape, pixels } = await seer.ask('images', source, missing)
  const fresh = missing.map((index, at) => [`${data} ${index}`, { shape, pixels: pixels[at]! }] as const)
  pictures.value = new Map([...pictures.value, ...fresh])
}

/** Images of one's own change under the same number. */
export function forgetPictures(data: string): void {
  for (const key of asked) if (key.startsWith(`${data} `)) asked.delete(key)
  pictures.value = new Map([...pictures.peek()].filter(([key]) => !key.startsWith(`${data} `)))
}

/** The same element while the picture is the same: a list is drawn again with every measurement. */
export const Thumb = ({ picture, side }: { readonly picture: Picture | undefined; readonly side: number }) =>
  useMemo(() => thumbOf(picture, side), [picture, side])

function thumbOf(picture: Picture | undefined, side: number) {
  return (
    <Canvas
      wide={side}
      high={side}
      draw={(context) => {
        if (picture === undefined) return
        const [channels, rows, columns] = picture.shape
        context.drawImage(
          channels === 3
            ? coloured(picture)
            : rasterOf({ values: picture.pixels, rows, columns, most: 255, colours: inked.value }),
          0,
          0,
          side,
          side,
        )
      }}
    />
  )
}

/** A picture in its own colours. */
export function coloured({ shape: [, rows, columns], pixels }: Picture): HTMLCanvasElement {
  const area = rows * columns
  const data = new Uint8ClampedArray(4 * area)
  for (let at = 0; at < area; at++) {
    for (let channel = 0; channel < 3; channel++) data[4 * at + channel] = pixels[channel * area + at]!
    data[4 * at + 3] = 255
  }
  const canvas = document.createElement('canvas')
  canvas.width = columns
  canvas.height = rows
  canvas.getContext('2d')!.putImageData(new ImageData(data, columns, rows), 0, 0)
  return canvas
}
