// A network as it is shown: entries that work element by element join the one before them, and those that only rename
// numbers are left out. Both are read from their equations.
import { elementWise, type Net, sizeOf } from 'lenet'

export interface Stage {
  /** The entry whose output is shown: the last of those that belong together. */
  readonly name: string
  /** Title and parts: `conv1` with `conv1, relu1`. */
  readonly title: string
  readonly entries: readonly string[]
  readonly shape: readonly number[]
}

export const INPUT = 'input'

export function stagesOf(net: Net): readonly Stage[] {
  const stages: Stage[] = [{ name: INPUT, title: INPUT, entries: [INPUT], shape: net.input }]
  for (const entry of net.entries) {
    const { name, output: shape } = entry
    const last = stages.at(-1)!
    if (elementWise(entry) !== undefined && last.name !== INPUT)
      stages[stages.length - 1] = { ...last, name, shape, entries: [...last.entries, name] }
    else if (!renames(entry)) stages.push({ name, title: name, entries: [name], shape })
  }
  return stages
}

/** The same numbers under another shape. */
function renames({ parameters, inputShapes, output }: Net['entries'][number]): boolean {
  return (
    parameters.length === 0 && inputShapes[0]!.length !== output.length && sizeOf(inputShapes[0]!) === sizeOf(output)
  )
}
