// LeNet-1: 1.7 % in the paper, there on images of 16x16 pixels.
import { runLine, type Tools } from './paper/line.ts'
import { lenet1, seeds } from './paper/settings.ts'

export const run = (tools: Tools): Promise<void> =>
  runLine({ name: 'paper-lenet1', title: 'LeNet-1', paper: 1.7, ...lenet1, seeds }, tools)
