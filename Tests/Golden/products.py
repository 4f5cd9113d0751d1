"""Golden values of products (written to products.safetensors). Run: python3 Tests/Golden/products.py

`linear`: x [N, in], weight [out, in], bias [out] if option bias. `matrix-product`: A·B, either one transposed before;
`batched`: the same for batches, of which one may be 1. `gram`: XᵀX of [B, N, C]. `squared-distances`, `distances` (option
floor: √max(d², floor), gradient 0 below) and `cosines` of all pairs of two lists of points.
"""

import torch
import torch.nn.functional as F
from golden import Recorder

r = Recorder("products", seed=302)

for batch, inputs, outputs in ((4, 64, 10), (1, 20, 7), (7, 33, 1), (16, 5, 48)):
    for bias in (False, True):
        tensors = [r.normal(batch, inputs), r.normal(outputs, inputs, scale=inputs**-0.5)]
        if bias:
            tensors.append(r.normal(outputs))
        case = f"linear-{batch}x{inputs}to{outputs}" + ("-bias" if bias else "")
        r.add(case, "linear", tensors, lambda x, w, b=None: F.linear(x, w, b), bias=bias)

for m, k, n in ((5, 7, 3), (16, 32, 24), (1, 9, 4), (6, 1, 5)):
    for first in (False, True):
        for second in (False, True):
            name = f"{m}x{k}x{n}" + ("-first" if first else "") + ("-second" if second else "")
            r.add(
                f"matrix-{name}", "matrix-product",
                [r.normal(*((k, m) if first else (m, k))), r.normal(*((n, k) if second else (k, n)))],
                lambda a, b, first=first, second=second: (a.T if first else a) @ (b.T if second else b),
                transposesFirst=first, transposesSecond=second)

for first_batch, second_batch, m, k, n in (
    (3, 3, 5, 7, 4), (1, 4, 3, 2, 5), (4, 1, 3, 6, 2), (1, 1, 2, 3, 4), (3, 3, 1, 5, 1), (2, 2, 6, 1, 3), (5, 5, 2, 4, 1),
):
    for first in (False, True):
        for second in (False, True):
            name = f"{first_batch}x{second_batch}-{m}x{k}x{n}" + ("-first" if first else "") + ("-second" if second else "")
            r.add(
                f"batched-{name}", "batched",
                [r.normal(first_batch, *((k, m) if first else (m, k))),
                 r.normal(second_batch, *((n, k) if second else (k, n)))],
                lambda a, b, first=first, second=second: (a.mT if first else a) @ (b.mT if second else b),
                transposesFirst=first, transposesSecond=second)
for shape in ((3, 6, 4), (1, 1, 5), (2, 7, 1)):
    r.add("gram-" + "x".join(map(str, shape)), "gram", [r.normal(*shape)], lambda x: x.mT @ x)


def squares(a, b):
    return (a[:, None] - b[None]).square().sum(-1)


def distances(a, b, floor):
    """With the gradient 0 where points coincide (torch.cdist's is 0 there too)."""
    d = squares(a, b)
    return torch.where(d > floor, torch.where(d > floor, d, 1).sqrt(), floor**0.5)


def cosines(a, b):
    def unit(x):
        norm = x.norm(dim=1, keepdim=True)
        return torch.where(norm > 1e-12, x / torch.where(norm > 1e-12, norm, 1), 0)
    return unit(a) @ unit(b).T


for m, n, width in ((4, 6, 5), (1, 3, 9), (5, 1, 1), (3, 3, 40)):
    points = [r.normal(m, width), r.normal(n, width)]
    name = f"{m}x{n}x{width}"
    r.add(f"squared-distances-{name}", "squared-distances", points, squares)
    r.add(f"distances-{name}", "distances", points, lambda a, b: torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist"), floor=0)
    r.add(f"cosines-{name}", "cosines", points, lambda a, b: F.cosine_similarity(a[:, None], b[None], dim=-1, eps=1e-12))
equal = r.normal(4, 6)
near = equal.copy()
near[1] += 1e-4
near[2] = r.normal(6)
for name, pair in (("equal", [equal, equal.copy()]), ("near", [equal, near]), ("far", [equal + 300, near + 300])):
    r.add(f"squared-distances-{name}", "squared-distances", pair, squares)
    for floor in (0, 1e-12, 1e-6):
        r.add(f"distances-{name}-{floor}", "distances", pair, lambda a, b: distances(a, b, floor), floor=floor)
zeros = r.normal(4, 6)
zeros[1] = 0
r.add("cosines-zero", "cosines", [zeros, near], cosines)
r.add("cosines-all-zero", "cosines", [zeros * 0, near * 0], cosines)

r.write()
