// The checksum of ZIP and PNG: CRC-32 with the reflected polynomial 0xedb88320 (ISO 3309).

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let n = 0; n < bytes.length; n++) crc = table[(crc ^ bytes[n]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}
