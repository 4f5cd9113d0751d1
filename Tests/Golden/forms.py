"""Golden values of convolutions and poolings of any form (written to forms.safetensors). Run: python3 Tests/Golden/forms.py

Options stride, padding, dilation, output-padding, size and output are [height, width].

`convolution`, `transposed-convolution`: x, weight and, with option bias, bias; options stride, padding, dilation, groups
(and output-padding). `max-pooling`, `average-pooling`: options size, stride, padding, ceil and, for means,
counts-padding. `adaptive-max-pooling`, `adaptive-average-pooling`: option output.
"""

import torch.nn.functional as F
from golden import Recorder

r = Recorder("forms", seed=311)


def convolution(
        case, inputs, outputs, kernel, size, batch=1, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1,
        bias=False):
    tensors = [r.normal(batch, inputs, *size), r.normal(outputs, inputs // groups, *kernel, scale=0.3)]
    tensors += [r.normal(outputs)] if bias else []
    r.add(
        case, "convolution", tensors, lambda x, w, b=None: F.conv2d(x, w, b, stride, padding, dilation, groups),
        stride=list(stride), padding=list(padding), dilation=list(dilation), groups=groups, bias=bias)


def transposed(
        case, inputs, outputs, kernel, size, batch=1, stride=(1, 1), padding=(0, 0), output_padding=(0, 0),
        dilation=(1, 1), groups=1, bias=False):
    tensors = [r.normal(batch, inputs, *size), r.normal(inputs, outputs // groups, *kernel, scale=0.3)]
    tensors += [r.normal(outputs)] if bias else []
    r.add(
        case, "transposed-convolution", tensors,
        lambda x, w, b=None: F.conv_transpose2d(x, w, b, stride, padding, output_padding, groups, dilation),
        stride=list(stride), padding=list(padding), dilation=list(dilation), groups=groups, bias=bias,
        **{"output-padding": list(output_padding)})


convolution("rectangle", 3, 8, (3, 5), (7, 10), padding=(1, 2))
convolution("rectangle-strides", 4, 6, (1, 3), (7, 10), stride=(2, 3), padding=(0, 1), bias=True)
convolution("strides-by-axis", 16, 8, (3, 3), (9, 7), stride=(1, 2), padding=(1, 1))
convolution("padding-by-axis", 8, 16, (3, 3), (5, 8), batch=2, padding=(0, 2))
convolution("dilated", 8, 16, (3, 3), (9, 11), padding=(2, 2), dilation=(2, 2))
convolution("dilated-by-axis", 3, 5, (3, 2), (10, 9), padding=(3, 1), dilation=(3, 2), bias=True)
convolution("dilated-strided", 16, 8, (3, 3), (11, 8), stride=(2, 1), padding=(1, 2), dilation=(2, 2))
convolution("two-groups", 8, 12, (3, 3), (6, 5), padding=(1, 1), groups=2)
convolution("three-groups-1x1", 54, 24, (1, 1), (5, 4), groups=3)
convolution("four-groups-bias", 16, 32, (3, 3), (7, 6), stride=(2, 2), padding=(1, 1), groups=4, bias=True)
convolution("per-channel-16", 16, 16, (3, 3), (7, 9), batch=2, padding=(1, 1), groups=16)
convolution("per-channel-24-strided", 24, 24, (3, 3), (9, 6), stride=(2, 2), padding=(1, 1), groups=24)
convolution("per-channel-5", 5, 5, (3, 3), (6, 7), padding=(1, 1), groups=5, bias=True)
convolution("per-channel-doubled", 6, 12, (3, 3), (6, 5), padding=(1, 1), groups=6)
convolution("per-channel-dilated", 16, 16, (3, 3), (9, 8), padding=(2, 2), dilation=(2, 2), groups=16)
transposed("up", 6, 4, (2, 2), (4, 5), stride=(2, 2))
transposed("up-padded", 16, 8, (3, 3), (4, 5), stride=(2, 2), padding=(1, 1), output_padding=(1, 1), bias=True)
transposed("up-by-axis", 5, 3, (3, 4), (3, 6), stride=(3, 2), padding=(1, 0), output_padding=(2, 1))
transposed("up-same", 4, 6, (3, 3), (5, 4), padding=(1, 1))
transposed("up-dilated", 4, 3, (3, 3), (4, 6), stride=(2, 1), padding=(1, 2), dilation=(2, 1), output_padding=(1, 0))
transposed("up-groups", 8, 12, (3, 3), (4, 3), stride=(2, 2), padding=(1, 1), groups=4, bias=True)
transposed("up-per-channel", 16, 16, (4, 4), (3, 5), stride=(2, 2), padding=(1, 1), groups=16, batch=1)


def pooling(case, shape, size, stride, padding=(0, 0), ceil=False, counts=True):
    common = {"size": list(size), "stride": list(stride), "padding": list(padding), "ceil": ceil}
    r.add(
        f"max-{case}", "max-pooling", [r.normal(*shape)],
        lambda x: F.max_pool2d(x, size, stride, padding, ceil_mode=ceil), **common)
    r.add(
        f"average-{case}", "average-pooling", [r.normal(*shape)],
        lambda x: F.avg_pool2d(x, size, stride, padding, ceil, counts), **common, **{"counts-padding": counts})


pooling("rectangle", (2, 5, 7, 10), (2, 3), (2, 3))
pooling("strides", (2, 8, 9, 7), (3, 2), (1, 2), (1, 0))
pooling("ceil", (2, 4, 8, 7), (3, 3), (2, 2), ceil=True)
pooling("ceil-padded", (1, 5, 8, 10), (3, 3), (2, 3), (1, 1), ceil=True)
pooling("ceil-padded-not-counted", (2, 3, 8, 9), (3, 3), (2, 2), (1, 1), ceil=True, counts=False)
pooling("ceil-drops-last", (1, 3, 5, 6), (2, 2), (3, 4), (1, 1), ceil=True)
pooling("not-counted", (2, 6, 9, 8), (3, 3), (2, 2), (1, 1), counts=False)
pooling("gaps", (1, 4, 9, 11), (2, 1), (3, 2))
for case, shape, output in (
    ("divides", (2, 8, 8, 6), (4, 3)), ("uneven", (2, 5, 7, 10), (3, 4)), ("enlarges", (2, 3, 2, 5), (5, 3)),
    ("one-by-many", (1, 6, 9, 7), (1, 5)), ("all", (2, 7, 5, 3), (1, 1)), ("seven-to-six", (1, 4, 7, 13), (6, 6)),
):
    r.add(
        f"adaptive-max-{case}", "adaptive-max-pooling", [r.normal(*shape)],
        lambda x: F.adaptive_max_pool2d(x, output), output=list(output))
    r.add(
        f"adaptive-average-{case}", "adaptive-average-pooling", [r.normal(*shape)],
        lambda x: F.adaptive_avg_pool2d(x, output), output=list(output))

r.write(layout="NCHW, OIHW")
