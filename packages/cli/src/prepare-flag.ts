// --prepare: how pictures become what the model was trained on, where its own way is not wanted.
import type { Preparing, TrainedModel } from 'lenet'
import { type Context, readChoice } from './context.ts'

export const preparations: readonly Preparing[] = ['digit', 'picture', 'none']

export const preparationFor = (
  context: Context,
  verb: string,
  flag: string | undefined,
  { preparation }: Pick<TrainedModel, 'preparation'>,
): Preparing =>
  flag === undefined ? preparation : (readChoice(context, verb, '--prepare', flag, preparations) as Preparing)
