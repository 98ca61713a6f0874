// What a run on pictures of one's own settles by looking at them, where no option says it: whether they have colours, and
// how long to train on so many.
import { type Dataset, gentle, greyWhereGrey, recipes, type Splits } from 'lenet'
import { dataSetNames, isPrepared } from 'lenet/node'
import type { Context } from '../context.ts'
import { count } from '../numbers.ts'
import type { RunConfig } from '../run-config.ts'

/** What the command line leaves open. */
export interface Open {
  readonly epochs: boolean
  readonly augment: boolean
}

/** The usual number of epochs sees so many images; fewer images are gone through more often, up to a limit. */
const SEEN = 32_000
const MOST_EPOCHS = 80

/** Without colours where there are none. A run that goes on keeps its channels. */
export const settleChannels = (splits: Splits, { channels, from, dataset }: RunConfig): Splits =>
  from !== undefined || channels === 3 || isPrepared(dataset) ? splits : greyWhereGrey(splits)

/** Epochs and distortions for few pictures; told, as they take time. */
export function settleLength({ say, messages }: Context, config: RunConfig, train: Dataset, open: Open): RunConfig {
  if (!open.epochs || dataSetNames.includes(config.dataset)) return config
  const images = train.labels.length
  const epochs = Math.min(MOST_EPOCHS, Math.max(recipes.default.epochs, Math.ceil(SEEN / images)))
  if (epochs === config.epochs) return config
  const augment = config.augment ?? (open.augment ? gentle : undefined)
  say(messages.train.few(count(images), epochs))
  if (open.augment) say(messages.train.distorted)
  return { ...config, epochs, ...(augment && { augment }) }
}
