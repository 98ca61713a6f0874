// A shipped model is a program, and may be a stranger's: its answer is waited for, but not for ever.
import { createContext, Script } from 'node:vm'
import { FormatError, type ShippedModel } from 'lenet'

/** For one image; ResNet-18 on photographs takes less than one. */
const SECONDS = 10

/** The model, whose `predict` throws a FormatError where it takes longer. WebAssembly stops where JavaScript would. */
export function withTimeLimit(model: ShippedModel, file: string, seconds = SECONDS): ShippedModel {
  const script = new Script('predict()')
  return {
    ...model,
    predict: (image) => {
      try {
        return script.runInContext(createContext({ predict: () => model.predict(image) }), { timeout: 1000 * seconds })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
        throw new FormatError(file, `its code was still at work on one image after ${seconds} s; it was stopped`)
      }
    },
  }
}
