"""Writes safetensors-reference.safetensors with the format's reference package: every dtype that numpy or torch has,
awkward names, a scalar, an empty tensor. The values are those that SafetensorsReferenceTests builds again.

Run: python3 Tests/Golden/safetensors-reference.py        writes the file
     python3 Tests/Golden/safetensors-reference.py FILE   prints what the package reads in FILE
Recorded with safetensors 0.8.0 and torch 2.13.0.
"""

import sys
from pathlib import Path

import safetensors
import torch
from safetensors.torch import load_file, save_file

if len(sys.argv) > 1:
    with safetensors.safe_open(sys.argv[1], "pt") as file:
        print(file.metadata())
    for name, tensor in sorted(load_file(sys.argv[1]).items()):
        print(repr(name), tensor.dtype, list(tensor.shape), tensor.flatten().tolist()[:8])
    sys.exit()

tensors = {
    "conv1.weight": torch.arange(24, dtype=torch.float32).reshape(2, 3, 2, 2) / 8 - 1,
    "a.double": torch.tensor([0.1, -1e300, float("inf")], dtype=torch.float64),
    "b.half": torch.tensor([1.5, -0.0, 6e-8, 65504, float("-inf")], dtype=torch.float16),
    "c.bfloat": torch.tensor([[3.140625], [-1e30]], dtype=torch.bfloat16),
    "steps": torch.tensor(123456789012, dtype=torch.int64),
    "empty": torch.zeros(2, 0, dtype=torch.float32),
    "mask": torch.tensor([True, False, True]),
    "bytes": torch.tensor([0, 127, 255], dtype=torch.uint8),
    "signed": torch.tensor([-128, 127], dtype=torch.int8),
    "shorts": torch.tensor([-32768, 32767], dtype=torch.int16),
    "ints": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
    "naïve \"name\"\\\t\n\b\f\x01/é": torch.tensor([7.0]),
}
path = Path(__file__).resolve().with_suffix(".safetensors")
save_file(tensors, path, {"format": "pt"})
print(path.name, path.stat().st_size, "bytes")
