"""What networks that somebody else trained say of pictures. Run: python3 Tests/Golden/foreign-networks.py DATA PICTURES

DATA is the folder `foreign-checkpoints` of ../shared/data, PICTURES a folder with the unpacked `test` pictures of
CIFAR-10 there. Writes foreign-networks.safetensors: `images` [N, 3, 32, 32], normalised by ImageNet's mean and
deviation, and of each network `NAME.logits` [N, 10] and `NAME.layer2` [N, 32, 16, 16] of the first pictures. With
`--accuracy` it also prints the share of all pictures that each network has right.
"""

import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import save_file
from torch import nn

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


class Block(nn.Module):
    """Two convolutions beside a shortcut without parameters: every second pixel, zero channels before and after."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride, self.pad = stride, (outputs - inputs) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.pad, self.pad)))


class ResNet(nn.Module):
    def __init__(self, depth):
        super().__init__()
        count = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        for stage in range(3):
            outputs = 16 << stage
            blocks = [Block(outputs if index or not stage else outputs // 2, outputs, 1 if index or not stage else 2)
                      for index in range(count)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer1(F.relu(self.bn1(self.conv1(x))))
        middle = self.layer2(x)
        return self.linear(self.layer3(middle).mean((2, 3))), middle


def read(path):
    pixels = torch.from_numpy(np.asarray(Image.open(path).convert("RGB")).copy()).permute(2, 0, 1)[None].float() / 255
    return (pixels - MEAN) / DEVIATION


@torch.no_grad()
def main(data, pictures, everything):
    files = {name: sorted((pictures / name).iterdir()) for name in CLASSES}
    images = torch.cat([read(files[name][0]) for name in CLASSES])
    tensors = {"images": images}
    for path in sorted(data.glob("*.th")):
        name = path.name.split("-")[0]
        state = torch.load(path, weights_only=True, map_location="cpu")["state_dict"]
        network = ResNet(int(name.removeprefix("resnet"))).eval()
        network.load_state_dict({key.removeprefix("module."): value for key, value in state.items()})
        logits, middle = network(images)
        tensors |= {f"{name}.logits": logits, f"{name}.layer2": middle[:2].clone()}
        if everything:
            right = 0
            for label, kind in enumerate(CLASSES):
                batch = torch.cat([read(file) for file in files[kind]])
                right += int((network(batch)[0].argmax(1) == label).sum())
            print(name, right, "of", sum(map(len, files.values())), flush=True)
    save_file(tensors, Path(__file__).with_suffix(".safetensors"), {"torch": torch.__version__})


main(Path(sys.argv[1]), Path(sys.argv[2]), "--accuracy" in sys.argv)
