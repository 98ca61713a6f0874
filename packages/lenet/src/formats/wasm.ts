// Modules of WebAssembly (Core Specification 2.0, section 5.5.16): what is read here is their beginning alone.

/** Whether these bytes begin as a module does: a shipped model, perhaps. */
export const isWasm = (bytes: Uint8Array): boolean => [0x00, 0x61, 0x73, 0x6d].every((byte, at) => bytes[at] === byte)
