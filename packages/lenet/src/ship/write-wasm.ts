// A trained model as one .wasm file that needs nothing else: the code that wasm would run here, over a memory that holds the
// weights. It exports `memory`, the addresses `input` (bytes, channel after channel) and `output` (one float32 score a
// class), and `predict()`. What the numbers mean stands in the custom section `lenet`, as JSON.
import { compileAlone } from '../engine/wasm/compile.ts'
import { planPrediction, writeWeights } from '../model/plan.ts'
import { writeNormalisation } from '../predict/normalisation.ts'
import { readingOf } from '../predict/scores.ts'
import { checkParts, type ModelParts } from '../predict/trained-model.ts'
import { SECTION, type ShippedFacts } from './read-wasm.ts'
import { seal } from './seal.ts'

/** A model of which `readWasm` and any other WebAssembly runtime with SIMD gives the scores of this library, to the last bit. */
export function writeWasm(model: ModelParts): Uint8Array<ArrayBuffer> {
  const { net, weights, classes, normalisation, preparation } = checkParts(model)
  const reading = readingOf(net)
  const facts: ShippedFacts = { format: 1, input: net.input, classes, preparation, reading, crc32: '00000000' }
  const plan = planPrediction(net, 'uint8')
  const module = compileAlone(
    plan.program,
    (tensors) => {
      writeWeights(tensors, plan, weights)
      writeNormalisation(tensors, plan, normalisation, true)
    },
    { name: SECTION, text: JSON.stringify(facts) },
  )
  return seal(module)
}
