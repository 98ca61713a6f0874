"""PyTorch on the same work: the network of `lenet`, trained or run on random images. Reads seconds, a line each, from
standard input and answers each with one line of JSON, so that a bench can take turns between peers."""
import argparse, json, sys, time
import torch
from torch import nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument('--threads', type=int, default=2)
parser.add_argument('--batch', type=int, default=64)
parser.add_argument('--mode', choices=['train', 'infer'], default='train')
options = parser.parse_args()
torch.set_num_threads(options.threads)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc2(F.relu(self.fc1(x.view(-1, 400)))))
        return self.fc3(x)


net = Net()
images, targets = torch.randn(options.batch, 3, 32, 32), torch.randint(0, 10, (options.batch,))
optimizer, criterion = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9), nn.CrossEntropyLoss()


def train():
    optimizer.zero_grad()
    criterion(net(images), targets).backward()
    optimizer.step()


def infer():
    with torch.no_grad():
        net(images)


step = train if options.mode == 'train' else infer
for line in sys.stdin:
    end, began, steps = time.perf_counter() + float(line), time.perf_counter(), 0
    while time.perf_counter() < end:
        step()
        steps += 1
    rate = steps * options.batch / (time.perf_counter() - began)
    print(json.dumps({'imagesPerSecond': rate, 'torch': torch.__version__}), flush=True)
