// What a model says beside its layers and weights: the classes, what a pixel means, how pictures are prepared. Checked here
// wherever it comes from: a file, the JSON beside one, an option, a module.
import { shown } from '../errors.ts'
import { fieldsOf, oneOf, type Refuse } from '../formats/json-fields.ts'
import { type Preparation, preparations } from '../pictures/images.ts'

export interface ModelFacts {
  readonly classes: readonly string[]
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] }
  readonly preparation: Preparation
}

export const factNames = ['classes', 'normalisation', 'preparation'] as const

/** What the facts are about; `scores` is absent where any number of classes will do. */
export interface Subject {
  readonly channels: number
  readonly scores?: number
}

/** The facts that are there, each checked. @throws what `refuse` makes. */
export function readFacts(json: unknown, { channels, scores }: Subject, refuse: Refuse): Partial<ModelFacts> {
  const { classes, normalisation, preparation } = fieldsOf(json, 'what it says about itself', factNames, refuse)
  return {
    ...(classes !== undefined && { classes: readClasses(classes, scores, refuse) }),
    ...(normalisation !== undefined && { normalisation: readNormalisation(normalisation, channels, refuse) }),
    ...(preparation !== undefined && { preparation: readPreparation(preparation, refuse) }),
  }
}

/** All of them. @throws what `refuse` makes. */
export function readAllFacts(json: unknown, subject: Subject, refuse: Refuse): ModelFacts {
  const facts = readFacts(json, subject, refuse)
  const missing = factNames.find((name) => facts[name] === undefined)
  if (missing !== undefined) throw refuse(`${missing} is missing; there are ${factNames.join(', ')}`)
  return facts as ModelFacts
}

export function readClasses(given: unknown, scores: number | undefined, refuse: Refuse): readonly string[] {
  if (!Array.isArray(given) || given.length === 0) throw refuse(`classes is ${shown(given)}; a list of names is wanted`)
  const at = given.findIndex((name) => typeof name !== 'string')
  if (at >= 0) throw refuse(`class ${at} is called ${shown(given[at])}; a text is wanted`)
  const again = given.find((name, at) => given.indexOf(name) < at)
  if (again !== undefined) throw refuse(`two classes are called '${again}'; an answer would not tell which`)
  if (scores !== undefined && given.length !== scores)
    throw refuse(`${given.length} labels were given for ${scores} scores`)
  return given
}

/** One mean and standard deviation for all channels, or one for each; in any case as many as there are channels. */
export function readNormalisation(given: unknown, channels: number, refuse: Refuse): ModelFacts['normalisation'] {
  const { mean, std } = fieldsOf(given, 'normalisation', ['mean', 'std'], refuse)
  const numbers = (name: string, list: unknown, fits: (value: number) => boolean, wanted: string): number[] => {
    if (!Array.isArray(list) || (list.length !== 1 && list.length !== channels))
      throw refuse(
        `${name} is ${shown(list)}; ${channels === 1 ? 'one number' : `one number, or ${channels}, one a channel,`} in a list is wanted`,
      )
    const wrong = list.find((value) => typeof value !== 'number' || !fits(value))
    if (wrong !== undefined) throw refuse(`${name} holds ${shown(wrong)}; ${wanted} is wanted`)
    return list.length === channels ? list : new Array(channels).fill(list[0])
  }
  return {
    mean: numbers('mean', mean, Number.isFinite, 'a number'),
    std: numbers(
      'std',
      std,
      (value) => value > 0 && Number.isFinite(1 / value) && value < Infinity,
      'a number above 0',
    ),
  }
}

export const readPreparation = (given: unknown, refuse: Refuse): ModelFacts['preparation'] =>
  oneOf(given, 'preparation', preparations, refuse)
