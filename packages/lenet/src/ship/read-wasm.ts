// A shipped model at work: its own code answers. Nothing that plans, compiles or trains is needed beside it.
import type { Preparation } from '../data/dataset.ts'
import { type Image, prepareImage } from '../data/prepare-image.ts'
import { FormatError, UsageError } from '../errors.ts'
import { isWasm, startsByItself } from '../formats/wasm.ts'
import type { Reading } from '../layers/layer.ts'
import { checkPixels, type Prediction, predictionOf } from '../train/scores.ts'

/** The custom section that says what a module's numbers mean. */
export const SECTION = 'lenet'

export interface ShippedFacts {
  readonly format: 1
  /** [channels, rows, columns] of one image. */
  readonly input: readonly number[]
  readonly classes: readonly string[]
  readonly preparation: Preparation
  readonly reading: Reading
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
  const { input, classes, preparation, reading } = factsOf(module, file)
  const { pixels, scores, predict } = await start(module, input, classes.length).catch((error: Error) => {
    throw new FormatError(file, `does not fit what it says about itself (${error.message})`)
  })
  return {
    input,
    classes,
    preparation,
    predict: (image) => {
      const given = prepareImage(image, input, preparation)
      checkPixels(given, input)
      if (!(given instanceof Uint8Array)) throw new UsageError(`${file}: it takes bytes from 0 to 255, not floats`)
      pixels.set(given)
      predict()
      return predictionOf(scores.slice(), classes, reading)
    },
  }
}

async function start(module: WebAssembly.Module, input: readonly number[], classes: number) {
  const exports = (await WebAssembly.instantiate(module, {})).exports as unknown as Exports
  if (typeof exports.predict !== 'function') throw new TypeError("there is no function 'predict'")
  const { buffer } = exports.memory
  const pixels = new Uint8Array(
    buffer,
    exports.input.value,
    input.reduce((size, extent) => size * extent, 1),
  )
  return { pixels, scores: new Float32Array(buffer, exports.output.value, classes), predict: exports.predict }
}

function factsOf(module: WebAssembly.Module, file: string): ShippedFacts {
  const [section] = WebAssembly.Module.customSections(module, SECTION)
  if (section === undefined) throw new FormatError(file, `is WebAssembly, but no model: it has no section '${SECTION}'`)
  try {
    const facts = JSON.parse(new TextDecoder().decode(section)) as ShippedFacts
    if (facts.format === 1 && areExtents(facts.input) && areClasses(facts.classes) && isKnown(facts)) return facts
  } catch {
    // Falls through to the one message.
  }
  throw new FormatError(file, `its section '${SECTION}' is damaged, or of a later version`)
}

const areClasses = (classes: readonly unknown[]): boolean =>
  Array.isArray(classes) && classes.length > 0 && classes.every((name) => typeof name === 'string')

const isKnown = ({ preparation, reading: { best, probability } }: ShippedFacts): boolean =>
  ['digit', 'picture'].includes(preparation) &&
  ['largest', 'smallest'].includes(best) &&
  ['softmax', 'softmax of negatives', 'itself'].includes(probability)

const areExtents = (shape: readonly unknown[]): boolean =>
  Array.isArray(shape) && shape.every((extent) => Number.isInteger(extent) && (extent as number) > 0)
