// Classes of one's own: drawings and pictures by name, and the data set that they make.
import { effect, signal } from '@preact/signals'
import { digitSteps, type Picture, type Preparation, prepareImage } from 'lenet'
import { forgetPictures } from '../parts/thumb.tsx'
import { OWN, own } from './data.ts'
import type { FileInFolder } from './opening.ts'
import { change } from './runs.ts'

export interface OwnClass {
  readonly name: string
  readonly images: readonly Uint8Array[]
}

/** Drawings are prepared as digits are, pictures from files in colour. */
export const kind = signal<Preparation>('digit')
export const classes = signal<readonly OwnClass[]>([])

export const shapeOf = (preparation: Preparation): readonly [number, number, number] =>
  preparation === 'digit' ? [1, 28, 28] : [3, 32, 32]

export const addClass = (name: string): void => {
  classes.value = [...classes.value, { name, images: [] }]
}

export const removeClass = (at: number): void => {
  classes.value = classes.value.filter((_, index) => index !== at)
}

const edit = (at: number, part: (one: OwnClass) => Partial<OwnClass>): void => {
  classes.value = classes.value.map((one, index) => (index === at ? { ...one, ...part(one) } : one))
}

export const renameClass = (at: number, name: string): void => edit(at, () => ({ name }))

export const removeImage = (at: number, image: number): void =>
  edit(at, ({ images }) => ({ images: images.filter((_, index) => index !== image) }))

/** @throws UsageError for a picture with nothing on it. */
export function addPicture(at: number, picture: Picture): void {
  const image = asImage(picture, kind.value)
  edit(at, ({ images }) => ({ images: [...images, image] }))
}

const asImage = (picture: Picture, preparation: Preparation): Uint8Array =>
  preparation === 'digit'
    ? digitSteps(picture).pixels
    : (prepareImage(picture, shapeOf(preparation), 'picture') as Uint8Array)

/** Takes the place of what there was: a folder is a data set. Gives how many files were no pictures. */
export async function takeFolder(files: readonly FileInFolder[]): Promise<number> {
  const found = new Map<string, Uint8Array[]>()
  let skipped = 0
  for (const { file, folder } of files) {
    const picture = await decode(file).catch(() => undefined)
    if (picture === undefined) skipped++
    else found.set(folder, [...(found.get(folder) ?? []), asImage(picture, 'picture')])
  }
  kind.value = 'picture'
  classes.value = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, images]) => ({ name, images }))
  return skipped
}

const LARGEST = 256

async function decode(file: File): Promise<Picture> {
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, LARGEST / Math.max(bitmap.width, bitmap.height))
  const [width, height] = [
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  ]
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(bitmap, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  return { width, height, channels: 4, pixels: new Uint8Array(data.buffer) }
}

/** Some hundred steps, whatever the number of images. */
const STEPS = 320
const BATCH = 16

/** The set-up that suits a few images. */
export function setUpForOwn(): void {
  const images = own.value?.train.labels.length ?? 0
  const epochs = Math.min(120, Math.max(5, Math.ceil((STEPS * BATCH) / Math.max(BATCH, images))))
  change({ data: OWN, images, batch: BATCH, epochs, augment: true })
}

effect(() => {
  const filled = classes.value.filter(({ images }) => images.length > 0)
  forgetPictures(OWN)
  if (filled.length < 2) {
    own.value = undefined
    return
  }
  const all = filled.flatMap(({ images }, label) => images.map((pixels) => ({ pixels, label })))
  const shape = shapeOf(kind.value)
  const size = shape[0] * shape[1] * shape[2]
  const pixels = new Uint8Array(all.length * size)
  for (const [at, image] of all.entries()) pixels.set(image.pixels, at * size)
  own.value = {
    train: {
      name: OWN,
      shape,
      pixels,
      labels: Uint8Array.from(all, ({ label }) => label),
      classes: filled.map(({ name }) => name),
      preparation: kind.value,
    },
  }
})
