// Numbers that an optimizer or a schedule is told: known names, each within its range, as PyTorch checks them.
import { shown, UsageError } from '../errors.ts'
import { fieldsOf, type Refuse } from '../formats/json-fields.ts'

export interface Range {
  readonly fits: (value: number) => boolean
  readonly wanted: string
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

export const fromZero: Range = { fits: (value) => value >= 0, wanted: 'a number from 0' }
export const aboveZero: Range = { fits: (value) => value > 0, wanted: 'a number above 0' }
export const belowOne: Range = { fits: (value) => value >= 0 && value < 1, wanted: 'a number from 0, below 1' }
export const zeroToOne: Range = { fits: (value) => value >= 0 && value <= 1, wanted: 'a number from 0 to 1' }
export const counting: Range = {
  fits: (value) => Number.isSafeInteger(value) && value >= 1,
  wanted: 'a whole number from 1',
}

/** @throws UsageError for a name that is not among the ranges, or a number outside its own. Undefined is not given. */
export function checkSettings(who: string, given: object, ranges: Readonly<Record<string, Range | 'flag'>>): void {
  const refuse: Refuse = (problem) => new UsageError(`${who}: ${problem}`)
  for (const [name, value] of Object.entries(fieldsOf(given, 'options', Object.keys(ranges), refuse))) {
    const range = ranges[name]!
    if (value === undefined) continue
    const fits = range === 'flag' ? typeof value === 'boolean' : isNumber(value) && range.fits(value)
    if (!fits) throw refuse(`${name} is ${shown(value)}; give ${range === 'flag' ? 'true or false' : range.wanted}`)
  }
}
