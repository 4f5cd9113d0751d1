"""Golden values of reductions (written to reductions.safetensors). Run: python3 Tests/Golden/reductions.py

Options: axes (missing: all), keepsAxes. `largest` and `smallest` take one axis. `argmax` and `argmin` give I64
positions and no gradient. Ops `variance` and `deviation` (option unbiased) and `norm` (L2) take axes too. At vectors of
zeros `norm` and `normalized` (axis) have the gradient 0, and so has `deviation` where all values are equal.
`cumulative-sum` (axis, reversed) and `log-sum-exp` (axis, keepsAxes).
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


def zeroed(values, *rows):
    for row in rows:
        values[row] = 0
    return values


def deviation(x, axes, unbiased):
    """As torch.std, with the gradient 0 where all values are equal (PyTorch's is 0/0)."""
    variance = x.var(axes, correction=int(unbiased))
    return torch.where(variance > 0, torch.where(variance > 0, variance, 1).sqrt(), 0)


def normalized(x, axis):
    """As F.normalize, with the gradient 0 at vectors of zeros (PyTorch's is 1e12 times the upstream)."""
    norm = torch.linalg.vector_norm(x, dim=axis, keepdim=True)
    return torch.where(norm > 1e-12, x / torch.where(norm > 1e-12, norm, 1), 0)


for name, values in (
    ("all-zero", r.normal(4, 5) * 0), ("one-zero", zeroed(r.normal(4, 5), 2)), ("tiny", r.normal(4, 5, scale=1e-9)),
):
    r.add(f"norm-{name}", "norm", [values], lambda x: torch.linalg.vector_norm(x, dim=[1]), axes=[1], keepsAxes=False)
    r.add(f"normalized-{name}", "normalized", [values], lambda x: normalized(x, 1), axes=[1])
r.add("norm-whole-zero", "norm", [r.normal(3, 2) * 0], lambda x: torch.linalg.vector_norm(x), axes=[0, 1])
for axis in (0, 1, 2, 3, -1):
    r.add(
        f"normalized-{label([axis])}", "normalized", [r.normal(*SHAPE)],
        lambda x: torch.nn.functional.normalize(x, dim=axis), axes=[axis])
constant = r.normal(4, 6)
constant[1], constant[3] = 0.7, 0
for unbiased in (False, True):
    options = {"axes": [1], "unbiased": unbiased}
    name = "-unbiased" if unbiased else ""
    r.add(f"deviation{name}", "deviation", [r.normal(4, 6)], lambda x: x.std(1, correction=int(unbiased)), **options)
    r.add(f"deviation-constant{name}", "deviation", [constant], lambda x: deviation(x, [1], unbiased), **options)
for axis in (0, 1, 2, -1):
    for backwards in (False, True):
        r.add(
            f"cumulative-sum-{label([axis])}" + ("-reversed" if backwards else ""), "cumulative-sum",
            [r.normal(3, 4, 5)], lambda x: x.flip(axis).cumsum(axis).flip(axis) if backwards else x.cumsum(axis),
            axes=[axis], reversed=backwards)
    for keeps in (False, True):
        r.add(
            f"log-sum-exp-{label([axis])}" + ("-kept" if keeps else ""), "log-sum-exp", [r.normal(3, 4, 5, scale=4)],
            lambda x: torch.logsumexp(x, axis, keepdim=keeps), axes=[axis], keepsAxes=keeps)
r.add("cumulative-sum-long", "cumulative-sum", [r.normal(600)], lambda x: x.cumsum(0), axes=[0], reversed=False)
r.add("log-sum-exp-far", "log-sum-exp", [r.normal(3, 5, scale=20, shift=300)], lambda x: torch.logsumexp(x, 1),
      axes=[1], keepsAxes=False)

r.write()
