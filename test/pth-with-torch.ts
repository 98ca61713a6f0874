// Our .pth files against PyTorch itself: node test/pth-with-torch.ts [--python /usr/bin/python3]
// Says so when PyTorch is missing, and is then no failure.
//  1. A network of ours, written as .pth, opens in PyTorch, which must compute the logits that we compute.
//  2. Files of PyTorch, read and written again, must give PyTorch's own logits to the last bit.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createMachineNow } from '../packages/lenet/src/engine/create-machine.ts'
import { arrayBytes, type NamedArrays } from '../packages/lenet/src/formats/arrays.ts'
import { readPth, writePth } from '../packages/lenet/src/formats/pth.ts'
import { initialise } from '../packages/lenet/src/model/initialise.ts'
import { parametersOf } from '../packages/lenet/src/model/model.ts'
import { planPrediction, writeWeights } from '../packages/lenet/src/model/plan.ts'
import { lenet } from '../packages/lenet/src/model/zoo/lenet.ts'
import { createRandom } from '../packages/lenet/src/random/random.ts'
import { tolerances } from '../packages/lenet/src/testing/tolerances.ts'

const IMAGES = 8
const files = ['zip.pth', 'legacy.pth', 'checkpoint.pth']

const network = `
import collections, inspect, os, sys, torch
from torch import nn
os.chdir(sys.argv[1])
torch.manual_seed(3)
net = nn.Sequential(collections.OrderedDict([
    ('conv1', nn.Conv2d(3, 6, 5)), ('relu1', nn.ReLU()), ('pool1', nn.MaxPool2d(2)),
    ('conv2', nn.Conv2d(6, 16, 5)), ('relu2', nn.ReLU()), ('pool2', nn.MaxPool2d(2)), ('flat', nn.Flatten()),
    ('fc1', nn.Linear(400, 120)), ('relu3', nn.ReLU()), ('fc2', nn.Linear(120, 84)), ('relu4', nn.ReLU()),
    ('fc3', nn.Linear(84, 10)),
]))
x = torch.rand(${IMAGES}, 3, 32, 32)
safe = 'weights_only' in inspect.signature(torch.load).parameters
`

const save = `${network}
torch.save(net.state_dict(), 'zip.pth')
torch.save(net.state_dict(), 'legacy.pth', _use_new_zipfile_serialization=False)
torch.save({'epoch': 1, 'model_state_dict': net.state_dict()}, 'checkpoint.pth')
torch.save(net(x).detach(), 'logits')
`

const check = `${network}
def load(name):
    state = torch.load(name, **({'weights_only': True} if safe else {}))
    assert type(state) is collections.OrderedDict, type(state)
    for parameter in net.parameters(): nn.init.zeros_(parameter)
    net.load_state_dict(state)

def read(name, shape):
    return torch.frombuffer(bytearray(open(name, 'rb').read()), dtype=torch.float32).reshape(shape)

for name in ${JSON.stringify(files)}:
    load('ours-' + name)
    assert torch.equal(net(x), torch.load('logits')), 'the logits differ after ' + name
    print(f'{name}: {os.path.getsize(name)} bytes, ours {os.path.getsize("ours-" + name)}, equal logits')
load('ours.pth')
theirs, ours = net(read('x', (${IMAGES}, 3, 32, 32))), read('ours', (${IMAGES}, 10))
distance = ((theirs - ours).abs().max() / theirs.abs().max()).item()
print(f'ours.pth: {os.path.getsize("ours.pth")} bytes; our logits and PyTorch\\'s differ by {distance:.1e} of the largest')
assert distance < ${tolerances.torchValue}, 'more than ${tolerances.torchValue}'
print('torch', torch.__version__, 'with weights_only' if safe else 'without weights_only')
`

const { values } = parseArgs({
  options: { python: { type: 'string', default: process.env.LENET_PYTHON ?? 'python3' } },
})

function python(script: string, folder: string): string {
  const { status, stdout, stderr, error } = spawnSync(values.python, ['-c', script, folder], { encoding: 'utf8' })
  if (error !== undefined || status !== 0) throw new Error(`${values.python}: ${error ?? stdout + stderr}`)
  return stdout
}

/** A network of ours with images and its logits for them. */
function writeOurs(folder: string): void {
  const net = lenet()
  const weights = initialise(net, 5)
  const arrays: NamedArrays = new Map(
    parametersOf(net).map(({ name, shape }) => [name, { dtype: 'float32', shape, data: weights.get(name)! }]),
  )
  writeFileSync(join(folder, 'ours.pth'), writePth(arrays))
  const random = createRandom(5, 'noise')
  const x = Float32Array.from({ length: IMAGES * 3 * 32 * 32 }, () => 2 * random() - 1)
  const plan = planPrediction(net, 'float32')
  const machine = createMachineNow(plan.program, IMAGES)
  writeWeights(machine, plan, weights)
  machine.write(plan.scale, [1, 1, 1])
  machine.input(plan.pixels).set(x)
  machine.start(IMAGES)
  machine.finish()
  const ours = machine.output(plan.scores).slice(0, IMAGES * 10)
  for (const [name, data] of Object.entries({ x, ours })) {
    writeFileSync(join(folder, name), arrayBytes({ dtype: 'float32', shape: [data.length], data }))
  }
  machine.close()
}

if (spawnSync(values.python, ['-c', 'import torch']).status !== 0) {
  console.log(`${values.python} has no PyTorch; nothing was checked (on Debian: apt-get install python3-torch)`)
} else {
  const folder = mkdtempSync(join(tmpdir(), 'lenet-torch-'))
  try {
    python(save, folder)
    for (const name of files) {
      const { arrays } = readPth(readFileSync(join(folder, name)), name)
      writeFileSync(join(folder, `ours-${name}`), writePth(arrays, name.replace('.pth', '')))
    }
    writeOurs(folder)
    process.stdout.write(python(check, folder))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
