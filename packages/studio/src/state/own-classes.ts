// Classes of one's own as they are edited: drawings, pictures from files, and the way back from what removes them.
import { batch, effect, signal } from '@preact/signals'
import { digitSteps, type Picture, type Preparation, prepareImage } from 'lenet'
import { OWN, type OwnClass, ownSet, shapeOf, withImage } from '../data/own-set.ts'
import { forgetPictures } from '../parts/thumb.tsx'
import { own } from './data.ts'
import type { FileInFolder } from './dropped.ts'
import { problem } from './looking.ts'
import { change } from './runs.ts'
import { texts } from './settings.ts'
import { tell } from './toast.ts'

export const kind = signal<Preparation>('digit')
export const classes = signal<readonly OwnClass[]>([])
/** Whether every fifth image is held back. */
export const holdsBack = signal(true)
/** Files of the last folder that were no pictures. */
export const skipped = signal(0)

export const addClass = (name: string): void => {
  classes.value = [...classes.value, { name, images: [] }]
}

export function removeClass(at: number): void {
  const { name, images } = classes.value[at]!
  const back = wayBack()
  classes.value = classes.value.filter((_, index) => index !== at)
  if (images.length > 0) tell({ text: texts.value.own.removed(name), undo: back })
}

/** Puts everything as it is now. */
function wayBack(): () => void {
  const before = { kind: kind.value, classes: classes.value }
  return () =>
    batch(() => {
      kind.value = before.kind
      classes.value = before.classes
    })
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
  edit(at, (one) => withImage(one, image))
}

const asImage = (picture: Picture, preparation: Preparation): Uint8Array =>
  preparation === 'digit'
    ? digitSteps(picture).pixels
    : (prepareImage(picture, shapeOf(preparation), 'picture') as Uint8Array)

/** Takes the place of what there was: a folder is a data set. */
export async function takeFolder(files: readonly FileInFolder[]): Promise<void> {
  const found = new Map<string, OwnClass>()
  let others = 0
  for (const { file, folder: name } of files) {
    const picture = await decode(file).catch(() => undefined)
    if (picture === undefined) others++
    else found.set(name, withImage(found.get(name) ?? { name, images: [] }, asImage(picture, 'picture')))
  }
  if (found.size === 0) {
    problem.value = texts.value.drops.nothing(files.length)
    return
  }
  const back = wayBack()
  const before = classes.value.reduce((sum, { images }) => sum + images.length, 0)
  batch(() => {
    skipped.value = others
    kind.value = 'picture'
    classes.value = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  })
  if (before > 0) tell({ text: texts.value.own.replaced(before), undo: back })
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
  forgetPictures(OWN)
  own.value = ownSet(classes.value, kind.value, holdsBack.value)
})
