"""Golden values of sorting, choosing and gathering (written to selection.safetensors).

Run: python3 Tests/Golden/selection.py

`sort` (axis, descending) and `top` (axis, count, smallest): values, and C/indices, I64. `gather` and `scatter-add` (axis,
for the latter extent): C/indices. `taken` and `added` (axis, indices; extent): whole entries of an axis. `one-hot`
(labels, classes): no inputs. `chosen`: inputs mask, a, b. `soft` and `log-soft` (axis): softmax along any axis.
"""

import numpy as np
import torch
from golden import Recorder

r = Recorder("selection", seed=311)
SHAPE = (3, 4, 5)


def shuffled(*shape, ties=False):
    """Values that are apart from each other, or that repeat."""
    count = int(np.prod(shape))
    values = r.random.permutation(count).astype(np.float32)
    return ((values // 3 if ties else values) / 4 - 2).reshape(shape)


for axis in (0, 1, 2, -1):
    for descending in (False, True):
        for ties in (False, True):
            case = f"sort-{axis % 3 if axis >= 0 else 'last'}" + "-descending" * descending + "-ties" * ties
            values = shuffled(*SHAPE, ties=ties)

            def function(x):
                result = torch.sort(x, dim=axis, descending=descending, stable=True)
                r.keep(f"{case}/indices", result.indices)
                return result.values

            r.add(case, "sort", [values], function, axis=axis, descending=descending)
    for count, smallest in ((1, False), (2, True), (3, False)):
        case = f"top-{axis % 3 if axis >= 0 else 'last'}-{count}" + "-smallest" * smallest

        def function(x):
            result = x.topk(count, axis, largest=not smallest)
            r.keep(f"{case}/indices", result.indices)
            return result.values

        r.add(case, "top", [shuffled(*SHAPE)], function, axis=axis, count=count, smallest=smallest)
r.add("sort-long", "sort", [shuffled(250)], lambda x: x.sort(0).values, axis=0, descending=False)
r.add("sort-one", "sort", [shuffled(1, 4)], lambda x: x.sort(0).values, axis=0, descending=False)

for axis, extent in ((0, 2), (1, 6), (2, 1), (-1, 7)):
    shape = list(SHAPE)
    shape[axis] = extent
    indices = torch.from_numpy(r.random.integers(0, SHAPE[axis], shape))
    case = f"gather-{axis % 3 if axis >= 0 else 'last'}"
    r.add(case, "gather", [r.normal(*SHAPE)], lambda x: x.gather(axis, indices), axis=axis)
    r.keep(f"{case}/indices", indices)
    case = f"scatter-add-{axis % 3 if axis >= 0 else 'last'}"
    r.add(
        case, "scatter-add", [r.normal(*shape)],
        lambda x: torch.zeros(SHAPE, dtype=x.dtype).scatter_add(axis, indices, x), axis=axis, extent=SHAPE[axis])
    r.keep(f"{case}/indices", indices)
    places = r.random.integers(0, SHAPE[axis], extent)
    name = axis % 3 if axis >= 0 else "last"
    r.add(
        f"taken-{name}", "taken", [r.normal(*SHAPE)], lambda x: x.index_select(axis, torch.from_numpy(places)),
        axis=axis, indices=places.tolist())
    r.add(
        f"added-{name}", "added", [r.normal(*shape)],
        lambda x: torch.zeros(SHAPE, dtype=x.dtype).index_add(axis, torch.from_numpy(places), x), axis=axis,
        indices=places.tolist(), extent=SHAPE[axis])

labels = [2, 0, 4, 4, 1]
r.declare("one-hot", "one-hot", labels=labels, classes=5)
r.keep("one-hot/output", torch.nn.functional.one_hot(torch.tensor(labels), 5).double())

for name, shapes in (
    ("same", ((3, 4), (3, 4), (3, 4))), ("row", ((4,), (3, 4), (3, 4))), ("number", ((3, 4), (3, 4), ())),
    ("all", ((3, 1), (1, 4), (2, 1, 1))), ("small-sides", ((2, 3, 4), (4,), (3, 1))),
):
    mask = (r.uniform(*shapes[0]) < 0.5).astype(np.float32)
    r.add(
        f"chosen-{name}", "chosen", [mask, r.normal(*shapes[1]), r.normal(*shapes[2])],
        lambda m, a, b: torch.where(m != 0, a, b), constants=(0,))
for axis in (0, 1, 2, -1):
    name = axis % 3 if axis >= 0 else "last"
    r.add(f"soft-{name}", "soft", [r.normal(*SHAPE, scale=3)], lambda x: x.softmax(axis), axis=axis)
    r.add(f"log-soft-{name}", "log-soft", [r.normal(*SHAPE, scale=3)], lambda x: x.log_softmax(axis), axis=axis)

r.write()
