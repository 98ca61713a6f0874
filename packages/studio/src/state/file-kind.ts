// What a file is, told from its first bytes: pictures have signatures, and so have model files, but for ONNX.
import { modelEndings } from 'lenet'

export type FileKind = 'model' | 'picture' | 'other'

/** Bytes that are looked at. */
const START = 12

export async function fileKind(file: Blob & { readonly name: string }): Promise<FileKind> {
  const start = new Uint8Array(await file.slice(0, START).arrayBuffer())
  if (isPicture(start)) return 'picture'
  const name = file.name.toLowerCase()
  if (isModel(start) || modelEndings.some((ending) => name.endsWith(ending))) return 'model'
  return file.type.startsWith('image/') ? 'picture' : 'other'
}

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** PNG, JPEG, GIF, BMP, WebP, AVIF. */
function isPicture(start: Uint8Array): boolean {
  const said = text(start)
  if (['\x89PNG', '\xff\xd8\xff', 'GIF8', 'BM'].some((signature) => said.startsWith(signature))) return true
  return (said.startsWith('RIFF') && said.endsWith('WEBP')) || /^ftyp(avif|heic|mif1)$/.test(said.slice(4))
}

/** A module, a ZIP archive or pickle of PyTorch, and safetensors: a length of 64 bits before JSON. */
function isModel(start: Uint8Array): boolean {
  const said = text(start)
  const isPickle = start[0] === 0x80 && start[1]! >= 2 && start[1]! <= 5
  const isSafetensors = start[6] === 0 && start[7] === 0 && said[8] === '{'
  return said.startsWith('\0asm') || said.startsWith('PK\x03\x04') || isPickle || isSafetensors
}
