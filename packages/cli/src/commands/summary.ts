// lenet summary: a model's layers as a table, as JSON, or as the figure.
import { drawStructure, modelNamed, type Net, summarise, UsageError, zoo } from 'lenet'
import { type Context, readNumber } from '../context.ts'
import { loadModel, type ModelFlags } from '../load-model.ts'
import { exists } from '../run-folder.ts'
import { summaryText } from '../summary-text.ts'

export interface SummaryFlags extends ModelFlags {
  readonly svg?: boolean
  readonly channels?: string
}

const VERB = 'summary'

export async function summaryCommand(context: Context, name: string, flags: SummaryFlags): Promise<void> {
  const isName = Object.hasOwn(zoo, name) && !(await exists(name))
  const net = isName ? modelNamed(name, sizeOf(context, flags)) : await netOf(context, name, flags)
  const summary = summarise(net)
  context.emit(summary)
  const { messages, paint, stdout } = context
  if (flags.svg) context.say(drawStructure(summary, { title: name }))
  else
    context.say(
      summaryText(summary, { messages, paint, ...(stdout.columns !== undefined && { columns: stdout.columns }) }),
    )
}

function sizeOf(context: Context, { channels }: SummaryFlags): { readonly channels?: number } {
  if (channels === undefined) return {}
  return { channels: readNumber(context, VERB, '--channels', channels, { whole: 1 }) }
}

/** @throws UsageError for a path that is no model, with the names that are. */
async function netOf(context: Context, path: string, flags: SummaryFlags): Promise<Net> {
  const { errors } = context.messages
  if (!(await exists(path)))
    throw new UsageError(errors.notAModel(VERB, path), errors.orNames(Object.keys(zoo).join(', ')))
  if (flags.channels !== undefined) throw new UsageError(errors.together(VERB, '--channels', path))
  return (await loadModel(context, VERB, path, flags)).model.net
}
