// We on the same work: reads seconds, a line each, and answers each with one line of JSON.
//   node bench/lenet.ts THREADS BATCH
import { createInterface } from 'node:readline'
import { createMachine } from '../packages/lenet/src/engine/create-machine.ts'
import { sizeOf } from '../packages/lenet/src/engine/program.ts'
import { crossEntropy } from '../packages/lenet/src/layers/index.ts'
import { parametersOf } from '../packages/lenet/src/model/model.ts'
import { names, planTraining } from '../packages/lenet/src/model/plan.ts'
import { lenet } from '../packages/lenet/src/model/zoo/lenet.ts'
import { planUpdate } from '../packages/lenet/src/optimizers/optimizer.ts'
import { sgd } from '../packages/lenet/src/optimizers/sgd.ts'
import { createRandom } from '../packages/lenet/src/random/random.ts'
import { initialise } from '../packages/lenet/src/train/initialise.ts'

const [threads = 1, batch = 64] = process.argv.slice(2).map(Number)
const net = lenet()
const size = parametersOf(net).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
const optimizer = sgd({ lr: 0.001, momentum: 0.9 })
const { program } = planTraining(net, 'float32', {
  loss: crossEntropy(),
  labelSmoothing: 0,
  update: planUpdate(optimizer, size),
})
const machine = await createMachine(program, batch, { threads })
for (const [name, values] of initialise(net, 1)) machine.write(name, values)
machine.write(names.scale, [1, 1, 1])
machine.write(names.weight, [1 / batch])
for (const [name, value] of Object.entries(optimizer.settings(0.001, []))) machine.write(name, [value])
const random = createRandom(1, 'noise')
const images = Float32Array.from({ length: batch * sizeOf(net.input) }, () => random() * 2 - 1)
const labels = Float32Array.from({ length: batch }, () => Math.floor(random() * 10))

/** A step as training does it: the next batch is copied in while this one is computed. */
function step(slot: 0 | 1): void {
  machine.start(batch, slot)
  const next = slot === 0 ? 1 : 0
  machine.input(names.pixels, next).set(images)
  machine.input(names.label, next).set(labels)
  machine.finish()
}

machine.input(names.pixels, 0).set(images)
machine.input(names.label, 0).set(labels)
for await (const line of createInterface({ input: process.stdin })) {
  const began = performance.now()
  let steps = 0
  while (performance.now() - began < Number(line) * 1000) step((steps++ & 1) as 0 | 1)
  console.log(JSON.stringify({ imagesPerSecond: (steps * batch) / ((performance.now() - began) / 1000) }))
}
process.exit()
