// What the lowering of one nest passes from hand to hand.
import type { Kernel } from '../kernel.ts'
import type { Nest } from '../nests.ts'
import type { Names, Target } from './code.ts'
import type { Pointers } from './pointers.ts'
import type { Terms } from './terms.ts'

export interface Frame {
  readonly kernel: Kernel
  readonly target: Target
  readonly names: Names
  readonly terms: Terms
  readonly nest: Nest
  /** Pointers of what is read and stored once for each element. */
  readonly once: Pointers
  /** Pointers of what is summed. Where sums have loops of their own, moving ones start anew at each element. */
  readonly summed: Pointers
}
