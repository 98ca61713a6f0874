// LeNet-5 on 30,000 images: 1.14 % in the paper (Fig. 6).
import { runLine, type Tools } from './paper/line.ts'
import { lenet5, seeds } from './paper/settings.ts'

export const run = (tools: Tools): Promise<void> =>
  runLine({ name: 'paper-30k', title: 'LeNet-5, 30,000 images', paper: 1.14, ...lenet5, samples: 30_000, seeds }, tools)
