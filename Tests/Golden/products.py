"""Golden values of products (written to products.safetensors). Run: python3 Tests/Golden/products.py

`linear`: x [N, in], weight [out, in], bias [out] if option bias. `matrix-product`: A·B, either one transposed before.
"""

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

r.write()
