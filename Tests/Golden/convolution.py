"""Golden values of convolution (written to convolution.safetensors). Run: python3 Tests/Golden/convolution.py

`convolution`: inputs x [N, C, H, W], weight [O, C, K, K] and, with option bias, bias [O].
`frozen-convolution`: x, weight, bias and, with option residual, a tensor added before the ReLU.
"""

import torch.nn.functional as F
from golden import Recorder

r = Recorder("convolution", seed=301)


def convolution(case, inputs, outputs, kernel, height, width, batch=2, stride=1, padding=0, bias=False, half=False):
    tensors = [
        r.normal(batch, inputs, height, width, half=half),
        r.normal(outputs, inputs, kernel, kernel, scale=(2 / (inputs * kernel**2)) ** 0.5, half=half),
    ]
    if bias:
        tensors.append(r.normal(outputs, half=half))
    r.add(
        case, "convolution", tensors,
        lambda x, w, b=None: F.conv2d(x, w, b, stride, padding),
        half=half, stride=stride, padding=padding, bias=bias)


convolution("3x3-3to16", 3, 16, 3, 9, 7, padding=1)
convolution("3x3-3to16-bias", 3, 16, 3, 8, 8, padding=1, bias=True)
convolution("3x3-16to16", 16, 16, 3, 9, 7, padding=1)
convolution("3x3-16to32-batch1", 16, 32, 3, 7, 6, batch=1, padding=1)
convolution("3x3-32to32-batch1", 32, 32, 3, 5, 6, batch=1, padding=1, half=True)
convolution("3x3-64to16", 64, 16, 3, 3, 4, padding=1)
convolution("3x3-5to7-bias", 5, 7, 3, 6, 11, batch=3, padding=1, bias=True)
convolution("3x3-1to1", 1, 1, 3, 5, 4, batch=1, padding=1)
convolution("3x3-no-padding", 4, 6, 3, 9, 7)
convolution("3x3-no-padding-bias-batch1", 4, 6, 3, 5, 8, batch=1, bias=True)
convolution("3x3-kernel-fills-input", 6, 4, 3, 3, 3)
convolution("3x3-one-pixel", 16, 16, 3, 1, 1, padding=1)
convolution("3x3-stride2-even", 16, 32, 3, 8, 8, stride=2, padding=1)
convolution("3x3-stride2-odd", 8, 16, 3, 9, 7, stride=2, padding=1)
convolution("3x3-stride2-bias", 3, 16, 3, 10, 7, stride=2, padding=1, bias=True)
convolution("1x1-stride2", 16, 32, 1, 8, 8, stride=2)
convolution("1x1-stride2-odd", 8, 16, 1, 9, 7, stride=2)
convolution("1x1", 16, 8, 1, 5, 4)
convolution("1x1-bias", 8, 12, 1, 5, 4, batch=1, bias=True)
convolution("5x5", 3, 16, 5, 9, 7, padding=2)
convolution("5x5-bias", 6, 8, 5, 8, 6, padding=2, bias=True)
convolution("11x11-stride4", 3, 8, 11, 27, 23, batch=1, stride=4, padding=2)
convolution("11x11-stride4-bias", 3, 8, 11, 19, 15, stride=4, padding=2, bias=True)
# Many channels and images. Winograd kernels take larger maps only; the tests hold those against a reference in double
# precision, which itself is held against all cases here.
convolution("3x3-32to32-batch16", 32, 32, 3, 5, 4, batch=16, padding=1, half=True)
convolution("3x3-32to48-batch16-bias", 32, 48, 3, 2, 3, batch=16, padding=1, bias=True, half=True)
convolution("3x3-64to64-batch16", 64, 64, 3, 4, 4, batch=16, padding=1, half=True)


def frozen(case, inputs, outputs, kernel, height, width, batch=2, stride=1, padding=1, relu=True, residual=False):
    tensors = [
        r.normal(batch, inputs, height, width),
        r.normal(outputs, inputs, kernel, kernel, scale=(2 / (inputs * kernel**2)) ** 0.5),
        r.normal(outputs, scale=0.5),
    ]
    if residual:
        extents = [(extent + 2 * padding - kernel) // stride + 1 for extent in (height, width)]
        tensors.append(r.normal(batch, outputs, *extents))

    def function(x, w, b, added=None):
        y = F.conv2d(x, w, b, stride=stride, padding=padding)
        y = y if added is None else y + added
        assert not relu or y.abs().min() > 1e-6, case
        return F.relu(y) if relu else y

    r.add(case, "frozen-convolution", tensors, function, stride=stride, padding=padding, relu=relu, residual=residual)


frozen("frozen-relu", 8, 16, 3, 9, 7)
frozen("frozen-residual-relu", 16, 16, 3, 6, 5, residual=True)
frozen("frozen-residual", 8, 8, 3, 5, 5, relu=False, residual=True)
frozen("frozen-plain", 8, 16, 1, 6, 6, stride=2, padding=0, relu=False)
frozen("frozen-stride2-relu", 3, 16, 3, 8, 7, stride=2)

r.write(layout="NCHW, OIHW")
