// A data set in one .npz: images and labels of one or more splits, under the names that Keras (x_train, y_train, …),
// MedMNIST (train_images, train_labels, …) and most people (images, labels) give them.

import { FormatError } from '../errors.ts'
import type { NamedArray, NamedArrays } from '../formats/arrays.ts'
import { readNpz } from '../formats/npy.ts'
import type { Dataset, Splits } from './dataset.ts'

/** Names of the images and of their labels, most specific first. */
const NAMES = {
  train: [
    ['x_train', 'y_train'],
    ['train_images', 'train_labels'],
    ['images', 'labels'],
    ['x', 'y'],
    ['data', 'labels'],
  ],
  validation: [
    ['x_val', 'y_val'],
    ['x_valid', 'y_valid'],
    ['val_images', 'val_labels'],
  ],
  test: [
    ['x_test', 'y_test'],
    ['test_images', 'test_labels'],
  ],
} as const

const MOST_CLASSES = 65_536

/**
 * Images are bytes [n, height, width], [n, height, width, 1 or 3] or [n, 1 or 3, height, width]; labels are whole numbers
 * from 0, [n] or [n, 1], and name their classes. Throws a FormatError for anything else.
 */
export function readNpzSet(bytes: Uint8Array, file = 'NPZ bytes'): Splits {
  const arrays = readNpz(bytes, file)
  const train = findPair(arrays, NAMES.train)
  if (train === undefined)
    throw new FormatError(
      file,
      `holds ${[...arrays.keys()].join(', ') || 'no arrays'}; images and labels are wanted as ${NAMES.train
        .slice(0, 3)
        .map((pair) => pair.join(' and '))
        .join(', or ')}`,
    )
  const others = { validation: findPair(arrays, NAMES.validation), test: findPair(arrays, NAMES.test) }
  const given = [train, others.validation, others.test].filter((pair) => pair !== undefined)
  refuseLonely(arrays, given, file)
  const labels = given.map((pair) => labelsOf(pair, file))
  const count = labels.flatMap((list) => [...new Set(list)]).reduce((most, label) => Math.max(most, label), 0) + 1
  const classes = Array.from({ length: count }, (_, label) => String(label))
  const sets = given.map((pair, at): Dataset => ({ ...imagesOf(pair, file), labels: labels[at]!, classes }))
  const named = (pair: Pair | undefined, what: string) =>
    pair && { ...sets[given.indexOf(pair)]!, name: `${file} ${what}` }
  const [validation, test] = [named(others.validation, 'validation'), named(others.test, 'test')]
  return { train: sets[0]!, ...(validation && { validation }), ...(test && { test }) }
}

interface Pair {
  readonly names: readonly [images: string, labels: string]
  readonly images: NamedArray
  readonly labels: NamedArray
}

const findPair = (arrays: NamedArrays, names: readonly (readonly [string, string])[]): Pair | undefined =>
  names.flatMap((pair) => {
    const [images, labels] = [arrays.get(pair[0]), arrays.get(pair[1])]
    return images && labels ? [{ names: pair, images, labels }] : []
  })[0]

/** @throws FormatError for images without labels, labels without images, and arrays that are not read. */
function refuseLonely(arrays: NamedArrays, given: readonly Pair[], file: string): void {
  const used = given.flatMap(({ names }) => names)
  for (const [images, labels] of Object.values(NAMES).flat())
    for (const [one, other] of [
      [images, labels],
      [labels, images],
    ] as const)
      if (arrays.has(one) && !arrays.has(other) && !used.includes(one))
        throw new FormatError(file, `holds ${one}, and no ${other} to it`)
  const unread = [...arrays.keys()].find((name) => !(used as readonly string[]).includes(name))
  if (unread !== undefined)
    throw new FormatError(file, `holds ${unread} beside ${used.join(', ')}, and nothing here reads it`, {
      hint: `known are ${Object.values(NAMES).flat(2).join(', ')}`,
    })
}

function labelsOf({ names: [name, labelName], images, labels }: Pair, file: string): Uint16Array {
  const [count = 0] = images.shape
  if (labels.dtype.startsWith('float') || labels.dtype === 'bfloat16')
    throw new FormatError(file, `${labelName} holds ${labels.dtype}; labels are whole numbers from 0`)
  if (labels.data.length !== count || labels.shape[0] !== count)
    throw new FormatError(file, `${labelName} is [${labels.shape}]; the ${count} images of ${name} want [${count}]`)
  const values = Array.from(labels.data as ArrayLike<number | bigint>, Number)
  const wrong = values.find((value) => !(value >= 0 && value < MOST_CLASSES))
  if (wrong !== undefined)
    throw new FormatError(file, `${labelName} holds ${wrong}; labels go from 0 to ${MOST_CLASSES - 1}`)
  return Uint16Array.from(values)
}

function imagesOf({ names: [name], images }: Pair, file: string): Pick<Dataset, 'name' | 'shape' | 'pixels'> {
  const { dtype, shape, data } = images
  if (dtype !== 'uint8')
    throw new FormatError(file, `${name} holds ${dtype}; pixels are bytes from 0 to 255`, {
      hint: "from 0 to 1, save (images * 255).round().astype('uint8')",
    })
  const [count = 0, ...rest] = shape
  if (shape.some((extent) => extent === 0)) throw new FormatError(file, `${name} is [${shape}]: it has no images`)
  if (rest.length === 2) return { name: file, shape: [1, rest[0]!, rest[1]!], pixels: data }
  const isColour = (extent: number | undefined) => extent === 1 || extent === 3
  const [first, last] = [isColour(rest[0]), isColour(rest[2])]
  if (rest.length !== 3 || (!first && !last) || (first && last && rest[0] !== rest[2]))
    throw new FormatError(
      file,
      `${name} is [${shape}]; [n, height, width], or with 1 or 3 channels last or before the rows is wanted`,
    )
  if (!last) return { name: file, shape: [rest[0]!, rest[1]!, rest[2]!], pixels: data }
  return { name: file, shape: [rest[2]!, rest[0]!, rest[1]!], pixels: toPlanes(data, count, rest) }
}

/** Channels side by side become planes. */
function toPlanes(
  data: Uint8Array,
  count: number,
  [height = 1, width = 1, channels = 1]: readonly number[],
): Uint8Array {
  const area = height * width
  const pixels = new Uint8Array(data.length)
  for (let n = 0; n < count; n++)
    for (let c = 0; c < channels; c++)
      for (let at = 0, start = n * channels * area; at < area; at++)
        pixels[start + c * area + at] = data[start + at * channels + c]!
  return pixels
}
