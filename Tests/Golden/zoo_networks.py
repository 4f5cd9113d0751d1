"""The networks of the catalogue in PyTorch: torchvision's where it has them."""

import torch
import torch.nn.functional as F
from torch import nn


def torchvision_models():
    """torchvision's networks, also where its compiled operators do not fit the torch at hand (they are not needed)."""
    try:
        from torchvision import models
    except RuntimeError:
        library = torch.library.Library("torchvision", "DEF")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        from torchvision import models
    return models


tv = torchvision_models()
VGG = {8: [1] * 5, 11: [1, 1, 2, 2, 2], 13: [2] * 5, 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4]}


def scaled(channels, width):
    return max(4, 4 * round(channels * width / 4))


def three_layers(features, hidden, classes, dropout):
    return nn.Sequential(
        nn.Linear(features, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, hidden), nn.ReLU(),
        nn.Dropout(dropout), nn.Linear(hidden, classes))


class BlockVGG(nn.Module):
    """RepDistiller's layout: blocks of convolutions, three or four halvings, a global mean."""

    def __init__(self, counts, widths, channels, halvings, batch_norm, head):
        super().__init__()
        self.halvings = halvings
        for stage, (count, outputs) in enumerate(zip(counts, widths)):
            layers = []
            for _ in range(count):
                layers += [nn.Conv2d(channels, outputs, 3, padding=1)]
                layers += [nn.BatchNorm2d(outputs)] if batch_norm else []
                layers += [nn.ReLU()]
                channels = outputs
            setattr(self, f"block{stage}", nn.Sequential(*layers))
        self.classifier = head

    def forward(self, x):
        for stage in range(5):
            x = getattr(self, f"block{stage}")(x)
            if stage < self.halvings:
                x = nn.functional.max_pool2d(x, 2)
        return self.classifier(x.mean((2, 3)))


def vgg(depth, classes, channels, height, size, options):
    factor, dropout = options.get("width", 1), options.get("dropout", 0.5)
    widths = [scaled(each, factor) for each in (64, 128, 256, 512, 512)]
    hidden, batch_norm = options.get("hidden"), options.get("batch_norm", depth == 8)
    if depth == 8 or options.get("layout") == "repdistiller":
        head = nn.Linear(widths[4], classes) if hidden is None else three_layers(widths[4], hidden, classes, dropout)
        return BlockVGG(VGG[depth], widths, channels, 4 if height >= 64 else 3, batch_norm, head)
    plan = []
    for count, outputs in zip(VGG[depth], widths):
        plan += [outputs] * count + ["M"]
    network = tv.VGG(tv.vgg.make_layers(plan, batch_norm), num_classes=classes, init_weights=False)
    if channels != 3:
        network.features[0] = nn.Conv2d(channels, widths[0], 3, padding=1)
    grid = 7 if options.get("grid", 224 <= min(height, size) and max(height, size) < 256) else 1
    network.avgpool = nn.AdaptiveAvgPool2d(grid)
    network.classifier = three_layers(
        widths[4] * grid**2, hidden or (4096 if grid == 7 else 512), classes, dropout)
    return network


def resnet(name, classes, channels, height, width, options):
    large = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}
    if name.endswith("x4"):
        return small_resnet(int(name[6:-2]), [32, 64, 128, 256], classes, channels)
    depth = int(name[6:])
    if "shortcut" in options:
        return small_resnet(depth, [16, 16, 32, 64], classes, channels, pads=options["shortcut"] == "pad")
    block = tv.resnet.Bottleneck if depth >= 50 else tv.resnet.BasicBlock
    made = tv.ResNet(block, large[depth], num_classes=classes)
    if not has_large_images(height, width, options):
        made.conv1 = nn.Conv2d(channels, 64, 3, padding=1, bias=False)
        made.maxpool = nn.Identity()
    return made


def has_large_images(height, width, options):
    return {"small": False, "large": True}.get(options.get("stem"), min(height, width) >= 128)


class StagesAndHead(nn.Module):
    """What small networks have in common: a stem, three stages, a global mean and a linear layer."""

    def __init__(self, layers, head):
        super().__init__()
        for name, layer in layers.items():
            setattr(self, name, layer)
        setattr(self, head[0], head[1])
        self.order, self.head = list(layers), head[0]

    def forward(self, x):
        for name in self.order:
            x = getattr(self, name)(x)
            if name == "bn1":
                x = F.relu(x)
        return getattr(self, self.head)(x.mean((2, 3)))


class ZeroPadded(nn.Module):
    """Option A of He et al., CVPR 2016: every second pixel, zeros for the channels that are missing, on both sides."""

    def __init__(self, missing):
        super().__init__()
        self.missing = missing

    def forward(self, x):
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.missing // 2, self.missing - self.missing // 2))


def small_resnet(depth, widths, classes, channels, pads=False):
    stages, inputs = {}, widths[0]
    for stage, outputs in enumerate(widths[1:]):
        blocks = []
        for index in range((depth - 2) // 6):
            stride = 2 if stage > 0 and index == 0 else 1
            shortcut = None
            if pads and stride > 1:
                shortcut = ZeroPadded(outputs - inputs)
            elif stride > 1 or inputs != outputs:
                shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
            blocks.append(tv.resnet.BasicBlock(inputs, outputs, stride, shortcut))
            inputs = outputs
        stages[f"layer{stage + 1}"] = nn.Sequential(*blocks)
    stem = {"conv1": nn.Conv2d(channels, widths[0], 3, padding=1, bias=False), "bn1": nn.BatchNorm2d(widths[0])}
    return StagesAndHead(stem | stages, ("fc", nn.Linear(inputs, classes)))


class WideBlock(nn.Module):
    """Pre-activation: where the channels change, the shortcut starts behind the first ReLU."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        if inputs != outputs:
            self.convShortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x):
        h = F.relu(self.bn1(x))
        y = self.conv2(F.relu(self.bn2(self.conv1(h))))
        return y + (self.convShortcut(h) if hasattr(self, "convShortcut") else x)


class WideStage(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.layer = nn.Sequential(*blocks)

    def forward(self, x):
        return self.layer(x)


def wide(depth, factor, classes, channels):
    layers, inputs = {"conv1": nn.Conv2d(channels, 16, 3, padding=1, bias=False)}, 16
    for stage in range(3):
        blocks = []
        for index in range((depth - 4) // 6):
            blocks.append(WideBlock(inputs, 16 * factor << stage, 2 if stage > 0 and index == 0 else 1))
            inputs = 16 * factor << stage
        layers[f"block{stage + 1}"] = WideStage(blocks)
    layers["bn1"] = nn.BatchNorm2d(inputs)
    return StagesAndHead(layers, ("fc", nn.Linear(inputs, classes)))


def alexnet(classes, channels, height, width, options):
    made = tv.alexnet(num_classes=classes, dropout=options.get("dropout", 0.5))
    large = has_large_images(height, width, options)
    hidden = options.get("hidden", 4096 if large else 512)
    if not large:
        made.features[0] = nn.Conv2d(channels, 64, 3, stride=2, padding=1)
        made.features[3] = nn.Conv2d(64, 192, 3, padding=1)
        for index in (2, 5, 12):
            made.features[index] = nn.MaxPool2d(2)
        made.avgpool = nn.AdaptiveAvgPool2d(2)
    for place, extents in ((1, (256 * (36 if large else 4), hidden)), (4, (hidden, hidden)), (6, (hidden, classes))):
        made.classifier[place] = nn.Linear(*extents)
    return made


class SmallInverted(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        width = inputs * expansion
        self.conv = nn.Sequential(
            nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, stride, 1, groups=width, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.conv(x) if self.adds else self.conv(x)


class SmallMobileNet(nn.Module):
    """RepDistiller's MobileNetV2 for 32 pixels: four halvings, plain ReLUs."""

    def __init__(self, factor, classes, channels):
        super().__init__()
        inputs = int(32 * factor)
        self.conv1 = self.unit(channels, inputs, 3, 2)
        self.blocks = nn.ModuleList()
        for expansion, width, count, first in (
            (1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
            blocks = []
            for index in range(count):
                blocks.append(SmallInverted(inputs, int(width * factor), first if index == 0 else 1, expansion))
                inputs = int(width * factor)
            self.blocks.append(nn.Sequential(*blocks))
        last = int(1280 * factor) if factor > 1 else 1280
        self.conv2 = self.unit(inputs, last, 1, 1)
        self.classifier = nn.Sequential(nn.Linear(last, classes))

    @staticmethod
    def unit(inputs, outputs, kernel, stride):
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())

    def forward(self, x):
        x = self.conv1(x)
        for stage in self.blocks:
            x = stage(x)
        return self.classifier(self.conv2(x).mean((2, 3)))


class ShuffleUnit(nn.Module):
    def __init__(self, inputs, outputs, halves, first, groups):
        super().__init__()
        own = outputs - inputs if halves else outputs
        middle = own // 4
        self.conv1 = nn.Conv2d(inputs, middle, 1, groups=first, bias=False)
        self.bn1 = nn.BatchNorm2d(middle)
        self.conv2 = nn.Conv2d(middle, middle, 3, 2 if halves else 1, 1, groups=middle, bias=False)
        self.bn2 = nn.BatchNorm2d(middle)
        self.conv3 = nn.Conv2d(middle, own, 1, groups=groups, bias=False)
        self.bn3 = nn.BatchNorm2d(own)
        self.halves, self.first = halves, first

    def forward(self, x):
        y = tv.shufflenetv2.channel_shuffle(F.relu(self.bn1(self.conv1(x))), self.first)
        y = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(y)))))
        return F.relu(torch.cat([y, F.avg_pool2d(x, 3, 2, 1)], 1) if self.halves else y + x)


def shufflenet_v1(classes, channels):
    layers, inputs = {"conv1": nn.Conv2d(channels, 24, 1, bias=False), "bn1": nn.BatchNorm2d(24)}, 24
    for stage, (outputs, count) in enumerate(((240, 4), (480, 8), (960, 4))):
        units = []
        for index in range(count):
            units.append(ShuffleUnit(inputs, outputs, index == 0, 1 if inputs == 24 else 3, 3))
            inputs = outputs
        layers[f"layer{stage + 1}"] = nn.Sequential(*units)
    return StagesAndHead(layers, ("linear", nn.Linear(inputs, classes)))


def shufflenet_v2(factor, classes, channels, height, width, options):
    widths = {
        "0.5": [24, 48, 96, 192, 1024], "1.0": [24, 116, 232, 464, 1024], "1.5": [24, 176, 352, 704, 1024],
        "2.0": [24, 244, 488, 976, 2048]}[factor]
    made = tv.ShuffleNetV2([4, 8, 4], widths, num_classes=classes)
    if not has_large_images(height, width, options):
        made.conv1[0] = nn.Conv2d(channels, 24, 1, bias=False)
        made.maxpool = nn.Identity()
    return made


class AssistantPlain(nn.Module):
    """Mirzadeh et al., AAAI 2020: C convolution, M halving, F linear; the layers as their tables have them."""

    PLANS = {
        2: ("C16 M C16 M", "C32 M C32 M"),
        4: ("C16 C16 M C32 C32 M", "C32 C32 M C64 C64 M"),
        6: ("C16 C16 M C32 C32 M C64 C64 M", "C32 C32 M C64 C64 M C128 C128"),
        8: ("C16 C16 M C32 C32 M C64 C64 M C128 C128 M F64", "C32 C32 M C64 C64 M C128 C128 M C256 C256 M F64"),
        10: ("C32 C32 M C64 C64 M C128 C128 M C256 C256 C256 C256 M F128",
             "C32 C32 M C64 C64 M C128 C128 M C256 C256 C256 C256 M F512"),
    }

    def __init__(self, size, classes, channels, height, width, factor):
        super().__init__()
        self.steps, convolutions, linear = [], 0, 0
        for layer in self.PLANS[size][classes >= 100].split() + [f"F{classes}"]:
            if layer == "M":
                height, width = height // 2, width // 2
                self.steps.append(nn.MaxPool2d(2))
            elif layer[0] == "C":
                convolutions += 1
                outputs = scaled(int(layer[1:]), factor)
                setattr(self, f"conv{convolutions}", nn.Conv2d(channels, outputs, 3, padding=1))
                setattr(self, f"bn{convolutions}", nn.BatchNorm2d(outputs))
                self.steps += [f"conv{convolutions}", f"bn{convolutions}", nn.ReLU()]
                channels = outputs
            else:
                linear += 1
                inputs = channels * height * width if linear == 1 else inputs
                self.steps += [nn.Flatten()] if linear == 1 else [nn.ReLU()]
                setattr(self, f"fc{linear}", nn.Linear(inputs, int(layer[1:])))
                self.steps.append(f"fc{linear}")
                inputs = int(layer[1:])

    def forward(self, x):
        for step in self.steps:
            x = getattr(self, step)(x) if isinstance(step, str) else step(x)
        return x


def network(name, classes, channels, height, width, options):
    if name.startswith("plain"):
        return AssistantPlain(int(name[5:]), classes, channels, height, width, options.get("width", 1))
    if name.startswith("vgg"):
        return vgg(int(name[3:]), classes, channels, height, width, options)
    if name.startswith("resnet"):
        return resnet(name, classes, channels, height, width, options)
    if name.startswith("wrn-"):
        return wide(*map(int, name.split("-")[1:]), classes, channels)
    if name == "alexnet":
        return alexnet(classes, channels, height, width, options)
    if name == "mobilenet-v2":
        return tv.mobilenet_v2(
            num_classes=classes, width_mult=options.get("width", 1), dropout=options.get("dropout", 0.2))
    if name == "mobilenet-v2-small":
        return SmallMobileNet(options.get("width", 0.5), classes, channels)
    if name == "shufflenet-v1":
        return shufflenet_v1(classes, channels)
    assert name.startswith("shufflenet-v2"), name
    return shufflenet_v2(name[len("shufflenet-v2-x"):] or "1.0", classes, channels, height, width, options)
