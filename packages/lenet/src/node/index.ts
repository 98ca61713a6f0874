// lenet/node: what needs a file system or the network. Importing it brings the native engine.

import './native-engine.ts'

export { type KernelMeasurement, measureKernels, type StepMeasurement } from '../measure/measure-kernels.ts'
export { wasmPeak } from '../measure/wasm-peak.ts'
export { cifar10 } from './cifar10.ts'
export { type Compiler, findCompiler } from './compiler.ts'
export type { DataSetOptions } from './data-places.ts'
export { makeFolder, readFileOrExplain, removeTemporaryFiles, writeFileAtomic } from './files.ts'
export { type ImageFolderOptions, imageFolder, imageTable } from './image-folder.ts'
export { type DecodedPicture, readImage } from './images.ts'
export {
  type DataSetFacts,
  dataSetNames,
  findDataSets,
  isPrepared,
  type LoadOptions,
  loadDataset,
} from './load-dataset.ts'
export { emnistLetters, fashionMnist, mnist } from './mnist.ts'
export { nativePeak } from './native-peak.ts'
export { type FolderNotice, listPictures, type Tell } from './picture-tree.ts'
export type { ReadPicturesOptions } from './read-pictures.ts'
