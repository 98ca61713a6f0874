// LeNet-4: 1.1 % in the paper.
import { runLine, type Tools } from './paper/line.ts'
import { seeds, squashed } from './paper/settings.ts'

export const run = (tools: Tools): Promise<void> =>
  runLine({ name: 'paper-lenet4', title: 'LeNet-4', paper: 1.1, model: 'lenet4', ...squashed, seeds }, tools)
