// lenet summary: a model's layers as a table, as JSON, or as the figure.
import { drawStructure, modelNamed, summarise, zoo } from 'lenet'
import type { Context } from '../context.ts'
import { loadModel, type ModelFlags } from '../load-model.ts'
import { exists } from '../run-folder.ts'
import { summaryText } from '../summary-text.ts'

export async function summaryCommand(
  context: Context,
  name: string,
  flags: ModelFlags & { readonly svg?: boolean },
): Promise<void> {
  const isName = Object.hasOwn(zoo, name) && !(await exists(name))
  const net = isName ? modelNamed(name) : (await loadModel(context, 'summary', name, flags)).model.net
  const summary = summarise(net)
  context.emit(summary)
  const { messages, paint, stdout } = context
  if (flags.svg) context.say(drawStructure(summary, { title: name }))
  else
    context.say(
      summaryText(summary, { messages, paint, ...(stdout.columns !== undefined && { columns: stdout.columns }) }),
    )
}
