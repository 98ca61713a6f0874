// Whatever is dropped on the window goes where its content belongs: a model is opened, a picture goes on the pad, a folder of
// pictures becomes data of one's own.
import { signal } from '@preact/signals'
import { showPhoto } from '../views/draw/drawing.ts'
import { type FileInFolder, filesIn } from './dropped.ts'
import { fileKind } from './file-kind.ts'
import { problem } from './looking.ts'
import { openFiles } from './opening.ts'
import { takeFolder } from './own-classes.ts'
import { view } from './route.ts'
import { texts } from './settings.ts'

/** What the pointer holds over the window, as far as a browser says before it is let go. */
export type Held = 'picture' | 'file'
export const held = signal<Held | undefined>(undefined)

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true

export function watchDrops(): void {
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    const [item, ...more] = event.dataTransfer!.items
    held.value = more.length === 0 && item?.type.startsWith('image/') ? 'picture' : 'file'
  })
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) held.value = undefined
  })
  addEventListener('drop', (event) => {
    held.value = undefined
    if (!hasFiles(event)) return
    event.preventDefault()
    void filesIn(event.dataTransfer!).then(take)
  })
}

/** Opens what was dropped or chosen. */
export async function take(files: readonly FileInFolder[]): Promise<void> {
  problem.value = undefined
  const kinds = await Promise.all(files.map(({ file }) => fileKind(file)))
  const pictures = files.filter((_, at) => kinds[at] === 'picture')
  const [first] = files
  if (kinds.includes('model')) await openFiles(files.map(({ file }) => file))
  else if (files.length === 1 && pictures.length === 1 && first!.folder === '') await takePicture(first!.file)
  else if (pictures.some(({ folder }) => folder !== '')) await takePictures(files)
  else if (pictures.length > 0) problem.value = texts.value.drops.loose(pictures.length)
  // The library says what a single file is instead.
  else if (files.length === 1) await openFiles([first!.file])
  else problem.value = texts.value.drops.nothing(files.length)
}

/** On the pad of the view that is open, or of the first one. */
export async function takePicture(file: File): Promise<void> {
  try {
    await showPhoto(file)
    if (view.value !== 'own') view.value = 'draw'
  } catch {
    problem.value = texts.value.drops.noPicture(file.name)
  }
}

async function takePictures(files: readonly FileInFolder[]): Promise<void> {
  view.value = 'own'
  await takeFolder(files)
}
