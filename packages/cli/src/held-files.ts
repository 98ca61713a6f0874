// Which pictures of a folder were held back, as a run records it: their names, for what is drawn depends on the order of all
// pictures, and on how many each class has.
import { createHash } from 'node:crypto'
import { relative, sep } from 'node:path'
import type { Dataset } from 'lenet'

/** Sixteen hexadecimal digits; nothing for what comes from no files. */
export const heldFiles = (folder: string, { files }: Dataset): string | undefined =>
  files &&
  createHash('sha256')
    .update(files.map((file) => relative(folder, file).replaceAll(sep, '/')).join('\n'))
    .digest('hex')
    .slice(0, 16)
