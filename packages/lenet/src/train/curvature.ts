// The learning-rate scale of each parameter from its curvature, for optimizers that ask for it: before each epoch, from a
// few training samples (LeCun et al. 1998, Appendix C).

import { createMachine, type EngineOptions } from '../engine/create-machine.ts'
import { sizeOf } from '../engine/program.ts'
import type { Weights } from '../model/initialise.ts'
import { parametersOf } from '../model/model.ts'
import { planCurvature, writeWeights } from '../model/plan.ts'
import { planUpdate } from '../optimizers/optimizer.ts'
import { createPlacer } from '../pictures/place.ts'
import { writeNormalisation } from '../predict/normalisation.ts'
import { createRandom } from '../random/random.ts'
import type { FullTrainOptions } from './options.ts'
import type { Setting } from './setting.ts'

export interface CurvatureMeter {
  /** 1 / (damping + mean curvature), one number a trained parameter. */
  scale(weights: Weights, epoch: number): Float32Array
  close(): void
}

export async function createCurvatureMeter(
  { net, train, isBytes, normalisation }: Setting,
  { loss, frozen, seed, optimizer, ...options }: FullTrainOptions,
  engine: EngineOptions = options,
): Promise<CurvatureMeter> {
  const { damping, patterns } = optimizer.curvature!
  const count = Math.min(patterns, train.labels.length)
  const trained = parametersOf(net).filter(({ name }) => !frozen?.has(name))
  const elements = trained.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  // What the engine would take for a step of learning only keeps the sum.
  const update = planUpdate({ ...optimizer, equations: ['scale[i] = g[i]'], settings: () => ({}) }, elements)
  const plan = planCurvature(net, isBytes ? 'uint8' : 'float32', { loss, ...(frozen && { frozen }), update })
  const machine = await createMachine(plan.program, count, engine)
  writeNormalisation(machine, plan, normalisation, isBytes)
  const [size, frame] = [sizeOf(train.shape), sizeOf(net.input)]
  const place = createPlacer(train.shape, net.input)
  return {
    scale: (weights, epoch) => {
      writeWeights(machine, plan, weights)
      const random = createRandom(seed, 'curvature', epoch)
      const pixels = machine.input(plan.pixels)
      const labels = plan.label && machine.input(plan.label)
      for (let row = 0; row < count; row++) {
        const index = Math.floor(random() * train.labels.length)
        place(train.pixels, index * size, pixels, row * frame)
        if (labels) labels[row] = train.labels[index]!
      }
      machine.start(count)
      machine.finish()
      return machine.read(update.gradients).map((sum) => 1 / (damping + sum / count))
    },
    close: () => machine.close(),
  }
}
