"""The networks of the catalogue in PyTorch: torchvision's where it has them."""

import torch
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
    grid = 7 if 224 <= min(height, size) and max(height, size) < 256 else 1
    network.avgpool = nn.AdaptiveAvgPool2d(grid)
    network.classifier = three_layers(
        widths[4] * grid**2, hidden or (4096 if grid == 7 else 512), classes, dropout)
    return network


def network(name, classes, channels, height, width, options):
    if name.startswith("vgg"):
        return vgg(int(name[3:]), classes, channels, height, width, options)
    raise KeyError(name)
