// Models by name.
import { UsageError } from '../../errors.ts'
import type { Net } from '../model.ts'
import { lenet1, lenet4, lenet5 } from './lecun1998.ts'
import { lenet, lenetGap, lenetStrided, lenetTanh, type ZooOptions } from './lenet.ts'

export const zoo: Readonly<Record<string, (options?: ZooOptions) => Net>> = {
  lenet,
  'lenet-tanh': lenetTanh,
  'lenet-gap': lenetGap,
  'lenet-strided': lenetStrided,
  lenet5,
  lenet4,
  lenet1,
}

/** @throws UsageError for a name that is not in the zoo, and for a size that a network does not come in. */
export function modelNamed(name: string, options: ZooOptions = {}): Net {
  const make = Object.hasOwn(zoo, name) ? zoo[name] : undefined
  if (make === undefined)
    throw new UsageError(`model '${name}': there is no such model; there is ${Object.keys(zoo).join(', ')}`)
  const net = make(options)
  const { size } = options
  if (size !== undefined && net.input[1] !== size)
    throw new UsageError(`model '${name}': takes images of ${net.input[1]}x${net.input[2]}, not ${size}x${size}`)
  return net
}
