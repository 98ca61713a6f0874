// How much arithmetic a kernel does, counted from its loops.
import type { Kernel, Term } from '../engine/compile/kernel.ts'
import { type Program, sizeOf } from '../engine/program.ts'

const callsIn = (term: Term): number =>
  term.kind === 'call' ? 1 + term.parts.reduce((sum, part) => sum + callsIn(part), 0) : 0

/** Operations for one sample: every function of the equation is one, and so is every addition to a sum. */
export function operationsOf(kernel: Kernel, program: Program): number {
  const size = (axes: Kernel['kept']): number => sizeOf(axes.map(({ extent }) => extent))
  const elements = size(kernel.kept)
  const terms = elements * size(kernel.outer) * size(kernel.summed) * size(kernel.unrolled)
  const each = callsIn(kernel.value) + (kernel.reduction === undefined ? 0 : 1)
  const once = kernel.stores.reduce((sum, { value }) => sum + callsIn(value), 0)
  return terms * each * shareOfTerms(kernel, program) + elements * once
}

/** A term that its constant switches off is not computed. All constants of a guarded program are taken together. */
function shareOfTerms({ guards }: Kernel, { tensors }: Program): number {
  if (guards.length === 0) return 1
  const switches = tensors.flatMap(({ data }) => (data?.includes(0) ? [...data] : []))
  return switches.filter((value) => value !== 0).length / switches.length
}
