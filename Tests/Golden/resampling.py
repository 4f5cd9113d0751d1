"""Golden values of resampling (written to resampling.safetensors). Run: python3 Tests/Golden/resampling.py

Op `resampling`: x [N, C, H, W] at the options' height and width; rule is nearest, bilinear or bilinear-aligned.
"""

import torch.nn.functional as F
from golden import Recorder

r = Recorder("resampling", seed=312)
rules = {
    "nearest": {"mode": "nearest"}, "bilinear": {"mode": "bilinear", "align_corners": False},
    "bilinear-aligned": {"mode": "bilinear", "align_corners": True},
}
for rule, options in rules.items():
    for shape, height, width in (
        ((2, 3, 4, 5), 8, 10), ((1, 2, 5, 3), 7, 4), ((2, 1, 8, 6), 4, 3), ((1, 3, 7, 5), 3, 9), ((2, 2, 3, 4), 3, 4),
        ((1, 2, 1, 1), 3, 2), ((1, 2, 4, 3), 1, 1), ((1, 17, 2, 2), 5, 5),
    ):
        name = f"{rule}-" + "x".join(map(str, shape)) + f"-to-{height}x{width}"
        r.add(
            name, "resampling", [r.normal(*shape)], lambda x: F.interpolate(x, (height, width), **options), rule=rule,
            height=height, width=width)

r.write(layout="NCHW")
