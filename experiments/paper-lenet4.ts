// LeNet-4: 1.1 % in the paper.
import { runLine, type Tools } from './paper/line.ts'
import { lenet4, seeds } from './paper/settings.ts'

export const run = (tools: Tools): Promise<void> =>
  runLine({ name: 'paper-lenet4', title: 'LeNet-4', paper: 1.1, ...lenet4, seeds }, tools)
