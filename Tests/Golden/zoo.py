"""Golden logits of the networks of the catalogue (written to zoo.safetensors). Run: python3 Tests/Golden/zoo.py

Weights, running statistics and images come from `named.py`, so that the file holds results only. torchvision's classes
where it has the network, else `published.py`. A case has op `zoo` and the options model, options (of the network),
classes, channels, height, width, batch, parameters (how many are trained) and state: FNV-1a of `NAME:EXTENT,EXTENT;`
of every array in order.

    C/logits                 evaluation mode
    C/loss, C/gradient.NAME  where option training is true: mean cross-entropy in training mode, image n has label
                             (7n + 3) mod classes; for large arrays the first 64 values only (option norms: their
                             L2 norms, whole)
    C/statistic.NAME         a running statistic after that step

Option float32 says how far PyTorch's own Float computation is (largest difference over the largest absolute value).
"""

import copy

import torch
import torch.nn.functional as F
import named
from golden import Recorder
from zoo_networks import network

r = Recorder("zoo", seed=0)


def digest(model):
    text = "".join(f"{name}:{','.join(map(str, value.shape))};" for name, value in named.entries(model))
    return named.key(text)


def distance(a, b):
    return float((a - b.double()).abs().max() / a.abs().max())


def trained(model, x, classes, gradients, statistics):
    labels = (7 * torch.arange(len(x)) + 3) % classes
    loss = F.cross_entropy(model.train()(x), labels)
    loss.backward()
    parameters, state = dict(model.named_parameters()), dict(model.state_dict())
    found = {"loss": loss.detach()}
    for name in gradients:
        found[f"gradient.{name}"] = parameters[name].grad.flatten()[:64]
    for name in statistics:
        found[f"statistic.{name}"] = state[name].clone()
    return found, [float(parameters[name].grad.norm()) for name in gradients]


def case(name, model, classes=10, channels=3, size=(32, 32), batch=2, gradients=(), statistics=(), **options):
    """`gradients` and `statistics` are those that the file keeps, after one training step on `training` images."""
    height, width = size
    made = network(model, classes, channels, height, width, options)
    x = named.images(batch, channels, height, width)
    exact = named.filled(made)
    single = copy.deepcopy(exact).float().eval()
    with torch.no_grad():
        logits = exact.eval()(x)
        float32 = distance(logits, single(x.float()))
    found, extra = {}, {}
    if gradients:
        found, norms = trained(exact, x, classes, gradients, statistics)
        extra = {"gradients": list(gradients), "norms": norms, "statistics": list(statistics)}
    if options:
        extra["options"] = [{key.replace("_", "-"): value} for key, value in options.items()]
    r.declare(
        name, "zoo", model=model, classes=classes, channels=channels, height=height, width=width, batch=batch,
        parameters=sum(value.numel() for value in made.parameters()), state=digest(made), float32=float32,
        training=bool(gradients), **extra)
    r.keep(f"{name}/logits", logits)
    for part, value in found.items():
        r.keep(f"{name}/{part}", value)
    print(f"{name}: {sum(v.numel() for v in made.parameters())} parameters, largest logit {logits.abs().max():.3g}, "
          f"Float differs by {float32:.1e}", flush=True)


VGG = {"gradients": ("features.0.weight", "features.1.weight", "features.4.bias", "classifier.6.bias"),
       "statistics": ("features.1.running_mean", "features.1.running_var")}
case("plain2", "plain2", size=(21, 18))
case("plain4", "plain4", classes=100, size=(12, 20))
case("plain6", "plain6", classes=100, size=(16, 12))
case("plain8", "plain8", size=(16, 24), batch=3, gradients=("conv1.weight", "bn4.bias", "fc1.weight", "fc2.bias"),
     statistics=("bn8.running_mean",))
case("plain10", "plain10", size=(16, 16), width=0.25, gradients=("conv1.weight", "bn1.weight", "fc1.weight"))
case("vgg8", "vgg8", size=(32, 44))
case("vgg8-64", "vgg8", size=(64, 64), batch=1)
case("vgg8-plain", "vgg8", batch_norm=False)
case("vgg8-hidden", "vgg8", hidden=24, width=0.5)
case("vgg11", "vgg11", size=(70, 33))
case("vgg11-grid", "vgg11", size=(70, 33), width=0.0625, hidden=24, grid=True, dropout=0.0,
     gradients=("features.0.weight", "features.18.weight", "classifier.0.weight"))
case("vgg13-bn", "vgg13", batch_norm=True, dropout=0.0, width=0.0625, batch=3, **VGG)
case("vgg13-repdistiller", "vgg13", layout="repdistiller", batch_norm=True, classes=100)
case("vgg16", "vgg16", width=0.0625, channels=1)
case("vgg16-bn", "vgg16", batch_norm=True, hidden=20, width=0.25)
case("vgg19", "vgg19", width=0.5)
case("vgg13-224", "vgg13", classes=1000, size=(224, 224), batch=1, hidden=64, batch_norm=True)
case("resnet18", "resnet18", size=(17, 30))
case("resnet34", "resnet34", size=(16, 16), batch=1)
case("resnet50", "resnet50", size=(16, 20), classes=100)
case("resnet50-64", "resnet50", size=(64, 64), batch=1)
case("resnet18-224", "resnet18", size=(224, 224), classes=1000, batch=1)
case("resnet101-large", "resnet101", size=(64, 96), stem="large", classes=1000, batch=1)
case("resnet152-large", "resnet152", size=(64, 64), stem="large", classes=1000, batch=1)
case("resnet18-training", "resnet18", size=(8, 10), batch=3, gradients=(
    "conv1.weight", "layer2.0.downsample.0.weight", "layer4.1.bn2.bias"), statistics=("layer4.1.bn2.running_var",))
case("resnet8x4", "resnet8x4", size=(20, 13), gradients=("conv1.weight", "layer3.0.conv1.weight", "fc.bias"))
case("resnet32x4", "resnet32x4", size=(16, 16))
case("resnet20-pad", "resnet20", size=(15, 22), batch=3, shortcut="pad", gradients=(
    "conv1.weight", "layer1.2.bn2.bias", "layer2.0.conv1.weight", "fc.bias"), statistics=("layer3.0.bn1.running_mean",))
case("resnet56-pad", "resnet56", shortcut="pad", batch=1)
case("wrn-40-2", "wrn-40-2", size=(16, 22), classes=100)
case("wrn-16-1", "wrn-16-1", size=(13, 18), gradients=(
    "conv1.weight", "block2.layer.0.convShortcut.weight", "block3.layer.1.bn1.weight", "bn1.bias"),
    statistics=("bn1.running_mean",))
case("wrn-16-4", "wrn-16-4", size=(8, 8))
case("alexnet", "alexnet", size=(32, 41))
case("alexnet-hidden", "alexnet", size=(24, 20), hidden=12, dropout=0.0, gradients=(
    "features.0.weight", "features.6.bias", "classifier.1.weight"))
case("alexnet-224", "alexnet", size=(224, 224), hidden=64, classes=1000, batch=1)
case("alexnet-large", "alexnet", size=(140, 200), hidden=16, batch=1)
case("mobilenet-v2", "mobilenet-v2", size=(64, 70))
case("mobilenet-v2-224", "mobilenet-v2", size=(224, 224), classes=1000, batch=1)
case("mobilenet-v2-wide", "mobilenet-v2", size=(32, 32), width=1.4, batch=1)
case("mobilenet-v2-training", "mobilenet-v2", size=(32, 40), width=0.35, dropout=0.0, batch=4, gradients=(
    "features.0.0.weight", "features.1.conv.0.0.weight", "features.9.conv.1.0.weight", "features.18.1.bias"),
    statistics=("features.17.conv.3.running_var",))
case("mobilenet-v2-small", "mobilenet-v2-small", size=(32, 20), classes=100)
case("mobilenet-v2-small-training", "mobilenet-v2-small", width=0.25, size=(32, 40), batch=4, gradients=(
    "conv1.0.weight", "blocks.3.1.conv.3.weight", "blocks.6.0.conv.6.weight"))
case("shufflenet-v1", "shufflenet-v1", size=(32, 22), classes=100)
case("shufflenet-v1-training", "shufflenet-v1", size=(32, 24), batch=4, gradients=(
    # Before these, images that differ by 1e-6 change the gradients by 2 %: batch statistics of few places, and ReLUs
    # that a rounding decides. Grouped and per-channel convolutions and the shuffle are held alone in forms.py.
    "layer3.3.conv3.weight", "layer3.3.bn3.bias", "linear.weight"),
    statistics=("layer3.3.bn3.running_mean",))
case("shufflenet-v2", "shufflenet-v2", size=(32, 22), classes=100)
case("shufflenet-v2-224", "shufflenet-v2", size=(224, 224), classes=1000, batch=1)
case("shufflenet-v2-x0.5-training", "shufflenet-v2-x0.5", size=(16, 12), batch=4, gradients=(
    "conv1.0.weight", "stage2.0.branch1.0.weight", "stage3.4.branch2.3.weight", "conv5.0.weight"),
    statistics=("stage4.3.branch2.6.running_var",))
case("shufflenet-v2-x1.5", "shufflenet-v2-x1.5", size=(16, 16))
case("shufflenet-v2-x2.0", "shufflenet-v2-x2.0", size=(16, 16))
r.write(layout="NCHW, OIHW")
