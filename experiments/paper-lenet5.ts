// LeNet-5 on the 60,000 images of MNIST: 0.95 % in the paper.
import { runLine, type Tools } from './paper/line.ts'
import { lenet5, seeds } from './paper/settings.ts'

export const run = (tools: Tools): Promise<void> =>
  runLine({ name: 'paper-lenet5', title: 'LeNet-5', paper: 0.95, ...lenet5, seeds }, tools)
