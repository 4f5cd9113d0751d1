"""Times PyTorch's training step of ResNet-20: batch 64 at 32×32, cross-entropy, SGD with Nesterov momentum, in f32.

Prints one JSON document: images per second of each mode (from the median step), the best of them, and the peak of
resident memory above what was resident after the imports. Each mode runs in a process of its own, so that neither
memory nor compiled code of one touches another; `--mode` runs one alone.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

import torch
import torch.nn.functional as F
from common import build, configure, memory

MODES = ("eager", "channels_last", "compile", "compile+channels_last")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=("all", *MODES), default="all", help="form of the step (default: all)")
    parser.add_argument("--steps", type=int, default=40, help="timed steps of each mode (default: 40)")
    parser.add_argument("--warm-up", type=int, default=8, help="steps before timing starts (default: 8)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default: 2)")
    parser.add_argument("--batch", type=int, default=64, help="images per step (default: 64)")
    return parser.parse_args()


def run(mode, options):
    """One mode in this process."""
    configure(options.threads)
    imported = memory("VmRSS")
    layout = torch.channels_last if "channels_last" in mode else torch.contiguous_format
    network = build("resnet20").to(memory_format=layout).train()
    images = torch.randn(options.batch, 3, 32, 32).to(memory_format=layout)
    labels = torch.arange(options.batch) % 10
    # One fused kernel per update: PyTorch's fastest form on processors.
    optimizer = torch.optim.SGD(
        network.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4, fused=True)

    def loss_of(x, y):
        return F.cross_entropy(network(x), y)

    compute = torch.compile(loss_of) if "compile" in mode else loss_of

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = compute(images, labels)
        loss.backward()
        optimizer.step()
        return loss

    began = time.perf_counter()
    for _ in range(options.warm_up):
        step()
    warmed = time.perf_counter()
    durations = []
    for _ in range(options.steps):
        start = time.perf_counter()
        loss = step().item()
        durations.append(time.perf_counter() - start)
    assert loss == loss, "the loss is not a number"
    median = statistics.median(durations)
    return {
        "mode": mode, "images_per_second": options.batch / median, "median_seconds": median,
        "fastest_seconds": min(durations), "slowest_seconds": max(durations), "warm_up_seconds": warmed - began,
        "peak_rss_above_import_bytes": memory("VmHWM") - imported}


def main():
    options = arguments()
    if options.mode != "all":
        results = [run(options.mode, options)]
    else:
        shared = [
            f"--steps={options.steps}", f"--warm-up={options.warm_up}", f"--threads={options.threads}",
            f"--batch={options.batch}"]
        results = []
        for mode in MODES:
            print(f"{mode} …", file=sys.stderr, flush=True)
            child = subprocess.run(
                [sys.executable, __file__, "--mode", mode, *shared], stdout=subprocess.PIPE, text=True, check=True)
            results += json.loads(child.stdout)["details"]
    best = max(results, key=lambda result: result["images_per_second"])
    print(json.dumps({
        **{result["mode"]: round(result["images_per_second"], 1) for result in results},
        "best": round(best["images_per_second"], 1), "best_mode": best["mode"],
        "peak_rss_above_import_bytes": min(result["peak_rss_above_import_bytes"] for result in results),
        "batch": options.batch, "steps": options.steps, "threads": options.threads, "torch": torch.__version__,
        "details": results}, indent=2))


if __name__ == "__main__":
    main()
