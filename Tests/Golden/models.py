"""Golden values of whole networks (written to models.safetensors). Run: python3 Tests/Golden/models.py

Weights and images come from a formula, so that a test needs no file for them. For array number k and flat element i
(row-major, PyTorch's axis order), all in unsigned integers:

    h = (i · 2654435761 + k · 40503 · 65537 + 12345) mod 2³²
    h = h xor (h >> 16);  h = h · 0x45d9f3b mod 2³²;  h = h xor (h >> 16)
    u = h / 2³² − 0.5                                            (double, exact)
    value = float(shift + scale · u)                             (double, rounded once to Float)

k counts the entries of the state dict from 0, in order, without `num_batches_tracked`; for ResNets that is conv1, bn1,
then of each block conv1, bn1, conv2, bn2, downsample.0, downsample.1, at last fc; each normalisation gives weight,
bias, running_mean, running_var. k = 1000, or option images, gives the images [N, C, H, W]. shift and scale, by the first line that fits:

    name ends in                           shift   scale
    running_mean                           0       0.2
    running_var                            1       0.4
    bias                                   0       0.2
    .bn2.weight, name begins with layer    0.25    0.05            (ends a block: keeps deep sums small)
    weight with one axis                   1       0.2
    weight                                 0       2 · sqrt(6 / (product of all extents but the first))
    (images)                               0       4

Case C has an entry in `cases`: op and options model, classes, channels, height, width, batch.

`evaluation`: C/logits and, where option features is true, C/STAGE.before and C/STAGE.after: what a stage gives
    before and after its last ReLU, for the first image only.
`training`: one batch in training mode; image n has label (7n + 3) mod classes. C/logits, C/loss (mean cross-entropy),
    C/norms: the gradients' L2 norms in the order of option norms; C/gradient.NAME for a few; C/statistic.NAME for
    running statistics after this batch; then `steps` steps of SGD (learning rate 0.1, momentum 0.9, Nesterov, weight
    decay 5e-4 on every parameter), all on this batch, the first with the gradients above: C/losses before each step,
    C/logits.evaluation: logits in evaluation mode after the last. Images are such that no ReLU of the first step has an
    input nearer to zero than 5e-6 (option nearest): there a rounding would decide where gradients go.

Options `float32.…` say how far PyTorch's own Float computation is from these values (largest difference over the
largest absolute value): what a tolerance can be held against. `states`: for each network its parameter count and the
names and shapes of its state dict. VGG-11 at 224 pixels is torchvision's own class.
"""

import copy
import json
import math

import numpy as np
import torch
import torch.nn.functional as F
from golden import Recorder
from networks import build

IMAGES = 1000
r = Recorder("models", seed=0)
states = {}


def torchvision_models():
    """torchvision's networks, also where its compiled operators do not fit the torch at hand (they are not needed)."""
    try:
        from torchvision import models
    except RuntimeError:
        library = torch.library.Library("torchvision", "DEF")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        from torchvision import models
    return models


def formula(k, shape, shift, scale):
    i = np.arange(math.prod(shape), dtype=np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    h = (i * np.uint64(2654435761) + np.uint64(k * 40503 * 65537 + 12345)) & mask
    h ^= h >> np.uint64(16)
    h = (h * np.uint64(0x45D9F3B)) & mask
    h ^= h >> np.uint64(16)
    return (shift + scale * (h / 2.0**32 - 0.5)).astype(np.float32).reshape(shape)


def shift_and_scale(name, shape):
    if name.endswith("running_mean"):
        return 0, 0.2
    if name.endswith("running_var"):
        return 1, 0.4
    if name.endswith("bias"):
        return 0, 0.2
    if name.startswith("layer") and name.endswith(".bn2.weight"):
        return 0.25, 0.05
    if len(shape) == 1:
        return 1, 0.2
    return 0, 2 * math.sqrt(6 / math.prod(shape[1:]))


def entries(network):
    return [(name, value) for name, value in network.state_dict().items() if not name.endswith("num_batches_tracked")]


def filled(network, dtype):
    """Gives the network the formula's weights."""
    with torch.no_grad():
        for k, (name, value) in enumerate(entries(network)):
            value.copy_(torch.from_numpy(formula(k, value.shape, *shift_and_scale(name, value.shape))))
    return network.to(dtype)


def images(batch, channels, height, width, dtype, k=IMAGES):
    return torch.from_numpy(formula(k, (batch, channels, height, width), 0, 4)).to(dtype)


def nearest_to_zero(network, x):
    """The smallest absolute value that any ReLU of a network is given."""
    found, relu = [], F.relu

    def watched(x):
        found.append(float(x.detach().abs().min()))
        return relu(x)

    F.relu = watched
    try:
        copy.deepcopy(network)(x)
    finally:
        F.relu = relu
    return min(found)


def describe(key, network):
    states[key] = {
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "tensors": [[name, list(value.shape)] for name, value in entries(network)]}


def distance(exact, other):
    return float(f"{float((exact - other.double()).abs().max() / exact.abs().max()):.1e}")


def evaluation(case, model, classes=10, channels=3, height=32, width=32, batch=2, features=False, make=build):
    results = []
    for dtype in (torch.float64, torch.float32):
        network = filled(make(model, classes, channels, height, width), dtype).eval()
        with torch.no_grad():
            x = images(batch, channels, height, width, dtype)
            results.append(network.forward_with_features(x) if features else (network(x), {}))
    (logits, found), (single, _) = results
    describe(case, network)
    r.declare(
        case, "evaluation", model=model, classes=classes, channels=channels, height=height, width=width, batch=batch,
        features=features, **{"float32.logits": distance(logits, single)})
    print(f"{case}: logits up to {float(logits.abs().max()):.3g}, over classes {float(logits.std(1).mean()):.3g}, "
          f"Float differs by {distance(logits, single):.1e}")
    r.keep(f"{case}/logits", logits)
    for name, value in found.items():
        r.keep(f"{case}/{name}", value[:1])


KEPT = {
    "resnet8": (
        ["conv1.weight", "bn1.weight", "bn1.bias", "layer2.0.downsample.0.weight", "layer3.0.bn2.weight", "fc.weight",
         "fc.bias"],
        ["bn1.running_mean", "bn1.running_var", "layer3.0.bn2.running_var"]),
    "cnn4": (["conv1.weight", "bn4.weight", "fc.weight"], ["bn4.running_mean", "bn4.running_var"]),
}


def training(case, model, batch, k, steps=3, classes=10, height=32, width=32):
    results = []
    for dtype in (torch.float64, torch.float32):
        network = filled(build(model, classes, 3, height, width), dtype).train()
        x = images(batch, 3, height, width, dtype, k)
        if dtype == torch.float64:
            nearest = nearest_to_zero(network, x)
            assert nearest > 5e-6, (case, nearest)
        labels = (7 * torch.arange(batch) + 3) % classes
        optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=5e-4)
        found, losses = {}, []
        for step in range(steps):
            optimizer.zero_grad()
            logits = network(x)
            loss = F.cross_entropy(logits, labels)
            loss.backward()
            losses.append(loss.detach())
            if step == 0:
                found["logits"], found["loss"] = logits.detach(), loss.detach()
                found["norms"] = torch.stack([parameter.grad.norm() for parameter in network.parameters()])
                parameters, state = dict(network.named_parameters()), network.state_dict()
                for name in KEPT[model][0]:
                    found[f"gradient.{name}"] = parameters[name].grad.clone()
                for name in KEPT[model][1]:
                    found[f"statistic.{name}"] = state[name].clone()
            optimizer.step()
        found["losses"] = torch.stack(losses)
        with torch.no_grad():
            found["logits.evaluation"] = network.eval()(x)
        results.append(found)
    exact, single = results
    differences = {f"float32.{name}": distance(exact[name], single[name]) for name in exact}
    r.declare(
        case, "training", model=model, classes=classes, channels=3, height=height, width=width, batch=batch,
        images=k, nearest=nearest, steps=steps, labels=labels.tolist(), norms=[name for name, _ in network.named_parameters()], **differences)
    print(f"{case}: losses {[round(float(loss), 4) for loss in losses]}, "
          f"Float differs by at most {max(differences.values()):.1e}")
    for name, value in exact.items():
        r.keep(f"{case}/{name}", value)


for model in ("resnet8", "resnet20", "resnet56"):
    evaluation(model, model)
evaluation("resnet20-features", "resnet20", height=16, width=24, batch=2, features=True)
evaluation("resnet20-grey", "resnet20", channels=1, height=28, width=28)
evaluation("resnet8-100-classes", "resnet8", classes=100, batch=1)
for depth in (2, 4, 6, 8, 10):
    evaluation(f"cnn{depth}", f"cnn{depth}")
evaluation("vgg11", "vgg11")
training("resnet8-training", "resnet8", batch=8, k=1001)
training("cnn4-training", "cnn4", batch=6, k=1001, height=16, width=20)


def torchvision_vgg11(model, classes, channels, height, width):
    network = torchvision_models().vgg11(num_classes=classes)
    own = build(model, classes, channels, height, width)
    shapes = [[(name, value.shape) for name, value in entries(each)] for each in (network, own)]
    assert shapes[0] == shapes[1]
    return network


evaluation("vgg11-224", "vgg11", classes=1000, height=224, width=224, batch=1, make=torchvision_vgg11)
for depth in (14, 26, 32, 44, 110):
    describe(f"resnet{depth}", build(f"resnet{depth}"))
assert states["resnet20"]["parameters"] == 272_474

# A few values of the formula: [k, i, value with shift 0 and scale 1], for a first test of the other side's hash.
probes = [[k, i, float(formula(k, (i + 1,), 0, 1)[i])] for k in (0, 1, 17, IMAGES) for i in (0, 1, 2, 1000)]
r.write(layout="NCHW, OIHW", states=json.dumps(states), formula=json.dumps(probes))
