// Opens model files that were dropped or chosen: a file of any known format, or a run folder.
import { signal } from '@preact/signals'
import { type Companion, modelEndings } from 'lenet'
import type { Opened } from '../engine/seer.ts'
import { problem, seer, showModel } from './looking.ts'
import { leaveRuns } from './runs.ts'

/** What was found out about the file that was opened last. */
export const opened = signal<(Opened & { readonly file: string }) | undefined>(undefined)

const isModelFile = ({ name }: File): boolean => modelEndings.some((ending) => name.toLowerCase().endsWith(ending))

/** A run folder holds several; its model is the one that is called so. A single file is taken for what it is. */
function pick(files: readonly File[]): File | undefined {
  if (files.length === 1) return files[0]
  const models = files.filter(isModelFile)
  const named = (fits: (name: string) => boolean) => models.find(({ name }) => fits(name))
  return (
    named((name) => name === 'model.safetensors') ??
    named((name) => !name.startsWith('checkpoint')) ??
    models[0] ??
    files[0]
  )
}

export async function openFiles(files: readonly File[]): Promise<void> {
  const file = pick(files)
  if (file === undefined) return
  try {
    problem.value = undefined
    const bytes = new Uint8Array(await file.arrayBuffer())
    const stem = file.name.replace(/\.[^.]+$/, '')
    const beside = files.find(({ name }) => name === `${stem}.json`)
    const companion = beside && (JSON.parse(await beside.text()) as Companion)
    const found = await seer.ask('open', bytes, file.name, companion)
    leaveRuns()
    void showModel(file.name, found.model)
    opened.value = { ...found, file: file.name }
  } catch (error) {
    problem.value = (error as Error).message
  }
}

/** Every file of what was dropped, folders included, with the name of the folder that it lies in. */
export async function filesIn(transfer: DataTransfer): Promise<readonly FileInFolder[]> {
  // Both are asked for at once: after a turn of the event loop the items are empty.
  const items = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const found = items.map(({ entry, file }) => (entry ? walk(entry, '') : file ? [{ file, folder: '' }] : []))
  return (await Promise.all(found)).flat()
}

export interface FileInFolder {
  readonly file: File
  readonly folder: string
}

async function walk(entry: FileSystemEntry, folder: string): Promise<FileInFolder[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ file, folder }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) break
    all.push(...some)
  }
  return (await Promise.all(all.map((one) => walk(one, entry.name)))).flat()
}
