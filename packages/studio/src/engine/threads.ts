// How many threads train here.
import { canShareMemory } from 'lenet'

/** The page's own thread stays free. */
export const threadsHere = (): number =>
  canShareMemory() ? Math.min(8, Math.max(1, navigator.hardwareConcurrency - 1)) : 1
