// Opens model files that were dropped or chosen: a file of any known format, or a run folder.
import { signal } from '@preact/signals'
import { type Companion, modelEndings } from 'lenet'
import type { Opened } from '../engine/seer.ts'
import { problem, seer, showModel } from './looking.ts'
import { leaveRuns } from './runs.ts'
import { texts } from './settings.ts'

/** What was found out about the file that was opened last. */
export const opened = signal<(Opened & { readonly file: string }) | undefined>(undefined)

const isModelFile = ({ name }: File): boolean => modelEndings.some((ending) => name.toLowerCase().endsWith(ending))

/** A run folder holds several; its model is the one that is called so. */
function pick(files: readonly File[]): File | undefined {
  const models = files.filter((file) => isModelFile(file) && !file.name.startsWith('checkpoint'))
  return models.find(({ name }) => name === 'model.safetensors') ?? models[0]
}

export async function openFiles(files: readonly File[]): Promise<void> {
  const file = pick(files)
  if (file === undefined) {
    problem.value = texts.value.model.noModel
    return
  }
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
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  return (await Promise.all(entries.map((entry) => walk(entry, '')))).flat()
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
