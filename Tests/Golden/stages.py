"""Golden values of methods with trained parts of their own (written to stages.safetensors).

A case has the maps before their ReLUs as CASE/in/student.0 …, CASE/in/teacher.0 … ([N, C, H, W]), the trained parts as
CASE/in/part.NAME, the loss in training mode as CASE/loss, and float64 gradients of it as CASE/gradient/NAME. Options are those
of the method. Formulas after the definitions in the papers and their released code.
"""

import numpy as np
import torch
import torch.nn.functional as F
from golden import Recorder

r = Recorder("stages", seed=405)


def case(name, method, own, other, parts, function, *texts):
    """`own` and `other` are lists of extents [C, H, W]; `parts` maps names to extents; `function` takes lists of maps and the
    parts and gives the loss."""
    batch = 3
    inputs = {f"student.{i}": r.normal(batch, *size) for i, size in enumerate(own)}
    inputs |= {f"teacher.{i}": r.normal(batch, *size) for i, size in enumerate(other)}
    for part, size in parts.items():
        # Scales of normalisations lie around 1, as in use.
        shift = 1.0 if part.split(".")[-2].startswith("norm") and part.endswith("weight") else 0.0
        inputs[f"part.{part}"] = r.normal(*size, scale=0.4, shift=shift)
    leaves = {}
    for key, value in inputs.items():
        r.keep(f"{name}/in/{key}", value)
        leaf = torch.from_numpy(value.astype(np.float64))
        leaves[key] = leaf if key.startswith("teacher.") else leaf.requires_grad_()
    maps = [[leaves[f"{side}.{i}"] for i in range(len(sizes))] for side, sizes in (("student", own), ("teacher", other))]
    loss = function(*maps, {part: leaves[f"part.{part}"] for part in parts})
    assert loss.dtype == torch.float64 and torch.isfinite(loss), name
    asked = [key for key, leaf in leaves.items() if leaf.requires_grad]
    found = torch.autograd.grad(loss, [leaves[key] for key in asked], allow_unused=True)
    for key, gradient in zip(asked, found):
        if gradient is not None:
            r.keep(f"{name}/gradient/{key}", gradient)
    r.declare(name, method, **{"loss": loss.item(), "options": list(texts)})


def normalized(x, parts, name):
    return F.batch_norm(x, None, None, parts[f"{name}.weight"], parts[f"{name}.bias"], training=True, eps=1e-5)


def norm(name, channels):
    return {f"{name}.weight": (channels,), f"{name}.bias": (channels,)}


# --- the regressor of FitNets, by sizes


def regressed(form):
    def apply(s, p, relu=True, name="regressor"):
        w, b = p[f"{name}.convolution.weight"], p[f"{name}.convolution.bias"]
        x = {"half": lambda: F.conv2d(s, w, b, stride=2, padding=1),
             "double": lambda: F.conv_transpose2d(s, w, b, stride=2, padding=1),
             "same": lambda: F.conv2d(s, w, b)}[form]()
        x = normalized(x, p, f"{name}.norm")
        return x.relu() if relu else x

    return apply


def regressor(weight, channels, name="regressor"):
    return {f"{name}.convolution.weight": weight, f"{name}.convolution.bias": (channels,)} | norm(f"{name}.norm", channels)


for kind, own, other, weight in (
        ("same", (3, 4, 5), (5, 4, 5), (5, 3, 1, 1)), ("half", (3, 8, 6), (5, 4, 3), (5, 3, 3, 3)),
        ("double", (3, 2, 3), (5, 4, 6), (3, 5, 4, 4)), ("difference", (3, 5, 6), (4, 4, 3), (4, 3, 2, 4))):
    apply = regressed("same" if kind == "difference" else kind)
    case(f"fitnet-{kind}", "fitnet", [own], [other], regressor(weight, other[0]),
         lambda s, t, p: (apply(s[0].relu(), p) - t[0].relu()).square().mean())


# --- factor transfer: the translator against the paraphraser's encoder, and the paraphraser's own stage


def paraphrased(t, p, both=False):
    for place in range(3):
        t = F.leaky_relu(F.conv2d(t, p[f"paraphraser.encoder.{place}.weight"], p[f"paraphraser.encoder.{place}.bias"],
                                  padding=1), 0.1)
    for place in range(3 if both else 0):
        t = F.leaky_relu(F.conv_transpose2d(t, p[f"paraphraser.decoder.{place}.weight"],
                                            p[f"paraphraser.decoder.{place}.bias"], padding=1), 0.1)
    return t


def paraphraser(channels, factors):
    parts = {}
    for place, (inputs, outputs) in enumerate(((channels, channels), (channels, factors), (factors, factors))):
        parts |= {f"paraphraser.encoder.{place}.weight": (outputs, inputs, 3, 3), f"paraphraser.encoder.{place}.bias": (outputs,)}
    for place, (inputs, outputs) in enumerate(((factors, factors), (factors, channels), (channels, channels))):
        parts |= {f"paraphraser.decoder.{place}.weight": (inputs, outputs, 3, 3), f"paraphraser.decoder.{place}.bias": (outputs,)}
    return parts


def translator(channels, factors, normalizes):
    parts = {}
    for place, (inputs, outputs) in enumerate(((channels, channels), (channels, factors), (factors, factors))):
        parts |= {f"translator.{place}.weight": (outputs, inputs, 3, 3), f"translator.{place}.bias": (outputs,)}
        if normalizes:
            parts |= norm(f"translator.norm.{place}", outputs)
    return parts


def translated(s, p):
    for place in range(3):
        s = F.conv2d(s, p[f"translator.{place}.weight"], p[f"translator.{place}.bias"], padding=1)
        if f"translator.norm.{place}.weight" in p:
            s = normalized(s, p, f"translator.norm.{place}")
        s = F.leaky_relu(s, 0.1)
    return s


def factor_distance(s, t, p, spatial):
    a, b = translated(s[0].relu(), p), paraphrased(t[0].relu(), p).detach()
    size = [min(x, y) for x, y in zip(a.shape[2:], b.shape[2:])]
    a, b = F.adaptive_avg_pool2d(a, size), F.adaptive_avg_pool2d(b, size)
    if spatial:
        a, b = (x.square().mean(1) for x in (a, b))
    return (F.normalize(a.reshape(len(a), -1)) - F.normalize(b.reshape(len(b), -1))).abs().mean()


for kind, normalizes, texts in (
        ("full", False, ()), ("spatial", True, ("factor=spatial", "translator=normalized"))):
    case(f"factor-transfer-{kind}", "factor-transfer", [(3, 6, 4)], [(5, 3, 2)],
         paraphraser(5, 2) | translator(3, 2, normalizes),
         lambda s, t, p: factor_distance(s, t, p, kind == "spatial"), *texts)
for kind, function in (("absolute", torch.abs), ("squared", torch.square)):
    case(f"paraphraser-{kind}", "factor-transfer", [(3, 3, 2)], [(5, 3, 2)], paraphraser(5, 2),
         lambda s, t, p: function(t[0].relu() - paraphrased(t[0].relu(), p, True)).mean(), f"reconstruction={kind}")


# --- connectors of activation boundaries and of the overhaul


def connected(s, p, name):
    return normalized(F.conv2d(s, p[f"{name}.weight"]), p, f"{name}.norm")


def connectors(*ends):
    parts = {}
    for place, (inputs, outputs) in enumerate(ends):
        parts |= {f"connector.{place}.weight": (outputs, inputs, 1, 1)} | norm(f"connector.{place}.norm", outputs)
    return parts


def boundary(s, t, margin=1.0):
    total = 0
    for place, (a, b) in enumerate(zip(s, t)):
        rho = torch.where(b > 0, (margin - a).clamp(min=0), (a + margin).clamp(min=0)).square()
        total = total + 2.0 ** (place + 1 - len(s)) * rho.sum() / len(a)
    return 0.003 * total


two = [(3, 4, 4), (4, 2, 2)], [(5, 4, 4), (4, 2, 2)]
case("activation-boundary", "activation-boundary", *two, connectors((3, 5), (4, 4)),
     lambda s, t, p: boundary([connected(x, p, f"connector.{i}") for i, x in enumerate(s)], t))
case("activation-boundary-equal", "activation-boundary", two[1], two[1], {}, lambda s, t, p: boundary(s, t))
case("activation-boundary-regressor", "activation-boundary", [(3, 8, 8), (4, 2, 2)], [(5, 4, 4), (4, 2, 2)],
     regressor((5, 3, 3, 3), 5, "connector.0"),
     lambda s, t, p: boundary([regressed("half")(s[0], p, False, "connector.0"), s[1]], t), "connector=regressor")


def overhaul(s, t):
    losses = []
    for a, b in zip(s, t):
        b = F.adaptive_avg_pool2d(b, a.shape[2:])
        count = (b < 0).sum((0, 2, 3))
        margin = b.clamp(max=0).sum((0, 2, 3)) / (count + 1e-6)
        b = torch.maximum(b, margin[None, :, None, None])
        losses.append(((a - b).square() * ~((a <= b) & (b <= 0))).mean())
    return sum(losses) / len(losses) / 2


case("ofd-aberhu", "ofd", [(3, 4, 4), (4, 2, 2)], [(5, 4, 4), (4, 4, 4)], connectors((3, 5), (4, 4)),
     lambda s, t, p: overhaul([connected(x, p, f"connector.{i}") for i, x in enumerate(s)], t), "variant=aberhu")


# --- fsp behind connectors


def flows(s, t):
    total = 0
    for place in range(len(s) - 1):
        sides = []
        for side in (s, t):
            a, b = side[place], side[place + 1]
            a = F.adaptive_avg_pool2d(a, b.shape[2:])
            sides.append(torch.einsum("bahw,bchw->bac", a, b) / (b.shape[2] * b.shape[3]))
        total = total + (sides[0] - sides[1]).square().mean()
    return total


case("fsp-connected", "fsp", [(3, 4, 4), (4, 2, 2)], [(5, 4, 4), (6, 2, 2)], connectors((3, 5), (4, 6)),
     lambda s, t, p: flows([connected(x.relu(), p, f"connector.{i}") for i, x in enumerate(s)], [x.relu() for x in t]),
     "connector=convolution")


# --- knowledge review


def review(s, t, p, before):
    students = [s[-1].relu().mean((2, 3), keepdim=True)] + [x if before else x.relu() for x in reversed(s)]
    teachers = [t[-1].relu().mean((2, 3), keepdim=True)] + list(reversed(t))
    total, residual = 0, None
    for place, (x, target) in enumerate(zip(students, teachers)):
        name = f"fusion.{place}"
        x = normalized(F.conv2d(x, p[f"{name}.conv1.weight"]), p, f"{name}.norm1")
        if residual is not None:
            y = F.interpolate(residual, x.shape[2:], mode="nearest")
            z = torch.sigmoid(F.conv2d(torch.cat((x, y), 1), p[f"{name}.attention.weight"], p[f"{name}.attention.bias"]))
            x = x * z[:, :1] + y * z[:, 1:]
        x = F.interpolate(x, target.shape[2:], mode="nearest")
        residual = x
        out = normalized(F.conv2d(x, p[f"{name}.conv2.weight"], padding=1), p, f"{name}.norm2")
        loss, weights, weight = (out - target).square().mean(), 1.0, 1.0
        for cells in (4, 2, 1):
            if cells < out.shape[2]:
                weight /= 2
                weights += weight
                loss = loss + weight * (F.adaptive_avg_pool2d(out, cells) - F.adaptive_avg_pool2d(target, cells)).square().mean()
        total = total + loss / weights
    return total


def fusions(own, other):
    parts, middle = {}, own[-1]
    for place, (inputs, outputs) in enumerate([(own[-1], other[-1])] + list(zip(reversed(own), reversed(other)))):
        name = f"fusion.{place}"
        parts |= {f"{name}.conv1.weight": (middle, inputs, 1, 1)} | norm(f"{name}.norm1", middle)
        parts |= {f"{name}.conv2.weight": (outputs, middle, 3, 3)} | norm(f"{name}.norm2", outputs)
        if place:
            parts |= {f"{name}.attention.weight": (2, 2 * middle, 1, 1), f"{name}.attention.bias": (2,)}
    return parts


for kind, texts in (("", ("warm-up=0",)), ("-preact", ("warm-up=0", "preact-student=true")), ("-warm-up", ("warm-up=8",))):
    case(f"review-kd{kind}", "review-kd", [(3, 6, 6), (4, 3, 3)], [(5, 5, 5), (6, 3, 3)], fusions((3, 4), (5, 6)),
         lambda s, t, p: review(s, t, p, kind == "-preact") / (8 if kind == "-warm-up" else 1), *texts)

r.write()
