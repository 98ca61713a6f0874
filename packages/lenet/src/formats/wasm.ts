// Modules of WebAssembly (Core Specification 2.0, section 5.5.16): what is read here is their beginning alone.

/** Magic, then version 1. */
const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

/** Whether the first eight bytes are those of a module: a shipped model, perhaps. */
export const isWasm = (bytes: Uint8Array): boolean => HEAD.every((byte, at) => bytes[at] === byte)
