// Model files as others write them: weights alone, with names of their own, and nothing about what they were trained on.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openModel, saveModel } from '../../packages/lenet/src/index.ts'
import { ROOT } from './browser.ts'

const shipped = () => {
  const file = join(ROOT, 'packages/studio/public/lenet.safetensors')
  return openModel(readFileSync(file), file)
}

export const strangers = {
  /** A `.pth` without the JSON beside it, whose arrays are called as PyTorch's tutorials call them. */
  named: () => saveModel(shipped(), 'model.pth'),
}
