// Which functions of the scalar table a program needs.
import type { Value } from '../../equation/bound.ts'
import { functions } from '../../equation/scalar.ts'
import type { Expression } from '../../equation/syntax.ts'
import type { Program } from '../program.ts'
import type { Kernel, Term } from './kernel.ts'

/** Names, those that others call first. */
export function calledFunctions(kernels: readonly Kernel[], program: Program): string[] {
  const names = new Set<string>()
  const visit = (node: Term | Value | Expression): void => {
    if (node.kind !== 'call') return
    for (const [, step] of functions[node.name]?.steps ?? []) visit(step)
    if (functions[node.name] !== undefined) names.add(node.name)
    node.parts.forEach(visit)
  }
  for (const { value, stores } of kernels)
    for (const term of [value, ...stores.map((store) => store.value)]) visit(term)
  for (const { value } of program.update?.equations ?? []) visit(value)
  return [...names]
}
