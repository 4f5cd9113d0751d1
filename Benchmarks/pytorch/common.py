"""What the PyTorch benchmarks share: the networks, memory of the process, checkpoints."""

import json
import sys
from pathlib import Path

import torch

sys.path.append(str(Path(__file__).resolve().parents[2] / "Tests" / "Golden"))
from networks import build  # noqa: E402


def memory(key):
    """A line of /proc/self/status in bytes: VmRSS is what is resident, VmHWM the most that ever was."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024
    raise KeyError(key)


def configure(threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)


def load_network(path, model=None):
    """A network from safetensors or a .pth state dict.

    Returns the network, and mean and deviation per colour if the file has them. A file that KDScope wrote says itself
    what it is; of any other one the model must be named.
    """
    from safetensors import safe_open

    metadata = {}
    if str(path).endswith((".pth", ".pt")):
        tensors = torch.load(path, weights_only=True)
    else:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    if "kdscope.model" in metadata:
        model = json.loads(metadata["kdscope.model"])["name"]
    if model is None:
        sys.exit(f"{path}: the file does not say which network it holds; name it with --model")
    is_vgg = model == "vgg11"
    names = ("features.0.weight", "classifier.6.weight") if is_vgg else ("conv1.weight", "fc.weight")
    if any(name not in tensors for name in names):
        sys.exit(f"{path}: these are not the tensors of {model}, which has {' and '.join(names)}")
    first, last = (tensors[name] for name in names)
    size = 224 if is_vgg and last.shape[1] == 4096 else 32
    network = build(model, classes=last.shape[0], channels=first.shape[1], height=size, width=size)
    result = network.load_state_dict(tensors, strict=False)
    missing = [name for name in result.missing_keys if not name.endswith("num_batches_tracked")]
    for kind, names in (("missing", missing), ("not part of it", result.unexpected_keys)):
        if names:
            sys.exit(f"{path}: these are not the tensors of {model}: {len(names)} {kind}, the first is {names[0]}")
    normalization = json.loads(metadata["kdscope.normalization"]) if "kdscope.normalization" in metadata else None
    return network, normalization
