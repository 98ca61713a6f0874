// A table of picture files and their labels: CSV with a first row of names, or JSONL, one object a line. Paths begin at the
// folder of the table.

import { dirname, extname, isAbsolute, join } from 'node:path'
import { FormatError } from '../errors.ts'
import { readCsv } from '../formats/csv.ts'
import { readFileOrExplain } from './files.ts'
import { type PictureList, type PictureTree, type Split, splitNamed, unknownClass } from './picture-tree.ts'

/** What a column may be called. */
const NAMES = {
  path: ['path', 'file', 'filename', 'file_name', 'image', 'image_path', 'filepath'],
  label: ['label', 'class', 'category', 'class_name', 'target'],
  split: ['split', 'set', 'subset'],
} as const

type Column = keyof typeof NAMES

/** A line of the table: what its fields say, by the names of the table. */
interface Line {
  readonly who: string
  readonly fields: ReadonlyMap<string, string>
}

interface Row {
  readonly who: string
  readonly path: string
  readonly label: string
  readonly split: Split
}

/** Whether a file is a table, by its ending. */
export const isTable = (file: string): boolean => ['.csv', '.tsv', '.jsonl', '.ndjson'].includes(endingOf(file))

const endingOf = (file: string): string => extname(file).toLowerCase()

/** @throws FormatError naming the line that says no picture and label; UsageError for a class that training lacks. */
export async function listTable(file: string): Promise<PictureTree> {
  const bytes = await readFileOrExplain(file)
  const lines =
    endingOf(file).startsWith('.c') || endingOf(file) === '.tsv' ? csvLines(bytes, file) : jsonLines(bytes, file)
  const rows = lines.map((line) => rowOf(line))
  const train = rows.filter(({ split }) => split === 'train')
  if (train.length === 0) throw new FormatError(file, `lists ${rows.length} pictures, and none to train on`)
  const classes = [...new Set(train.map(({ label }) => label))].sort((a, b) => (a < b ? -1 : 1))
  const list = (split: Split): PictureList => ({
    folder: file,
    classes,
    files: rows
      .filter((row) => row.split === split)
      .map(({ who, path, label }) => {
        if (!classes.includes(label)) throw unknownClass(who, label)
        return { path: isAbsolute(path) ? path : join(dirname(file), path), label: classes.indexOf(label) }
      }),
  })
  const has = (split: Split) => rows.some((row) => row.split === split)
  return {
    train: list('train'),
    ...(has('validation') && { validation: list('validation') }),
    ...(has('test') && { test: list('test') }),
  }
}

function csvLines(bytes: Uint8Array, file: string): Line[] {
  const [head, ...rows] = readCsv(bytes, file)
  if (head === undefined) throw new FormatError(file, 'is empty; a first row of names, such as path,label, is wanted')
  const names = head.fields.map((name) => name.trim().toLowerCase())
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined)
    throw new FormatError(file, `has two columns '${twice}'; a name of its own for each is wanted`)
  return rows.map(({ fields, line }) => {
    const who = `${file}: line ${line}`
    if (fields.length !== names.length)
      throw new FormatError(who, `has ${fields.length} fields where the first row names ${names.length}`)
    return { who, fields: new Map(names.map((name, at) => [name, fields[at]!])) }
  })
}

function jsonLines(bytes: Uint8Array, file: string): Line[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((text, at) => ({ text, who: `${file}: line ${at + 1}` }))
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, who }) => ({ who, fields: fieldsOf(text, who) }))
}

/** Texts and numbers; a label may be one. */
function fieldsOf(text: string, who: string): Map<string, string> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new FormatError(who, `is not JSON: ${text.slice(0, 40)}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new FormatError(who, `is no JSON object: ${text.slice(0, 40)}`)
  return new Map(
    Object.entries(value).flatMap(([name, one]): [string, string][] =>
      typeof one === 'string' || typeof one === 'number' ? [[name.toLowerCase(), String(one)]] : [],
    ),
  )
}

function rowOf({ who, fields }: Line): Row {
  const field = (column: Column): string | undefined => {
    const name = NAMES[column].find((one) => fields.has(one))
    return name === undefined ? undefined : fields.get(name)!.trim()
  }
  const wanted = (column: Column): string => {
    const value = field(column)
    if (value) return value
    throw new FormatError(
      who,
      value === undefined ? `has no '${column}', only ${[...fields.keys()].join(', ')}` : `has an empty ${column}`,
      {
        hint: `a table names its columns path and label; ${column} may be called ${NAMES[column].slice(1).join(', ')}`,
      },
    )
  }
  const named = field('split')
  const split = named ? splitNamed(named) : 'train'
  if (split === undefined) throw new FormatError(who, `has the split '${named}'; train, val and test are known`)
  return { who, path: wanted('path'), label: wanted('label'), split }
}
