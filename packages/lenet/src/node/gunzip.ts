// Files that may be packed with gzip.

import { access } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip as gunzipCallback } from 'node:zlib'
import { FormatError } from '../errors.ts'
import { formats } from '../formats/sniff.ts'
import { readFileOrExplain } from './files.ts'

const unpack = promisify(gunzipCallback)

/** No data set here is larger unpacked; what claims to be is damaged or malicious. */
const LARGEST = 1 << 30
/** Node's own pieces of 16 KB would double the time. */
const PIECE = 1 << 20

/** Unpacks gzip. Throws a FormatError naming `file`. */
export async function gunzip(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  try {
    const { buffer, byteOffset, length } = await unpack(bytes, { maxOutputLength: LARGEST, chunkSize: PIECE })
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, length)
  } catch (error) {
    const problem = `cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`
    throw new FormatError(file, problem, { hint: 'the file is cut off or no gzip file; download it again' })
  }
}

/** Reads a file, unpacked if its bytes are those of gzip. */
export async function readMaybeGzip(path: string): Promise<Uint8Array> {
  const bytes = await readFileOrExplain(path)
  return formats.gzip.begins(bytes) ? gunzip(bytes, path) : bytes
}

/** `path` or `path.gz`, whichever exists; plain first, since it is read faster. */
export async function plainOrGzip(path: string): Promise<string | undefined> {
  for (const candidate of [path, `${path}.gz`]) {
    if (await exists(candidate)) return candidate
  }
  return undefined
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
