"""What all generators of golden files share: exact inputs, float64 results, and a writer that gives the same bytes.

A golden file holds cases. Case C has the tensors

    C/input.0 C/input.1 …       what the operation takes, F32 (F16 in large cases), so that its values are exact
    C/output                    float64 result (C/output.0 … where there are several)
    C/upstream                  F32 or F16, a random gradient of some scalar with respect to the output
    C/gradient.0 …              float64 gradients of sum(output · upstream) with respect to each input

and an entry in the JSON text `__metadata__["cases"]`: {C: {"op": …, "options": {…}}}. Results that have more than
LARGE elements are stored as F32 (relative error 6e-8, far below any tolerance), all others as F64. Four-dimensional
tensors of convolution, normalization, pooling and models are [N, C, H, W] and [O, I, H, W]; elsewhere axes are just
axes. `__metadata__` also names the generator, its seed and the versions that it ran with.
"""

import json
import struct
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
LARGE = 256

# Widest element types first, so that every tensor lies aligned.
NAMES = {"float64": "F64", "int64": "I64", "float32": "F32", "float16": "F16", "uint8": "U8"}
ORDER = list(NAMES)

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)


def write(path, tensors, metadata):
    """Writes safetensors with the metadata in order, unlike the reference writer: equal input gives equal bytes."""
    arrays = {name: np.asarray(value) for name, value in tensors.items()}
    names = sorted(arrays, key=lambda name: (ORDER.index(arrays[name].dtype.name), name))
    header, offset = {"__metadata__": dict(sorted(metadata.items()))}, 0
    for name in names:
        array = arrays[name]
        header[name] = {
            "dtype": NAMES[array.dtype.name], "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in names:
            file.write(np.ascontiguousarray(arrays[name]).tobytes())


def versions():
    return {"torch": torch.__version__, "numpy": np.__version__}


def stored(value):
    """A float64 result as it is stored."""
    array = value.detach().numpy()
    if array.dtype == np.float64 and array.size > LARGE:
        return array.astype(np.float32)
    return array


class Recorder:
    """Collects the cases of one family and writes them."""

    def __init__(self, family, seed):
        self.family, self.seed = family, seed
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.tensors, self.cases = {}, {}

    def normal(self, *shape, scale=1.0, shift=0.0, half=False):
        """Normal values, exact in F32 (F16 if half)."""
        values = self.random.standard_normal(shape) * scale + shift
        return values.astype(np.float16 if half else np.float32)

    def uniform(self, *shape, low=0.0, high=1.0):
        return self.random.uniform(low, high, shape).astype(np.float32)

    def away(self, values, *places, distance=0.02):
        """Moves values off places where a derivative jumps: one rounding must not decide a gradient."""
        for place in places:
            near = np.abs(values - np.float32(place)) < distance
            values = np.where(near, np.float32(place + 2 * distance), values).astype(np.float32)
        return values

    def declare(self, case, op, **options):
        assert case not in self.cases, case
        self.cases[case] = {"op": op, "options": options}

    def keep(self, name, value):
        assert name not in self.tensors, name
        self.tensors[name] = stored(value) if isinstance(value, torch.Tensor) else np.asarray(value)

    def add(self, case, op, inputs, function, half=False, constants=(), **options):
        """Records one case: `function` takes the inputs as float64 tensors and gives the output.

        `constants` are the places of inputs without a gradient.
        """
        self.declare(case, op, **options)
        leaves = []
        for place, value in enumerate(inputs):
            value = np.asarray(value)
            assert value.dtype in (np.float32, np.float16), value.dtype
            self.keep(f"{case}/input.{place}", value)
            leaves.append(torch.from_numpy(value.astype(np.float64)).requires_grad_(place not in constants))
        output = function(*leaves)
        assert output.dtype == torch.float64 and torch.isfinite(output).all(), case
        self.keep(f"{case}/output", output)
        upstream = np.asarray(self.normal(*output.shape, half=half or output.numel() > LARGE))
        self.keep(f"{case}/upstream", upstream)
        asked = [leaf for leaf in leaves if leaf.requires_grad]
        found = iter(torch.autograd.grad(output, asked, torch.from_numpy(upstream.astype(np.float64))))
        for place, leaf in enumerate(leaves):
            if leaf.requires_grad:
                gradient = next(found)
                assert torch.isfinite(gradient).all(), case
                self.keep(f"{case}/gradient.{place}", gradient)
        return output

    def write(self, **metadata):
        path = HERE / f"{self.family}.safetensors"
        metadata = {"cases": self.cases, "generator": self.family, "seed": self.seed, **versions(), **metadata}
        texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in metadata.items()}
        write(path, self.tensors, texts)
        print(f"{path.name}: {len(self.cases)} cases, {path.stat().st_size / 1024:.0f} KiB")
