"""Holds KDScope's checkpoints against PyTorch, in both directions.

    checkpoint_logits.py CHECKPOINT --images x.safetensors --out y.safetensors [--expect z.safetensors]
        loads a checkpoint that KDScope wrote (or one named by --model) and writes `logits` [N, classes] of the tensor
        `images` [N, C, H, W], taken as it is: already normalised. With --expect, compares with the `logits` of that
        file and ends with 1 if they differ by more than --tolerance.
    checkpoint_logits.py --make resnet20 r20.safetensors [--images x.safetensors]
        writes a network with random weights and running statistics, the same again as a .pth state dict beside it, and
        with --images four random images.
"""

import argparse
import sys
from pathlib import Path

import torch
from common import build, load_network
from safetensors.torch import load_file, save_file


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", help="safetensors or .pth; with --make, the safetensors to write")
    parser.add_argument("--make", metavar="MODEL", help="write a random network instead: resnet20, vgg11, cnn4, …")
    parser.add_argument("--model", help="network of a checkpoint that does not say it")
    parser.add_argument("--images", help="safetensors with `images`; with --make, written")
    parser.add_argument("--out", help="safetensors for `logits`")
    parser.add_argument("--expect", help="safetensors with `logits` to compare with")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="largest difference allowed (default: 1e-4)")
    parser.add_argument("--classes", type=int, default=10, help="with --make (default: 10)")
    parser.add_argument("--channels", type=int, default=3, help="with --make (default: 3)")
    parser.add_argument("--size", type=int, default=32, help="height and width, with --make (default: 32)")
    parser.add_argument("--seed", type=int, default=1, help="with --make (default: 1)")
    return parser.parse_args()


def make(options):
    torch.manual_seed(options.seed)
    network = build(options.make, options.classes, options.channels, options.size, options.size)
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(layer.weight, 0.4, 0.8)
            torch.nn.init.normal_(layer.bias, 0, 0.2)
            layer.running_mean.normal_(0, 0.2)
            layer.running_var.uniform_(0.5, 1.5)
        elif isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.kaiming_normal_(layer.weight)
            if layer.bias is not None:
                torch.nn.init.normal_(layer.bias, 0, 0.2)
    state = {name: value.contiguous() for name, value in network.state_dict().items()}
    save_file(state, options.checkpoint, metadata={"format": "pt"})
    torch.save(state, Path(options.checkpoint).with_suffix(".pth"))
    if options.images:
        images = torch.randn(4, options.channels, options.size, options.size)
        save_file({"images": images}, options.images)


def main():
    options = arguments()
    if options.make:
        return make(options)
    if not options.images:
        sys.exit("--images is missing: a safetensors file with the tensor `images`")
    network, _ = load_network(options.checkpoint, options.model)
    with torch.no_grad():
        logits = network.eval()(load_file(options.images)["images"].float())
    if options.out:
        save_file({"logits": logits.contiguous()}, options.out)
    if options.expect:
        expected = load_file(options.expect)["logits"]
        if expected.shape != logits.shape:
            sys.exit(f"{options.expect}: logits have shape {list(expected.shape)}, PyTorch's {list(logits.shape)}")
        difference = float((expected - logits).abs().max())
        print(f"largest difference {difference:.3g}, largest logit {float(logits.abs().max()):.3g}")
        if not difference <= options.tolerance:
            sys.exit(f"the logits differ by {difference:.3g}, more than {options.tolerance:g}")


if __name__ == "__main__":
    main()
