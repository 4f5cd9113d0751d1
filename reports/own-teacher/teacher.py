"""Trains the teacher of this report with PyTorch alone, and saves it as training scripts do.

Usage: teacher.py PICTURES IMAGES-PER-CLASS EPOCHS OUT.pth      # the report: /tmp/cifar/train 500 6 own-resnet20.pth
"""
import pathlib
import sys

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

MEAN, DEVIATION = [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]
BATCH = 128


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride > 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))) + shortcut)


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(*[Block(16, 16, 1) for _ in range(3)])
        self.layer2 = nn.Sequential(Block(16, 32, 2), *[Block(32, 32, 1) for _ in range(2)])
        self.layer3 = nn.Sequential(Block(32, 64, 2), *[Block(64, 64, 1) for _ in range(2)])
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        return self.fc(x.mean((2, 3)))


def pictures(root, count):
    classes = sorted(folder.name for folder in root.iterdir())
    files = [(file, label) for label, name in enumerate(classes) for file in sorted((root / name).iterdir())[:count]]
    pixels = np.stack([np.asarray(Image.open(file).convert("RGB")) for file, _ in files])
    x = torch.tensor(pixels).permute(0, 3, 1, 2).float() / 255
    x = (x - torch.tensor(MEAN).view(1, 3, 1, 1)) / torch.tensor(DEVIATION).view(1, 3, 1, 1)
    return x, torch.tensor([label for _, label in files]), classes


torch.manual_seed(7)
x, y, classes = pictures(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
epochs = int(sys.argv[3])
net = ResNet20()
steps = len(x) // BATCH
optimizer = torch.optim.SGD(net.parameters(), 0.1, 0.9, weight_decay=5e-4, nesterov=True)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.2, total_steps=epochs * steps)
for epoch in range(epochs):
    order, total = torch.randperm(len(x)), 0.0
    for step in range(steps):
        chosen = order[step * BATCH:(step + 1) * BATCH]
        batch = x[chosen]
        if torch.rand(1) < 0.5:
            batch = batch.flip(3)
        left, top = torch.randint(0, 9, (2,))
        batch = F.pad(batch, (4, 4, 4, 4), "reflect")[:, :, top:top + 32, left:left + 32]
        loss = F.cross_entropy(net(batch), y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
    print(f"epoch {epoch + 1}/{epochs}: loss {total / steps:.3f}", flush=True)
torch.save(
    {"epoch": epochs, "state_dict": net.state_dict(), "optimizer": optimizer.state_dict(), "classes": classes},
    sys.argv[4])
