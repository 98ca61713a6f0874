// Modules of WebAssembly (Core Specification 2.0, section 5.5): which sections they have.

/** Magic, then version 1. */
const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

/** Whether the first eight bytes are those of a module: a shipped model, perhaps. */
export const isWasm = (bytes: Uint8Array): boolean => HEAD.every((byte, at) => bytes[at] === byte)

/** Of the section that names a function to run as soon as the module is instantiated. */
const START = 8

/** Whether a valid module runs code of its own when it is opened. */
export function startsByItself(bytes: Uint8Array): boolean {
  for (let place = HEAD.length; place < bytes.length; ) {
    if (bytes[place++] === START) return true
    let size = 0
    let byte = 0x80
    for (let unit = 1; byte >= 0x80; unit *= 128) {
      byte = bytes[place++]!
      size += (byte & 0x7f) * unit
    }
    place += size
  }
  return false
}
