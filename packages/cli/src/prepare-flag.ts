// --prepare: how pictures become what the model was trained on, where its own way is not wanted.
import { type Preparing, preparations, type TrainedModel, UsageError } from 'lenet'
import { isPrepared } from 'lenet/node'
import { type Context, readChoice } from './context.ts'

/** A model remembers how its pictures were prepared, and none is not among it. */
const all: readonly Preparing[] = [...preparations, 'none']

export interface PrepareWanted {
  readonly verb: string
  readonly flag: string | undefined
  /** Where pictures come from: some data sets are prepared already. */
  readonly dataset?: string
  readonly model?: Pick<TrainedModel, 'preparation'> | undefined
}

/** A picture is stretched where there is no model to say otherwise. @throws UsageError for a data set that is prepared. */
export function preparationFor(context: Context, { verb, flag, dataset, model }: PrepareWanted): Preparing {
  if (flag === undefined) return model?.preparation ?? 'picture'
  if (dataset !== undefined && isPrepared(dataset))
    throw new UsageError(context.messages.errors.together(verb, '--prepare', dataset))
  return readChoice(context, verb, '--prepare', flag, verb === 'train' ? preparations : all) as Preparing
}
