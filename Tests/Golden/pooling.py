"""Golden values of pooling (written to pooling.safetensors). Run: python3 Tests/Golden/pooling.py

`max-pooling`, `average-pooling` (padding counts as zeros), `global-average-pooling` ([N, C, H, W] → [N, C]).
"""

import torch.nn.functional as F
from golden import Recorder

r = Recorder("pooling", seed=304)

for case, shape, size, stride, padding in (
    ("2x2", (2, 16, 8, 6), 2, 2, 0),
    ("2x2-odd", (2, 5, 9, 7), 2, 2, 0),
    ("2x2-one-window", (1, 8, 2, 2), 2, 2, 0),
    ("2x2-stride1", (1, 4, 5, 4), 2, 1, 0),
    ("3x3-stride2-padded", (2, 16, 9, 7), 3, 2, 1),
    ("3x3-stride2-padded-even", (1, 8, 8, 10), 3, 2, 1),
    ("3x3-stride2", (2, 4, 9, 7), 3, 2, 0),
):
    options = {"size": size, "stride": stride, "padding": padding}
    r.add(f"max-{case}", "max-pooling", [r.normal(*shape)], lambda x: F.max_pool2d(x, size, stride, padding), **options)
    r.add(
        f"average-{case}", "average-pooling", [r.normal(*shape)], lambda x: F.avg_pool2d(x, size, stride, padding),
        **options)

for shape in ((2, 16, 8, 6), (3, 7, 1, 1), (1, 64, 7, 7)):
    name = "x".join(str(extent) for extent in shape)
    r.add(
        f"global-{name}", "global-average-pooling", [r.normal(*shape)],
        lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1))

r.write(layout="NCHW")
