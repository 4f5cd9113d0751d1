"""Times published-style entropy maps in PyTorch: ResNet-20 at its last stage, 32×32, 96 draws × 60 steps per image.

For each image: σ on a 16×16 grid, nearest-neighbour upsampled and shared by the colours; each step draws 96 noisy
copies and takes one step of SGD on σ (rate 1e-4, no momentum) down the gradient of

    MSE(relu f(x + σε), relu f(x)) / s − λ · mean_i (ln σ_i + ½ ln 2πe),    s = the same MSE at σ = 0.01 everywhere

The weights are frozen, so the only gradient is σ's. Forms: as published (`eager`), `channels_last`, both with batch
normalisation folded into the convolutions (`folded`), and that compiled (`compile`). Each form is timed on a few steps,
then the fastest one does the images. Prints one JSON document.
"""

import argparse
import json
import math
import statistics
import time

import torch
import torch.nn.functional as F
from common import build, configure, load_network, memory
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

FORMS = ("eager", "channels_last", "folded", "compile")
START, LEAST, MOST = 0.01, 0.001, 1.0
TARGET = -2.8
RATE = 1e-4
HALF_LOG_2_PI_E = 0.5 * math.log(2 * math.pi * math.e)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", help="safetensors or .pth of a CIFAR ResNet (default: fresh weights)")
    parser.add_argument("--model", help="network of a checkpoint that does not say it (default: what the file says)")
    parser.add_argument("--input", help="safetensors with images [N, 3, 32, 32] in [0, 1] (default: random ones)")
    parser.add_argument("--images", type=int, default=2, help="images to measure (default: 2)")
    parser.add_argument("--together", type=int, default=1, help="images whose draws share a batch (default: 1)")
    parser.add_argument("--draws", type=int, default=96, help="noisy copies per step and image (default: 96)")
    parser.add_argument("--steps", type=int, default=60, help="steps per image (default: 60)")
    parser.add_argument("--grid", type=int, default=16, help="cells in each direction (default: 16)")
    parser.add_argument("--weight", type=float, default=6.0, help="weight λ of the entropy (default: 6, ResNets)")
    parser.add_argument("--form", choices=("best", *FORMS), default="best", help="form (default: the fastest)")
    parser.add_argument("--trial-steps", type=int, default=6, help="steps on which forms are compared (default: 6)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default: 2)")
    parser.add_argument("--out", help="safetensors for the maps: entropies [N, grid, grid] in nats")
    return parser.parse_args()


def fold(network):
    """Puts each batch normalisation into the convolution before it."""
    network.conv1, network.bn1 = fuse_conv_bn_eval(network.conv1, network.bn1), nn.Identity()
    for stage in (network.layer1, network.layer2, network.layer3):
        for block in stage:
            block.conv1, block.bn1 = fuse_conv_bn_eval(block.conv1, block.bn1), nn.Identity()
            block.conv2, block.bn2 = fuse_conv_bn_eval(block.conv2, block.bn2), nn.Identity()
            if block.downsample is not None:
                block.downsample = nn.Sequential(fuse_conv_bn_eval(*block.downsample))
    return network


class Measurement:
    """The published procedure on one form of the network; several images at a time, each with its own σ."""

    def __init__(self, options, network, normalization, form):
        self.options = options
        self.layout = torch.contiguous_format if form == "eager" else torch.channels_last
        network = network.eval().requires_grad_(False)
        if form in ("folded", "compile"):
            network = fold(network)
        self.network = network.to(memory_format=self.layout)
        mean, deviation = (torch.tensor(normalization[key]).view(1, -1, 1, 1) for key in ("mean", "std"))

        def distances(noisy, clean):
            """Each image's mean squared move of the feature over draws and units."""
            feature = F.relu(self.network.last_stage_before_relu((noisy - mean) / deviation))
            return (feature.unflatten(0, (clean.shape[0], -1)) - clean[:, None]).square().flatten(1).mean(1)

        def features(images):
            return F.relu(self.network.last_stage_before_relu((images - mean) / deviation))

        self.features = features
        self.distances = torch.compile(distances) if form == "compile" else distances

    def noisy(self, images, sigma):
        pixels = F.interpolate(sigma, size=images.shape[2:], mode="nearest")
        noise = torch.randn(images.shape[0], self.options.draws, *images.shape[1:])
        copies = images[:, None] + pixels[:, None] * noise
        return copies.flatten(0, 1).contiguous(memory_format=self.layout)

    def map(self, images, steps):
        """Entropies [N, grid, grid]: of each image the iterate whose mean entropy is nearest to the target."""
        options = self.options
        grid = (len(images), 1, options.grid, options.grid)
        with torch.no_grad():
            clean = self.features(images.contiguous(memory_format=self.layout))
            scale = self.distances(self.noisy(images, torch.full(grid, START)), clean)
        free = torch.full(grid, START, requires_grad=True)
        optimizer = torch.optim.SGD([free], lr=RATE)
        kept, nearest = torch.zeros(grid), torch.full((len(images),), math.inf)
        for _ in range(steps):
            sigma = free.clamp(LEAST, MOST)
            entropy = sigma.log() + HALF_LOG_2_PI_E
            mean = entropy.flatten(1).mean(1)
            objective = self.distances(self.noisy(images, sigma), clean) / scale - options.weight * mean
            with torch.no_grad():
                gap = (mean - TARGET).abs()
                better = gap < nearest
                kept[better], nearest[better] = entropy[better], gap[better]
            optimizer.zero_grad()
            objective.sum().backward()
            optimizer.step()
        return kept[:, 0]


def prepare(options, form):
    torch.manual_seed(1)
    if options.checkpoint:
        network, normalization = load_network(options.checkpoint, options.model)
    else:
        network, normalization = build("resnet20"), None
    return Measurement(options, network, normalization or {"mean": [0.5] * 3, "std": [0.25] * 3}, form)


def main():
    options = arguments()
    configure(options.threads)
    imported = memory("VmRSS")
    if options.input:
        from safetensors.torch import load_file

        images = load_file(options.input)["images"].float()[: options.images]
    else:
        images = F.interpolate(torch.rand(options.images, 3, 8, 8), size=(32, 32), mode="bilinear")
    groups = list(images.split(options.together))

    projected, chosen, measurement = {}, options.form, None
    if chosen == "best":
        for form in FORMS:
            candidate = prepare(options, form)
            candidate.map(groups[0], 2)
            start = time.perf_counter()
            candidate.map(groups[0], options.trial_steps)
            # The pass that gives s is about a third of a step and is left in.
            projected[form] = (time.perf_counter() - start) / options.trial_steps * options.steps / len(groups[0])
            if projected[form] == min(projected.values()):
                chosen, measurement = form, candidate
    else:
        measurement = prepare(options, chosen)
        measurement.map(groups[0], 2)

    durations, maps = [], []
    for group in groups:
        torch.manual_seed(2)
        start = time.perf_counter()
        maps.append(measurement.map(group, options.steps))
        durations.append((time.perf_counter() - start) / len(group))
    entropies = torch.cat(maps)
    if options.out:
        from safetensors.torch import save_file

        save_file({"entropies": entropies.contiguous()}, options.out)
    print(json.dumps({
        "seconds_per_image": statistics.median(durations), "form": chosen, "images": len(images),
        "together": options.together, "draws": options.draws, "steps": options.steps,
        "passes_per_image": options.draws * options.steps,
        "mean_entropy": float(entropies.mean()), "spread_of_map": float(entropies.flatten(1).std(1).mean()),
        "projected_seconds_per_image": projected, "peak_rss_above_import_bytes": memory("VmHWM") - imported,
        "threads": options.threads, "torch": torch.__version__}, indent=2))


if __name__ == "__main__":
    main()
