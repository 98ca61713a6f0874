// What data lie beside the page: `data/index.json` and, for each set, four IDX files that may be packed with gzip.
import type { Preparation } from 'lenet'

export interface DataEntry {
  readonly name: string
  /** [channels, rows, columns] of one image. */
  readonly shape: readonly [number, number, number]
  readonly classes: readonly string[]
  readonly preparation: Preparation
  readonly train: number
  readonly test: number
  /** How the images were taken from a larger set. */
  readonly order?: string
  /** Bytes to be loaded for training and for testing, as far as they are known. */
  readonly bytes?: { readonly train: number; readonly test: number }
}

export type Manifest = readonly DataEntry[]

export const manifestPath = 'data/index.json'

export type Split = 'train' | 'test'

export const filePath = (data: string, split: Split, part: 'images' | 'labels'): string =>
  `data/${data}/${split}-${part}.idx`
