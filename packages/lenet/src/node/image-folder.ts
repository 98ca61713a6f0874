// A data set of picture files: a folder with one sub-folder of pictures a class, or a table that lists files and labels.

import { basename, resolve } from 'node:path'
import type { Splits } from '../data/dataset.ts'
import { listTable } from './picture-table.ts'
import { listTree } from './picture-tree.ts'
import { type ReadPicturesOptions, readPictures } from './read-pictures.ts'

export type ImageFolderOptions = ReadPicturesOptions

/**
 * Reads a folder of class folders; the classes are their names, sorted, and pictures may lie at any depth below them. With
 * the sub-folders `train`, and `val` (`valid`, `validation`) or `test`, in any case, each is such a folder, of the same
 * classes. Hidden folders and `__MACOSX` are passed over.
 * Throws a UsageError for a folder of another layout, a FormatError naming a picture that cannot be decoded or prepared, or
 * has another size.
 */
export const imageFolder = async (folder: string, options: ImageFolderOptions = {}): Promise<Splits> =>
  readPictures(basename(resolve(folder)), await listTree(folder, options.onNotice ?? (() => undefined)), options)

/**
 * Reads the pictures that a CSV or JSONL file lists: a column (or field) `path`, from the folder of the file, and `label`;
 * `split`, where there is one, says train, val or test. The classes are the labels, sorted.
 * Throws a FormatError naming the line that is none, and what `imageFolder` throws.
 */
export const imageTable = async (file: string, options: ImageFolderOptions = {}): Promise<Splits> =>
  readPictures(basename(file), await listTable(file), options)
