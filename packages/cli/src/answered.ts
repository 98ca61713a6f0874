// What became of a picture that was to be answered.
import type { Prediction } from 'lenet'

export type Answered =
  | { readonly file: string; readonly error: string }
  | { readonly file: string; readonly prediction: Prediction; readonly isUnsure: boolean; readonly pages?: number }

/** All classes, the most probable first; what the model answers stands before what is as probable. */
export const bestOf = (
  classes: readonly string[],
  { label, scores }: Prediction,
): { readonly label: string; readonly probability: number }[] =>
  classes
    .map((name, at) => ({ label: name, probability: scores[at]! }))
    .sort((a, b) => Number(b.label === label) - Number(a.label === label) || b.probability - a.probability)
