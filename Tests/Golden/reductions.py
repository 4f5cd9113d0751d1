"""Golden values of reductions (written to reductions.safetensors). Run: python3 Tests/Golden/reductions.py

Options: axes (missing: all), keepsAxes. `largest` and `smallest` take one axis. `argmax` and `argmin` give I64
positions and no gradient. Ops `variance` (option unbiased) and `norm` (L2) take axes too.
"""

import torch
from golden import Recorder

r = Recorder("reductions", seed=306)
SHAPE = (3, 4, 2, 5)
CHOICES = [[0], [1], [2], [3], [-1], [0, 1], [1, 3], [2, 3], [0, 2, 3], [0, 1, 2, 3]]


def label(axes):
    return "-".join(str(axis) if axis >= 0 else f"last{-axis}" for axis in axes)


for axes in CHOICES:
    for keeps in (False, True):
        name = label(axes) + ("-kept" if keeps else "")
        options = {"axes": axes, "keepsAxes": keeps}
        for op, function in (
            ("sum", lambda x: x.sum(axes, keepdim=keeps)),
            ("mean", lambda x: x.mean(axes, keepdim=keeps)),
            ("norm", lambda x: torch.linalg.vector_norm(x, dim=axes, keepdim=keeps)),
        ):
            r.add(f"{op}-{name}", op, [r.normal(*SHAPE)], function, **options)
        for unbiased in (False, True):
            r.add(
                f"variance-{name}" + ("-unbiased" if unbiased else ""), "variance", [r.normal(*SHAPE, shift=1)],
                lambda x: x.var(axes, correction=int(unbiased), keepdim=keeps), unbiased=unbiased, **options)
        if len(axes) == 1:
            for op, function in (("largest", torch.amax), ("smallest", torch.amin)):
                r.add(f"{op}-{name}", op, [r.normal(*SHAPE)], lambda x: function(x, axes, keepdim=keeps), **options)

for shape in ((3, 4, 2, 5), (7,), (), (33, 17)):
    name = "x".join(str(extent) for extent in shape) or "scalar"
    r.add(f"sum-all-{name}", "sum", [r.normal(*shape)], torch.sum)
    r.add(f"mean-all-{name}", "mean", [r.normal(*shape)], torch.mean)
r.add("sum-long", "sum", [r.uniform(4000)], torch.sum)
r.add("mean-rows-long", "mean", [r.normal(2, 3000, shift=3)], lambda x: x.mean([1]), axes=[1], keepsAxes=False)

for op, function in (("argmax", torch.argmax), ("argmin", torch.argmin)):
    for axis in (0, 1, 2, 3, -1):
        case = f"{op}-{label([axis])}"
        values = r.normal(*SHAPE)
        r.declare(case, op, axes=[axis])
        r.keep(f"{case}/input.0", values)
        r.keep(f"{case}/output", function(torch.from_numpy(values), axis))

r.write()
