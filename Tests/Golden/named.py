"""Weights and images by a rule from an array's name, so that files hold neither.

For element i (row-major, PyTorch's order of axes) of the array with a name, all in unsigned 32-bit integers:

    k = FNV-1a of the name's UTF-8;   h = i · 2654435761 + k
    h = h xor (h >> 16);  h = h · 0x45d9f3b;  h = h xor (h >> 16);  h = h · 0x45d9f3b;  h = h xor (h >> 16)
    value = float(shift + scale · (h / 2³² − 0.5))               (double, rounded once to Float)

shift and scale by the first line that fits: running_mean 0, 0.2; running_var 1, 0.4; bias 0, 0.2; .bn2.weight and
.bn3.weight 0.5, 0.1 (they end residual branches); other weights with one axis 1, 0.2; weights 0, 2·sqrt(6 / fan-in).
Images are the array `images` [N, C, H, W] with 0, 4. `Tests/TestSupport/NamedFormula.swift` is the other side.
"""

import math

import numpy as np
import torch


def key(name):
    k = 2166136261
    for byte in name.encode():
        k = ((k ^ byte) * 16777619) & 0xFFFFFFFF
    return k


def values(name, shape, shift, scale):
    h = np.arange(math.prod(shape), dtype=np.uint64).astype(np.uint32)
    with np.errstate(over="ignore"):
        h = h * np.uint32(2654435761) + np.uint32(key(name))
        h ^= h >> np.uint32(16)
        for _ in range(2):
            h *= np.uint32(0x45D9F3B)
            h ^= h >> np.uint32(16)
    return (shift + scale * (h / 2.0**32 - 0.5)).astype(np.float32).reshape(shape)


def shift_and_scale(name, shape):
    if name.endswith("running_mean"):
        return 0, 0.2
    if name.endswith("running_var"):
        return 1, 0.4
    if name.endswith("bias"):
        return 0, 0.2
    if name.endswith((".bn2.weight", ".bn3.weight")):
        return 0.5, 0.1
    if len(shape) == 1:
        return 1, 0.2
    return 0, 2 * math.sqrt(6 / math.prod(shape[1:]))


def entries(network):
    return [(name, value) for name, value in network.state_dict().items() if not name.endswith("num_batches_tracked")]


def filled(network, dtype=torch.float64):
    """Gives a network the rule's weights and running statistics."""
    with torch.no_grad():
        for name, value in entries(network):
            value.copy_(torch.from_numpy(values(name, value.shape, *shift_and_scale(name, value.shape))))
    return network.to(dtype)


def images(batch, channels, height, width, dtype=torch.float64):
    return torch.from_numpy(values("images", (batch, channels, height, width), 0, 4)).to(dtype)
