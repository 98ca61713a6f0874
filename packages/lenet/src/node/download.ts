// Fetching one file from the web: resumed where it broke off, ended where it goes on beyond the known size, and believed
// only when its SHA-256 is the known one.

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FormatError } from '../errors.ts'
import { readFileOrExplain } from './files.ts'

export interface DownloadOptions {
  /** Bytes so far, and in all where the server says so. */
  readonly onProgress?: (done: number, total: number | undefined) => void
  readonly signal?: AbortSignal
  /** Only the bytes from `start` up to before `end`. */
  readonly range?: readonly [start: number, end: number]
}

const ATTEMPTS = 3
const SILENCE_SECONDS = 30

/** A file's fetched form turned into what is wanted, and the SHA-256 that this must have. */
export interface Expectation {
  readonly sha256: string
  /** Bytes that the fetched form has at most. */
  readonly most: number
  readonly decode: (bytes: Uint8Array) => Promise<Uint8Array>
}

/**
 * Fetches `url` by way of the file `partial`, which is kept when the connection breaks and continued the next time.
 * Returns the decoded bytes. Throws a FormatError naming the address when it cannot be fetched or has other contents.
 */
export async function downloadVerified(
  url: string,
  partial: string,
  { sha256, most, decode }: Expectation,
  options: DownloadOptions = {},
): Promise<Uint8Array> {
  let found = ''
  // A wrong sum may come from a stale or shared partial file: the second try has a file of its own and starts at zero.
  for (const path of [partial, `${partial}.${randomUUID()}`]) {
    const bytes = await download(url, path, { ...options, most })
    await rm(path, { force: true })
    const decoded = await decode(bytes).catch(() => undefined)
    found = decoded === undefined ? 'something that cannot be unpacked' : sha256Of(decoded)
    if (found === sha256) return decoded!
  }
  throw new FormatError(url, `gave ${found}; SHA-256 ${sha256} is right`, {
    hint: 'a proxy or a captive portal may have answered instead of the server',
  })
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Bounded extends DownloadOptions {
  readonly most: number
}

async function download(url: string, partial: string, options: Bounded): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(dirname(partial), { recursive: true })
      await fetchInto(url, partial, options)
      return await readFileOrExplain(partial)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (attempt < ATTEMPTS && isPassing(error)) continue
      throw new FormatError(url, `cannot be downloaded: ${reason(error)}`)
    }
  }
}

async function fetchInto(url: string, partial: string, options: Bounded): Promise<void> {
  const [start, end] = options.range ?? [0, undefined]
  const most = end === undefined ? options.most : end - start
  const have = await usable(partial, most)
  if (end !== undefined && have >= end - start) return
  const wantsRange = have > 0 || end !== undefined
  const headers = wantsRange ? { range: `bytes=${start + have}-${end === undefined ? '' : end - 1}` } : undefined
  const silence = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, silence.signal]) : silence.signal
  let timer = startTimer(silence)
  try {
    const response = await fetch(url, { signal, ...(headers && { headers }) })
    // The partial file is as long as the whole or longer; its sum will tell.
    if (response.status === 416 && end === undefined) return
    const done = await acceptResponse(response, partial, have, end !== undefined)
    const length = response.headers.get('content-length')
    const total = length === null ? undefined : done + Number(length)
    if (total !== undefined && total > most) throw await tooLong(partial, `announces ${total} bytes`, most)
    await using file = await open(partial, 'a')
    let written = done
    for await (const chunk of response.body!) {
      clearTimeout(timer)
      timer = startTimer(silence)
      written += chunk.length
      if (written > most) throw await tooLong(partial, `gives ${written} bytes and more`, most)
      await file.write(chunk)
      options.onProgress?.(written, total)
    }
  } catch (error) {
    // Ends what the server is still sending.
    silence.abort()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Bytes of the partial file; one that is longer than the whole is of something else. */
async function usable(partial: string, most: number): Promise<number> {
  const size = await stat(partial).then(
    (found) => found.size,
    () => 0,
  )
  if (size <= most) return size
  await rm(partial)
  return 0
}

async function tooLong(partial: string, problem: string, most: number): Promise<HttpError> {
  await rm(partial, { force: true })
  return new HttpError(`the server ${problem}; at most ${most} are right`)
}

/** Returns how many bytes of `partial` remain in use. */
async function acceptResponse(
  response: Response,
  partial: string,
  have: number,
  rangeNeeded: boolean,
): Promise<number> {
  if (response.status === 206) return have
  if (!response.ok) throw new HttpError(`the server answers ${response.status} ${response.statusText}`.trim())
  if (rangeNeeded) throw new HttpError('the server does not serve parts of a file')
  await writeFile(partial, '')
  return 0
}

function startTimer(silence: AbortController): NodeJS.Timeout {
  const timeout = new Error(`the server was silent for ${SILENCE_SECONDS} s`)
  return setTimeout(() => silence.abort(timeout), SILENCE_SECONDS * 1000)
}

class HttpError extends Error {}

// What the server says will not change by asking again, and a name that does not resolve means there is no network.
function isPassing(error: unknown): boolean {
  const code = (error as { cause?: { code?: string } }).cause?.code
  return !(error instanceof HttpError) && code !== 'ENOTFOUND' && code !== 'ECONNREFUSED' && code !== 'EAI_AGAIN'
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : error.message
}
