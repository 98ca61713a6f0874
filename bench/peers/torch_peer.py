"""PyTorch: the network of `lenet`, trained or run on random images. Reads seconds, a line each, from standard input and
answers each with one line of JSON.
   python3 bench/peers/torch_peer.py training|inference BATCH THREADS [CHANNELS]"""
import json, sys, time

try:
    import torch
    from torch import nn
    import torch.nn.functional as F
except ImportError as error:
    print(json.dumps({'absent': f'{sys.executable}: {error} (on Debian: apt-get install python3-torch libopenblas0-pthread; or set LENET_PYTHON)'}))
    sys.exit()

mode, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
channels = int(sys.argv[4]) if len(sys.argv) > 4 else 3
torch.set_num_threads(threads)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(channels, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc2(F.relu(self.fc1(x.view(-1, 400)))))
        return self.fc3(x)


net = Net()
images, targets = torch.randn(batch, channels, 32, 32), torch.randint(0, 10, (batch,))
optimizer, criterion = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9), nn.CrossEntropyLoss()


def train():
    optimizer.zero_grad()
    criterion(net(images), targets).backward()
    optimizer.step()


def infer():
    with torch.no_grad():
        net(images)


step = train if mode == 'training' else infer
print(json.dumps({'version': torch.__version__}), flush=True)
for line in sys.stdin:
    end, began, steps = time.perf_counter() + float(line), time.perf_counter(), 0
    while time.perf_counter() < end:
        step()
        steps += 1
    rate = steps * batch / (time.perf_counter() - began)
    print(json.dumps({'imagesPerSecond': rate}), flush=True)
