"""Golden values of batch, layer, group and instance normalisation (written to normalization.safetensors).

Run: python3 Tests/Golden/normalization.py

Inputs: x [N, C, H, W], scale [C], shift [C] and, with option residual, a tensor added before the ReLU. `C/mean.before`
and `C/variance.before` are the running statistics, `….after` what training leaves (momentum is the share of the new
batch; the running variance takes the unbiased one). Option training tells the two modes apart.

Ops `layer` (x [..., F]) and `group` (x [N, C, H, W], option groups; as many as channels is instance normalisation) take
x, scale and shift.
"""

import numpy as np
import torch
import torch.nn.functional as F
from golden import Recorder

r = Recorder("normalization", seed=303)


def normalization(case, batch, channels, height, width, training, relu=False, residual=False, spread=1.0, mean=0.5):
    shape = (batch, channels, height, width)
    centres = r.normal(1, channels, 1, 1, scale=mean)
    tensors = [
        (r.normal(*shape, scale=spread) + centres).astype(np.float32), r.normal(channels, scale=0.5, shift=1),
        r.normal(channels, scale=0.3),
    ]
    if residual:
        tensors.append(r.normal(*shape))
    running = [centres.reshape(-1), r.uniform(channels, low=0.5 * spread**2, high=1.5 * spread**2)]
    after = [torch.from_numpy(value.astype(np.float64)) for value in running]
    for name, value in zip(("mean", "variance"), running):
        r.keep(f"{case}/{name}.before", value)

    def function(x, scale, shift, added=None):
        y = F.batch_norm(x, *after, scale, shift, training=training, momentum=0.1, eps=1e-5)
        y = y if added is None else y + added
        assert not relu or y.abs().min() > 2e-5, (case, y.abs().min())
        return F.relu(y) if relu else y

    r.add(
        case, "batch-normalization", tensors, function, training=training, relu=relu, residual=residual, momentum=0.1,
        epsilon=1e-5)
    if training:
        for name, value in zip(("mean", "variance"), after):
            r.keep(f"{case}/{name}.after", value)


normalization("training", 4, 16, 5, 3, True)
normalization("training-3-channels", 2, 3, 9, 7, True)
normalization("training-two-values", 2, 8, 1, 1, True)
normalization("training-small-spread", 4, 16, 4, 4, True, spread=0.01, mean=0.02)
normalization("training-far-mean", 4, 16, 4, 4, True, mean=8)
normalization("training-relu", 4, 16, 5, 3, True, relu=True)
normalization("training-relu-64", 2, 64, 3, 3, True, relu=True)
normalization("training-residual-relu", 3, 16, 4, 5, True, relu=True, residual=True)
normalization("training-residual", 3, 8, 4, 4, True, residual=True)
normalization("evaluation", 2, 16, 5, 3, False)
normalization("evaluation-relu", 2, 16, 4, 4, False, relu=True)
normalization("evaluation-batch1", 1, 5, 3, 4, False)
normalization("evaluation-residual-relu", 2, 16, 4, 4, False, relu=True, residual=True)

shape = (2, 8, 4, 5)
r.add("add-relu", "add-relu", [r.away(r.normal(*shape), 0), r.uniform(*shape, low=0, high=0.01)],
      lambda x, y: F.relu(x + y))


def constants(values, *places):
    """Sets whole groups to one value: their variance is 0."""
    for place in places:
        values[place] = 0.75
    return values


for shape in ((4, 7), (1, 33), (2, 3, 5), (6, 1), (3, 64), (2, 2, 3, 8), (5,)):
    name = "x".join(map(str, shape))
    tensors = [r.normal(*shape, shift=0.5), r.normal(shape[-1], scale=0.5, shift=1), r.normal(shape[-1], scale=0.3)]
    r.add(f"layer-{name}", "layer", tensors, lambda x, a, b: F.layer_norm(x, shape[-1:], a, b), epsilon=1e-5)
tensors = [r.normal(4, 9, scale=3, shift=7), r.normal(9), r.normal(9)]
r.add("layer-epsilon", "layer", tensors, lambda x, a, b: F.layer_norm(x, (9,), a, b, eps=0.1), epsilon=0.1)
r.add(
    "layer-constant", "layer", [constants(r.normal(4, 6), 1, 3), r.normal(6), r.normal(6)],
    lambda x, a, b: F.layer_norm(x, (6,), a, b), epsilon=1e-5)
for batch, channels, height, width, groups in (
    (2, 6, 5, 3, 3), (1, 8, 3, 4, 2), (3, 4, 2, 5, 1), (2, 5, 4, 3, 5), (1, 3, 1, 7, 3), (2, 16, 1, 1, 4),
    (2, 32, 3, 2, 8),
):
    tensors = [
        r.normal(batch, channels, height, width, shift=0.5), r.normal(channels, scale=0.5, shift=1),
        r.normal(channels, scale=0.3)]
    r.add(
        f"group-{batch}x{channels}x{height}x{width}-{groups}", "group", tensors,
        lambda x, a, b: F.group_norm(x, groups, a, b), groups=groups, epsilon=1e-5)
tensors = [constants(r.normal(2, 4, 3, 5), (0, 1), (1, 0), (1, 1)), r.normal(4), r.normal(4)]
r.add("group-constant", "group", tensors, lambda x, a, b: F.group_norm(x, 2, a, b), groups=2, epsilon=1e-5)
r.add("instance-constant", "group", tensors, lambda x, a, b: F.group_norm(x, 4, a, b), groups=4, epsilon=1e-5)

r.write(layout="NCHW")
