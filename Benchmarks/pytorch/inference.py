"""Times PyTorch's logits of a ResNet-20 for 10,000 images of 32×32, in f32 and evaluation mode.

Modes: `channels_last` (eager), `compile` (torch.compile with freezing, which folds batch normalisation and fuses), and
`compile+channels_last`. Each mode runs in a process of its own. Prints one JSON document.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

import torch
from common import build, configure

MODES = ("channels_last", "compile", "compile+channels_last")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mode", choices=("all", *MODES), default="all", help="form of the network (default: all)")
    parser.add_argument("--images", type=int, default=10_000, help="images (default: 10000)")
    parser.add_argument("--batch", type=int, default=100, help="images at a time (default: 100)")
    parser.add_argument("--repeats", type=int, default=5, help="runs over all images (default: 5)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default: 2)")
    return parser.parse_args()


def run(mode, options):
    """One mode in this process."""
    configure(options.threads)
    layout = torch.channels_last if "channels_last" in mode else torch.contiguous_format
    network = build("resnet20").to(memory_format=layout).eval()
    if "compile" in mode:
        torch._inductor.config.freezing = True
        network = torch.compile(network)
    batches = [
        torch.randn(min(options.batch, options.images - start), 3, 32, 32).to(memory_format=layout)
        for start in range(0, options.images, options.batch)]
    durations = []
    with torch.inference_mode() if "compile" not in mode else torch.no_grad():
        for images in batches[:10]:
            network(images)
        for _ in range(options.repeats):
            start = time.perf_counter()
            for images in batches:
                network(images)
            durations.append(time.perf_counter() - start)
    median = statistics.median(durations)
    return {"mode": mode, "images_per_second": options.images / median, "median_seconds": median,
            "fastest_seconds": min(durations), "slowest_seconds": max(durations)}


def main():
    options = arguments()
    if options.mode != "all":
        results = [run(options.mode, options)]
    else:
        results = []
        for mode in MODES:
            print(f"{mode} …", file=sys.stderr, flush=True)
            child = subprocess.run(
                [sys.executable, __file__, "--mode", mode, f"--images={options.images}", f"--batch={options.batch}",
                 f"--repeats={options.repeats}", f"--threads={options.threads}"],
                stdout=subprocess.PIPE, text=True, check=True)
            results += json.loads(child.stdout)["details"]
    compiled = [result for result in results if "compile" in result["mode"]]
    eager = [result for result in results if "compile" not in result["mode"]]
    best = max(compiled, key=lambda result: result["images_per_second"], default=None)
    print(json.dumps({
        "compiled": best and round(best["images_per_second"], 1), "compiled_mode": best and best["mode"],
        "eager_channels_last": eager[0]["images_per_second"] if eager else None,
        "images": options.images, "batch": options.batch, "repeats": options.repeats, "threads": options.threads,
        "torch": torch.__version__, "details": results}, indent=2))


if __name__ == "__main__":
    main()
