// Our .onnx files against ONNX Runtime: node test/onnx-with-runtime.ts [folder that has onnxruntime-node installed]
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { createMachineNow } from '../packages/lenet/src/engine/create-machine.ts'
import { sizeOf } from '../packages/lenet/src/engine/program.ts'
import { exportOnnx } from '../packages/lenet/src/files/onnx-export.ts'
import { add, conv2d, dropout, linear, rbf, scaledTanh, subsample, view } from '../packages/lenet/src/layers/index.ts'
import { from } from '../packages/lenet/src/layers/layer.ts'
import { initialise } from '../packages/lenet/src/model/initialise.ts'
import { model } from '../packages/lenet/src/model/model.ts'
import { planPrediction, writeWeights } from '../packages/lenet/src/model/plan.ts'
import { zoo } from '../packages/lenet/src/model/zoo/index.ts'
import { createRandom } from '../packages/lenet/src/random/random.ts'
import { difference } from '../packages/lenet/src/testing/torch-run.ts'

interface Runtime {
  readonly InferenceSession: {
    create(bytes: Uint8Array): Promise<{ run(feeds: object): Promise<Record<string, { data: Float32Array }>> }>
  }
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => object
}

const load = (): Runtime | undefined => {
  try {
    return createRequire(resolve(process.argv[2] ?? '.', 'package.json'))('onnxruntime-node') as Runtime
  } catch {
    return undefined
  }
}

const runtime = load()
if (runtime === undefined) {
  console.log(
    'onnxruntime-node is not installed; nothing was checked (npm install --ignore-scripts onnxruntime-node in some folder, and give that folder)',
  )
  process.exit()
}

/** Every layer that is written as more than one node. */
const unusual = model([1, 12, 12], {
  c1: conv2d({ out: 4, kernel: 3, padding: 1, stride: 2 }),
  s2: subsample(2),
  t2: scaledTanh(),
  c3: conv2d({
    out: 3,
    kernel: 2,
    table: [
      [1, 1, 0, 0],
      [0, 1, 1, 0],
      [1, 0, 0, 1],
    ],
  }),
  c4: conv2d({ out: 3, kernel: 3, padding: 1 }),
  sum: from(['c3', 'c4'], add()),
  drop: dropout(0.5),
  flat: view(-1, -1),
  fc: linear(6),
  codes: rbf(4),
})

const SAMPLES = 5
for (const [name, net] of [
  ...Object.entries(zoo).map(([name, make]) => [name, make()] as const),
  ['unusual', unusual] as const,
]) {
  const weights = initialise(net, 3)
  const random = createRandom(8, 'noise')
  const x = Float32Array.from({ length: SAMPLES * sizeOf(net.input) }, () => random() * 2 - 1)
  const plan = planPrediction(net, 'float32')
  const machine = createMachineNow(plan.program, SAMPLES)
  writeWeights(machine, plan, weights)
  machine.write(plan.scale, new Float32Array(net.input[0]!).fill(1))
  machine.input(plan.pixels).set(x)
  machine.start(SAMPLES)
  machine.finish()
  const ours = machine.output(plan.scores).slice(0, SAMPLES * net.entries.at(-1)!.output[0]!)
  const classes = Array.from({ length: net.entries.at(-1)!.output[0]! }, (_, index) => String(index))
  const bytes = exportOnnx({ net, weights, classes, normalisation: { mean: [], std: [] }, preparation: 'picture' })
  const session = await runtime.InferenceSession.create(bytes)
  const { scores } = await session.run({ input: new runtime.Tensor('float32', x, [SAMPLES, ...net.input]) })
  console.log(
    `${name}: ${bytes.length} bytes, largest difference ${difference(ours, scores!.data).toExponential(1)} of the largest score`,
  )
}
