// The checksum of a shipped module: its JSON, and with it the file, ends in `"crc32":"01234567"}`.
import { crc32 } from '../formats/crc32.ts'

/** Bytes behind the digits, and of them. */
const [DIGITS_END, DIGITS] = [2, 8]

/** The sum that a file of these bytes should hold. */
export function sumOf(bytes: Uint8Array): string {
  const end = bytes.length - DIGITS_END
  const blank = bytes.slice().fill(0x30, end - DIGITS, end)
  return crc32(blank).toString(16).padStart(DIGITS, '0')
}

/** Puts the sum into its place. */
export function seal<T extends Uint8Array>(bytes: T): T {
  bytes.set(new TextEncoder().encode(sumOf(bytes)), bytes.length - DIGITS_END - DIGITS)
  return bytes
}
