// A shipped model at work: its own code answers. Nothing that plans, compiles or trains is needed beside it.

import { sizeOf } from '../engine/program.ts'
import { FormatError, shown, UsageError } from '../errors.ts'
import { readClasses, readPreparation } from '../files/facts.ts'
import { fieldsOf, oneOf, parseJson, type Refuse } from '../formats/json-fields.ts'
import { isWasm, startsByItself } from '../formats/wasm.ts'
import type { Reading } from '../layers/layer.ts'
import type { Preparation } from '../pictures/images.ts'
import { type Image, prepareImage } from '../pictures/prepare-image.ts'
import { checkPixels, type Prediction, predictionOf } from '../predict/scores.ts'
import { sumOf } from './seal.ts'

/** The custom section that says what a module's numbers mean. */
export const SECTION = 'lenet'

export interface ShippedFacts {
  readonly format: 1
  /** [channels, rows, columns] of one image. */
  readonly input: readonly number[]
  readonly classes: readonly string[]
  readonly preparation: Preparation
  readonly reading: Reading
  /** The last field: CRC-32 of the whole file with eight zeros in this place, as hexadecimal digits. */
  readonly crc32?: string
}

export interface ShippedModel extends Pick<ShippedFacts, 'input' | 'classes' | 'preparation'> {
  /**
   * The class of one image: a picture of any size, or bytes of the input's shape.
   * @throws ShapeError where the bytes are not those of one image, UsageError for floats.
   */
  predict(image: Image): Prediction
}

interface Exports {
  readonly memory: WebAssembly.Memory
  readonly input: WebAssembly.Global<'i32'>
  readonly output: WebAssembly.Global<'i32'>
  predict(): void
}

/**
 * A model from the bytes of a file that `writeWasm` made. Such a file is code: it reaches nothing outside itself, but its
 * `predict` may take for ever.
 * @throws FormatError where they are damaged or another module.
 */
export async function readWasm(bytes: Uint8Array | ArrayBuffer, file = 'model.wasm'): Promise<ShippedModel> {
  const all = new Uint8Array(bytes)
  if (!isWasm(all)) throw new FormatError(file, `is no module of WebAssembly (${all.length} bytes)`, { offset: 0 })
  const module = await WebAssembly.compile(all).catch((error: Error) => {
    throw new FormatError(file, `is cut short, damaged, or wants more than this platform has (${error.message})`)
  })
  if (startsByItself(all)) throw new FormatError(file, 'runs code as soon as it is opened, which no model does')
  const { input, classes, preparation, reading, crc32: sum } = factsOf(module, file)
  if (sum !== undefined && sum !== sumOf(all))
    throw new FormatError(file, `was changed after it was written: its checksum is ${sumOf(all)}, not ${sum}`)
  const { pixels, scores, predict } = await start(module, input, classes.length).catch((error: Error) => {
    throw new FormatError(file, `does not fit what it says about itself (${error.message})`)
  })
  const answer = (given: Uint8Array): Float32Array => {
    try {
      pixels.set(given)
      predict()
      return scores.slice()
    } catch (error) {
      throw new FormatError(file, `its code does not answer, but stops (${(error as Error).message})`)
    }
  }
  return {
    input,
    classes,
    preparation,
    predict: (image) => {
      const given = prepareImage(image, input, preparation)
      checkPixels(given, input)
      if (!(given instanceof Uint8Array)) throw new UsageError(`${file}: it takes bytes from 0 to 255, not floats`)
      return predictionOf(answer(given), classes, reading)
    },
  }
}

async function start(module: WebAssembly.Module, input: readonly number[], classes: number) {
  const exports = (await WebAssembly.instantiate(module, {})).exports as unknown as Exports
  if (typeof exports.predict !== 'function') throw new TypeError("there is no function 'predict'")
  const { buffer } = exports.memory
  const pixels = new Uint8Array(buffer, exports.input.value, sizeOf(input))
  return { pixels, scores: new Float32Array(buffer, exports.output.value, classes), predict: exports.predict }
}

function factsOf(module: WebAssembly.Module, file: string): ShippedFacts {
  const [section] = WebAssembly.Module.customSections(module, SECTION)
  if (section === undefined) throw new FormatError(file, `is WebAssembly, but no model: it has no section '${SECTION}'`)
  const refuse: Refuse = (problem) =>
    new FormatError(file, `section '${SECTION}' is damaged, or of a later version: ${problem}`)
  const json = parseJson(new TextDecoder().decode(section), 'it', refuse)
  const { format, input, reading, classes, preparation, crc32: sum } = fieldsOf(json, 'it', fields, refuse)
  if (format !== 1) throw refuse(`format is ${shown(format)}; 1 is read`)
  if (!isShape(input)) throw refuse(`input is ${shown(input)}; a shape such as [1,28,28] is wanted`)
  return {
    format,
    input,
    classes: readClasses(classes, undefined, refuse),
    preparation: readPreparation(preparation, refuse),
    reading: readReading(reading, refuse),
    ...(sum !== undefined && { crc32: `${sum}` }),
  }
}

const fields = ['format', 'input', 'classes', 'preparation', 'reading', 'crc32'] as const

function readReading(json: unknown, refuse: Refuse): Reading {
  const { best, probability } = fieldsOf(json, 'reading', ['best', 'probability'], refuse)
  return {
    best: oneOf(best, 'best', ['largest', 'smallest'], refuse),
    probability: oneOf(probability, 'probability', ['softmax', 'softmax of negatives', 'itself'], refuse),
  }
}

const isShape = (shape: unknown): shape is readonly number[] =>
  Array.isArray(shape) && shape.length > 0 && shape.every((extent) => Number.isInteger(extent) && extent > 0)
