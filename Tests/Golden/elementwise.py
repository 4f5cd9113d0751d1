"""Golden values of element-wise operations (written to elementwise.safetensors).

Run: python3 Tests/Golden/elementwise.py

Functions of one tensor (op is the function's name), arithmetic of two tensors broadcast by NumPy's rule, of a tensor
and a scalar, dropout with a given mask, and x³ differentiated twice.
"""

import torch
import torch.nn.functional as F
from golden import Recorder

r = Recorder("elementwise", seed=305)

# name → (function, places where its derivative jumps, options)
functions = {
    "relu": (F.relu, [0], {}),
    "leaky-relu": (lambda x: F.leaky_relu(x, 0.01), [0], {"slope": 0.01}),
    "elu": (F.elu, [0], {"alpha": 1.0}),
    "gelu": (F.gelu, [], {}),
    "silu": (F.silu, [], {}),
    "sigmoid": (torch.sigmoid, [], {}),
    "tanh": (torch.tanh, [], {}),
    "softplus": (F.softplus, [], {}),
    "hard-swish": (F.hardswish, [-3, 3], {}),
    "relu6": (F.relu6, [0, 6], {}),
    "abs": (torch.abs, [0], {}),
    "square": (torch.square, [], {}),
    "negate": (torch.neg, [], {}),
    "clamp": (lambda x: x.clamp(-1.25, 2), [-1.25, 2], {"minimum": -1.25, "maximum": 2}),
}
for name, (function, jumps, options) in functions.items():
    r.add(name, name, [r.away(r.normal(5, 21, scale=2.5), *jumps)], function, **options)
    r.add(f"{name}-far", name, [r.away(r.normal(33, scale=25), *jumps)], function, **options)
    r.add(f"{name}-near-zero", name, [r.away(r.normal(17, scale=1e-3), *jumps, distance=1e-5)], function, **options)
r.add("leaky-relu-steep", "leaky-relu", [r.away(r.normal(19), 0)], lambda x: F.leaky_relu(x, 0.2), slope=0.2)
r.add("elu-alpha", "elu", [r.away(r.normal(19), 0)], lambda x: F.elu(x, 0.5), alpha=0.5)
r.add("relu-at-zero", "relu", [r.normal(6) * 0], F.relu)
r.add("abs-at-zero", "abs", [r.normal(6) * 0], torch.abs)

r.add("exp", "exp", [r.normal(5, 13)], torch.exp)
r.add("exp-wide", "exp", [r.uniform(40, low=-60, high=60)], torch.exp)
r.add("log", "log", [r.uniform(5, 13, low=0.01, high=4)], torch.log)
r.add("log-wide", "log", [torch.tensor(r.uniform(40, low=-60, high=60)).exp().numpy()], torch.log)
r.add("sqrt", "sqrt", [r.uniform(5, 13, low=0.01, high=4)], torch.sqrt)
r.add("sqrt-wide", "sqrt", [torch.tensor(r.uniform(40, low=-40, high=40)).exp().numpy()], torch.sqrt)
r.add("power-3", "power", [r.normal(5, 13)], lambda x: x**3, exponent=3)
r.add("power-minus-1", "power", [r.uniform(17, low=0.2, high=3)], lambda x: x**-1, exponent=-1)
r.add("power-1.5", "power", [r.uniform(17, low=0.2, high=3)], lambda x: x**1.5, exponent=1.5)

pairs = {
    "add": torch.add, "subtract": torch.sub, "multiply": torch.mul, "divide": torch.div, "maximum": torch.maximum,
    "minimum": torch.minimum,
}
shapes = {
    "same": ((2, 3, 4), (2, 3, 4)), "row": ((2, 3, 4, 5), (5,)), "column": ((2, 3, 4, 5), (4, 1)),
    "ends": ((2, 3, 4, 5), (2, 1, 1, 5)), "middle": ((2, 3, 4, 5), (1, 3, 1, 1)), "scalar": ((3, 4), ()),
    "one": ((3, 4), (1, 1)),
}


def operands(*shape, divisor):
    """Off zero where the tensor divides."""
    return r.uniform(*shape, low=0.4, high=2) if divisor else r.normal(*shape)


for name, function in pairs.items():
    for kind, (large, small) in shapes.items():
        divides = name == "divide"
        r.add(f"{name}-{kind}", name, [r.normal(*large), operands(*small, divisor=divides)], function)
        if kind != "same":
            r.add(f"{name}-{kind}-first", name, [r.normal(*small), operands(*large, divisor=divides)], function)
    r.add(f"{name}-both", name, [r.normal(4, 1, 3), operands(2, 1, 5, 1, divisor=name == "divide")], function)
ties = r.normal(3, 4)
r.add("maximum-ties", "maximum", [ties, ties.copy()], torch.maximum)
r.add("minimum-ties", "minimum", [ties, ties.copy()], torch.minimum)

# A number beside a tensor: option number; `reversed` puts the number first.
for name, function in list(pairs.items())[:4]:
    for first in (False, True):
        number = 1.75
        values = operands(3, 7, divisor=name == "divide" and first)
        r.add(
            f"{name}-number" + ("-first" if first else ""), f"{name}-number", [values],
            lambda x: function(torch.full_like(x, number), x) if first else function(x, number),
            number=number, reversed=first)

# Inputs: values, mask of 0 and 1; output = values · mask · scale.
mask = (r.uniform(4, 9) < 0.75).astype("float32")
r.add("dropout", "dropout", [r.normal(4, 9), mask], lambda x, m: x * m * (1 / 0.75), constants=(1,), scale=1 / 0.75)

# x³ twice. C/gradient.0 = 3x²u for the upstream u; with C/second.upstream = v, C/second.gradient.0
# = d(v·3x²u)/dx = 6xuv and C/second.gradient.upstream = d(v·3x²u)/du = 3x²v.
case = "cube-twice"
values, u, v = (r.normal(4, 5) for _ in range(3))
x, upstream = (torch.from_numpy(a).double().requires_grad_() for a in (values, u))
output = x * x * x
gradient, = torch.autograd.grad(output, x, upstream, create_graph=True)
second, second_upstream = torch.autograd.grad(gradient, (x, upstream), torch.from_numpy(v).double())
assert torch.allclose(second, 6 * x * upstream * torch.from_numpy(v))
r.declare(case, "cube-twice")
for name, value in (
    ("input.0", values), ("output", output), ("upstream", u), ("gradient.0", gradient), ("second.upstream", v),
    ("second.gradient.0", second), ("second.gradient.upstream", second_upstream),
):
    r.keep(f"{case}/{name}", value)

for exponent in (0, 1, 2, 1.5):
    for values in (r.uniform(7, low=0.1, high=3), r.normal(5) * 0):
        place = "at-zero" if not values.any() else "positive"
        r.add(f"power-{exponent}-{place}", "power", [values], lambda x: x**exponent, exponent=exponent)
r.add("normal-distribution", "normal-distribution", [r.normal(5, 21, scale=2)], torch.special.ndtr)

r.write()
