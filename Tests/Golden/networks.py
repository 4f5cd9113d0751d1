"""The networks of KDScope's catalogue in PyTorch, with the same names of layers.

`build(name, classes, channels, height, width)` makes `cnn2` … `cnn10`, `resnet8` … `resnet110` and `vgg11`;
`forward_with_features` also gives what each stage of a ResNet gives before and after its last ReLU.
"""

import torch
import torch.nn.functional as F
from torch import nn


class BasicBlock(nn.Module):
    """Two 3×3 convolutions beside a shortcut, which is a 1×1 convolution where the size changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def before_relu(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return y + (x if self.downsample is None else self.downsample(x))

    def forward(self, x):
        return F.relu(self.before_relu(x))


class ResNet(nn.Module):
    """He et al., CVPR 2016, section 4.2: depth 6n + 2, three stages of 16, 32 and 64 channels."""

    def __init__(self, depth, classes, channels=3):
        super().__init__()
        assert depth >= 8 and (depth - 2) % 6 == 0, depth
        self.conv1 = nn.Conv2d(channels, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        width = 16
        for stage in range(3):
            blocks = []
            for index in range((depth - 2) // 6):
                blocks.append(BasicBlock(width, 16 << stage, 2 if stage > 0 and index == 0 else 1))
                width = 16 << stage
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(64, classes)

    def stem(self, x):
        return F.relu(self.bn1(self.conv1(x)))

    def head(self, x):
        return self.fc(x.mean((2, 3)))

    def forward(self, x):
        return self.head(self.layer3(self.layer2(self.layer1(self.stem(x)))))

    def last_stage_before_relu(self, x):
        """The measured feature of entropy maps: the last stage before its ReLU."""
        x = self.layer2(self.layer1(self.stem(x)))
        for block in self.layer3[:-1]:
            x = block(x)
        return self.layer3[-1].before_relu(x)

    def forward_with_features(self, x):
        features = {}
        x = self.stem(x)
        for stage in ("layer1", "layer2", "layer3"):
            blocks = getattr(self, stage)
            for block in blocks[:-1]:
                x = block(x)
            before = blocks[-1].before_relu(x)
            x = F.relu(before)
            features[f"{stage}.before"], features[f"{stage}.after"] = before, x
        return self.head(x), features


class PlainCNN(nn.Module):
    """3×3 convolutions with batch normalisation in stages of 32, 64, 128 channels, each ended by a 2×2 maximum."""

    STAGES = {2: [1, 1], 4: [2, 2], 6: [2, 2, 2], 8: [3, 3, 2], 10: [4, 3, 3]}

    def __init__(self, depth, classes, channels=3):
        super().__init__()
        self.ends = []
        number, inputs = 0, channels
        for stage, count in enumerate(self.STAGES[depth]):
            for _ in range(count):
                number += 1
                setattr(self, f"conv{number}", nn.Conv2d(inputs, 32 << stage, 3, 1, 1, bias=False))
                setattr(self, f"bn{number}", nn.BatchNorm2d(32 << stage))
                inputs = 32 << stage
            self.ends.append(number)
        self.depth = depth
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        for number in range(1, self.depth + 1):
            x = F.relu(getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(x)))
            if number in self.ends:
                x = F.max_pool2d(x, 2)
        return self.fc(x.mean((2, 3)))


class VGG11(nn.Module):
    """Configuration A of Simonyan & Zisserman, ICLR 2015: torchvision's at 224 pixels, else 1×1 and width 512."""

    def __init__(self, classes, channels=3, wide=False):
        super().__init__()
        layers, inputs = [], channels
        for item in (64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"):
            if item == "M":
                layers.append(nn.MaxPool2d(2, 2))
            else:
                layers += [nn.Conv2d(inputs, item, 3, padding=1), nn.ReLU()]
                inputs = item
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(7 if wide else 1)
        width = 4096 if wide else 512
        self.classifier = nn.Sequential(
            nn.Linear(512 * 49 if wide else 512, width), nn.ReLU(), nn.Dropout(0.5), nn.Linear(width, width), nn.ReLU(),
            nn.Dropout(0.5), nn.Linear(width, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def build(name, classes=10, channels=3, height=32, width=32):
    if name.startswith("resnet"):
        return ResNet(int(name[6:]), classes, channels)
    if name.startswith("cnn"):
        return PlainCNN(int(name[3:]), classes, channels)
    assert name == "vgg11", name
    return VGG11(classes, channels, wide=min(height, width) >= 224)


def recorded(recorder, case, network):
    """The network in float64 with random weights and statistics of the usual size, recorded as CASE.NAME."""
    network = network.double()
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            fan = value[0].numel() if value.dim() > 1 else 1
            shift = 1 if value.dim() == 1 and name.endswith(("weight", "running_var")) else 0
            scale = (2 / fan) ** 0.5 if value.dim() > 1 else 0.1
            array = recorder.normal(*value.shape, scale=scale, shift=shift, half=True)
            array = abs(array) if name.endswith("running_var") else array
            value.copy_(torch.from_numpy(array.astype("float64")))
            recorder.keep(f"{case}.{name}", array)
    return network
