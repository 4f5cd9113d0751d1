"""Golden values of shaping (written to shaping.safetensors). Run: python3 Tests/Golden/shaping.py

`reshape` (option shape), `permute` (order), `transpose`, `concatenate` (axis), `slice` (axis, start, end), `rows`
(indices along axis 0), `picked` (columns: one element of each row), `pad` (before and after: zeros per axis),
`broadcast` (shape), `stack` (axis), `pad-value` (before, after, value), `split` and `unstack` (axis; extents): their parts
times 1, 2, 3 …, concatenated or added up.
"""

import torch
import torch.nn.functional as F
from golden import Recorder

r = Recorder("shaping", seed=307)

for shape, target in (((2, 3, 4), (6, 4)), ((2, 3, 4), (24,)), ((12,), (3, 1, 4)), ((1,), ()), ((2, 6), (2, 3, 2))):
    name = "x".join(map(str, shape)) + "-to-" + ("x".join(map(str, target)) or "scalar")
    r.add(f"reshape-{name}", "reshape", [r.normal(*shape)], lambda x: x.reshape(target), shape=list(target))

for shape, order in (
    ((2, 3, 4, 5), [0, 2, 3, 1]), ((2, 3, 4, 5), [0, 3, 1, 2]), ((2, 3, 4, 5), [3, 2, 1, 0]), ((2, 3, 4), [1, 0, 2]),
    ((2, 3, 4), [0, 2, 1]), ((3, 1, 2), [2, 0, 1]), ((4, 5), [0, 1]),
):
    name = "".join(map(str, order))
    r.add(f"permute-{name}", "permute", [r.normal(*shape)], lambda x: x.permute(order), order=order)
r.add("transpose", "transpose", [r.normal(4, 7)], lambda x: x.T)

for axis in (0, 1, 2, -1):
    extents = [[2, 3, 4] for _ in range(3)]
    for extent, length in zip(extents, (1, 3, 2)):
        extent[axis] = length
    tensors = [r.normal(*extent) for extent in extents]
    r.add(f"concatenate-{axis % 4}", "concatenate", tensors, lambda *x: torch.cat(x, axis), axis=axis)
r.add("concatenate-one", "concatenate", [r.normal(2, 3)], lambda x: torch.cat([x], 1), axis=1)

for axis, start, end in ((0, 1, 3), (1, 0, 2), (2, 3, 5), (1, 2, 3), (-1, 0, 5), (0, 0, 1)):
    r.add(
        f"slice-{axis % 4}-{start}-{end}", "slice", [r.normal(3, 4, 5)],
        lambda x: x.narrow(axis, start, end - start), axis=axis, start=start, end=end)

for shape, indices in (((5, 3), [4, 0, 0, 2, 4, 4]), ((4,), [3, 1]), ((3, 2, 2), [1]), ((6, 1), [5, 4, 3, 2, 1, 0])):
    name = "x".join(map(str, shape))
    r.add(
        f"rows-{name}", "rows", [r.normal(*shape)], lambda x: x.index_select(0, torch.tensor(indices)), indices=indices)

for shape, columns in (((5, 3), [2, 0, 0, 1, 2]), ((1, 7), [6]), ((4, 10), [0, 9, 5, 5])):
    r.add(
        f"picked-{shape[0]}x{shape[1]}", "picked", [r.normal(*shape)],
        lambda x: x.gather(1, torch.tensor(columns)[:, None])[:, 0], columns=columns)

for shape, before, after in (
    ((2, 3, 4), [0, 0, 1], [0, 0, 2]), ((2, 3), [1, 0], [0, 2]), ((2, 4, 5, 3), [0, 1, 1, 0], [0, 1, 1, 0]),
    ((3,), [2], [2]),
):
    sides = [side for pair in reversed(list(zip(before, after))) for side in pair]
    name = "x".join(map(str, shape))
    r.add(f"pad-{name}", "pad", [r.normal(*shape)], lambda x: F.pad(x, sides), before=before, after=after)

for shape, target in (((5,), (2, 3, 5)), ((3, 1), (2, 3, 4)), ((), (2, 2)), ((1, 4, 1), (3, 4, 2))):
    name = "x".join(map(str, shape)) or "scalar"
    r.add(f"broadcast-{name}", "broadcast", [r.normal(*shape)], lambda x: x.expand(target), shape=list(target))

for axis in (0, 1, 2, -1):
    r.add(f"stack-{axis}", "stack", [r.normal(3, 2) for _ in range(3)], lambda *x: torch.stack(x, axis), axis=axis)
r.add("pad-value", "pad-value", [r.normal(2, 3, 2)], lambda x: F.pad(x, [1, 0, 0, 2, 1, 1], value=-1.5),
      before=[1, 0, 1], after=[1, 2, 0], value=-1.5)
for axis, extents in ((0, [1, 2]), (1, [2, 1, 1]), (-1, [5])):
    r.add(
        f"split-{axis % 3}", "split", [r.normal(3, 4, 5)],
        lambda x: torch.cat([part * (k + 1) for k, part in enumerate(x.split(extents, axis))], axis), axis=axis,
        extents=extents)
    r.add(
        f"unstack-{axis % 3}", "unstack", [r.normal(3, 4, 5)],
        lambda x: sum(part * (k + 1) for k, part in enumerate(x.unbind(axis))), axis=axis)

r.write()
