// Our .pth files against PyTorch itself: node test/pth-with-torch.ts [--python /usr/bin/python3]
// PyTorch saves a network and its logits; we read the file and write it again; PyTorch opens ours as a state_dict, loads it
// and must give the same logits to the last bit. Says so when PyTorch is missing, and is then no failure.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readPth, writePth } from '../packages/lenet/src/formats/pth.ts'

const network = `
import collections, inspect, os, sys, torch
from torch import nn
os.chdir(sys.argv[1])
torch.manual_seed(3)
net = nn.Sequential(collections.OrderedDict([
    ('conv1', nn.Conv2d(3, 6, 5)), ('relu1', nn.ReLU()), ('pool1', nn.MaxPool2d(2)),
    ('conv2', nn.Conv2d(6, 16, 5)), ('relu2', nn.ReLU()), ('pool2', nn.MaxPool2d(2)), ('flat', nn.Flatten()),
    ('fc1', nn.Linear(400, 120)), ('relu3', nn.ReLU()), ('fc2', nn.Linear(120, 84)), ('relu4', nn.ReLU()), ('fc3', nn.Linear(84, 10)),
]))
x = torch.rand(8, 3, 32, 32)
`

const save = `${network}
torch.save(net.state_dict(), 'zip.pth')
torch.save(net.state_dict(), 'legacy.pth', _use_new_zipfile_serialization=False)
torch.save({'epoch': 1, 'model_state_dict': net.state_dict()}, 'checkpoint.pth')
torch.save(net(x).detach(), 'logits')
`

const check = `${network}
safe = 'weights_only' in inspect.signature(torch.load).parameters
for name in ['zip.pth', 'legacy.pth', 'checkpoint.pth']:
    state = torch.load('ours-' + name, **({'weights_only': True} if safe else {}))
    assert type(state) is collections.OrderedDict, type(state)
    for parameter in net.parameters(): nn.init.zeros_(parameter)
    net.load_state_dict(state)
    assert torch.equal(net(x), torch.load('logits')), 'the logits differ after ' + name
    print(f'{name}: {os.path.getsize(name)} bytes, ours {os.path.getsize("ours-" + name)}, equal logits')
print('torch', torch.__version__, 'with weights_only' if safe else 'without weights_only')
`

const { values } = parseArgs({
  options: { python: { type: 'string', default: process.env.LENET_PYTHON ?? 'python3' } },
})

function python(script: string, folder: string): string {
  const { status, stdout, stderr, error } = spawnSync(values.python, ['-c', script, folder], { encoding: 'utf8' })
  if (error !== undefined || status !== 0) throw new Error(`${values.python} failed: ${error ?? stderr}`)
  return stdout
}

if (spawnSync(values.python, ['-c', 'import torch']).status !== 0) {
  console.log(`${values.python} has no PyTorch; nothing was checked (on Debian: apt-get install python3-torch)`)
} else {
  const folder = mkdtempSync(join(tmpdir(), 'lenet-torch-'))
  try {
    python(save, folder)
    for (const name of ['zip.pth', 'legacy.pth', 'checkpoint.pth']) {
      const { arrays } = readPth(readFileSync(join(folder, name)), name)
      writeFileSync(join(folder, `ours-${name}`), writePth(arrays, name.replace('.pth', '')))
    }
    process.stdout.write(python(check, folder))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
