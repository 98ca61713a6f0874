// LeNet-5 with distorted training images: 0.8 % in the paper.
import { runLine, type Tools } from './paper/line.ts'
import { distortions, lenet5, seeds } from './paper/settings.ts'

export const run = (tools: Tools): Promise<void> =>
  runLine(
    {
      name: 'paper-lenet5-distorted',
      title: 'LeNet-5, distortions',
      paper: 0.8,
      ...lenet5,
      augment: distortions,
      seeds,
    },
    tools,
  )
