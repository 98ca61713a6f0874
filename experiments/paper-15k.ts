// LeNet-5 on 15,000 images: 1.69 % in the paper (Fig. 6).
import { runLine, type Tools } from './paper/line.ts'
import { lenet5, seeds } from './paper/settings.ts'

export const run = (tools: Tools): Promise<void> =>
  runLine({ name: 'paper-15k', title: 'LeNet-5, 15,000 images', paper: 1.69, ...lenet5, samples: 15_000, seeds }, tools)
