// The smallest PNG: 8 bits a value, no filter, and a zlib stream of stored blocks, so that no compressor is needed
// (PNG specification, sections 5 and 10; RFC 1950, RFC 1951 section 3.2.4). Figures embed it as a data URL.

/** Values a pixel: grey, RGB, RGBA. */
export type Depth = 1 | 3 | 4

const COLOUR_TYPE: Readonly<Record<Depth, number>> = { 1: 0, 3: 2, 4: 6 }
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** A stored block's length has 16 bits. */
const BLOCK = 65535

const big = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
const little = (value: number): number[] => [value & 255, value >>> 8]

/** CRC-32, bit by bit: these images are small. */
function crc32(bytes: readonly number[]): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc
}

function adler32(bytes: readonly number[]): number {
  let a = 1
  let b = 0
  for (const byte of bytes) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return b * 65536 + a
}

function chunk(type: string, data: readonly number[]): number[] {
  const body = [...[...type].map((letter) => letter.charCodeAt(0)), ...data]
  return big(data.length).concat(body, big(crc32(body)))
}

function stored(bytes: readonly number[]): number[] {
  const stream = [0x78, 0x01]
  for (let from = 0; from === 0 || from < bytes.length; from += BLOCK) {
    const block = bytes.slice(from, from + BLOCK)
    const last = from + BLOCK >= bytes.length ? 1 : 0
    stream.push(last, ...little(block.length), ...little(~block.length & 0xffff))
    for (const byte of block) stream.push(byte)
  }
  return stream.concat(big(adler32(bytes)))
}

/** A PNG file of height * width pixels of `depth` values each, row after row. */
export function png(
  values: Uint8Array,
  { height, width, depth }: { height: number; width: number; depth: Depth },
): Uint8Array {
  const rows: number[] = []
  for (let i = 0; i < height; i++) {
    rows.push(0)
    for (const value of values.subarray(i * width * depth, (i + 1) * width * depth)) rows.push(value)
  }
  const header = [...big(width), ...big(height), 8, COLOUR_TYPE[depth], 0, 0, 0]
  return Uint8Array.from(
    [...SIGNATURE, ...chunk('IHDR', header)].concat(chunk('IDAT', stored(rows)), chunk('IEND', [])),
  )
}

/** The same as a data URL for an image element. */
export function pngUrl(values: Uint8Array, size: { height: number; width: number; depth: Depth }): string {
  let binary = ''
  for (const byte of png(values, size)) binary += String.fromCharCode(byte)
  return `data:image/png;base64,${btoa(binary)}`
}
