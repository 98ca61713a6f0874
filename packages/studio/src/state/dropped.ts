// Every file of what was dropped, folders included, with the name of the folder that it lies in.

export interface FileInFolder {
  readonly file: File
  readonly folder: string
}

export async function filesIn(transfer: DataTransfer): Promise<readonly FileInFolder[]> {
  // Both are asked for at once: after a turn of the event loop the items are empty.
  const items = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const found = items.map(({ entry, file }) => (entry ? walk(entry, '') : file ? [{ file, folder: '' }] : []))
  return (await Promise.all(found)).flat()
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
