"""Golden values of the losses of maps through regressors, connectors and factors (written to losses-stages.safetensors).

Run: python3 Tests/Golden/losses_stages.py. Formulas after the definitions in the papers and their released code.
"""

import numpy as np
import torch
import torch.nn.functional as F
from losscases import LossRecorder

r = LossRecorder("losses-stages", seed=404)


def pair(batch=3, channels=5, other=None, size=(4, 6), other_size=None, scale=1.0, relu=True, dead=(), layer=0):
    return {f"student.features.{layer}": r.maps(batch, channels, *size, scale=scale, relu=relu, dead=dead),
            f"teacher.features.{layer}": r.maps(batch, other or channels, *(other_size or size), scale=scale, relu=relu)}


def same(values, layer=0):
    return values | {f"student.features.{layer}": values[f"teacher.features.{layer}"].copy()}


def signed(layers=1, batch=3, **options):
    values = {}
    for layer in range(layers):
        values |= pair(batch, 5 + layer, size=(4, 6 - layer), relu=False, layer=layer, **options)
    return values


def levels(x, side):
    return [x[name] for name in sorted(name for name in x if name.startswith(f"{side}.features."))]


# --- fitnet: mean or half sum of the squared difference, behind a 1x1 regressor where there is one


def fitnet(x, reduction="mean"):
    s, t = x["student.features.0"], x["teacher.features.0"]
    weight = x.get("parameters.regressor.weight")
    s = s if weight is None else torch.einsum("bchw,ecij->behw", s, weight)
    return (s - t).square().mean() if reduction == "mean" else (s - t).square().sum() / (2 * len(s))


def regressed(values):
    own, other = (values[f"{side}.features.0"].shape[1] for side in ("student", "teacher"))
    return values | {"parameters.regressor.weight": r.normal(other, own, 1, 1, scale=0.5)}


r.case("fitnet", "fitnet", pair(), fitnet)
r.case("fitnet-regressor", "fitnet", regressed(pair(other=7)), fitnet)
r.case("fitnet-one-image", "fitnet", regressed(pair(1, other=3)), fitnet)
r.case("fitnet-dead", "fitnet", regressed(pair(other=7, dead=(0, 3))), fitnet)
r.case("fitnet-large", "fitnet", pair(scale=30), fitnet)
r.case("fitnet-same", "fitnet", same(pair()), fitnet)
r.case("fitnet-sum", "fitnet", regressed(pair(other=7)), lambda x: fitnet(x, "sum"), reduction="sum")


# --- factor-transfer: absolute difference of factors at length 1


def factors(x, spatial=False):
    def unit(f):
        f = (f**2).mean(1) if spatial else f
        return F.normalize(f.reshape(len(f), -1), dim=1)

    return (unit(x["student.factors"]) - unit(x["teacher.factors"])).abs().mean()


def factored(batch=3, scale=1.0, dead=()):
    return {f"{side}.factors": r.maps(batch, 4, 3, 5, scale=scale, relu=False, dead=dead if side == "student" else ())
            for side in ("student", "teacher")}


for kind, values in (("", factored()), ("-one-image", factored(1)), ("-large", factored(scale=30)),
                     ("-dead", factored(dead=(1,)))):
    r.case(f"factor-transfer{kind}", "factor-transfer", values, factors)
    r.case(f"factor-transfer-spatial{kind}", "factor-transfer", values, lambda x: factors(x, True), factor="spatial")
equal = factored()
equal["student.factors"] = equal["teacher.factors"].copy()
r.case("factor-transfer-same", "factor-transfer", equal, factors)
empty = factored()
empty["student.factors"][0] = 0
r.case("factor-transfer-empty-image", "factor-transfer", empty)


# --- activation-boundary: a hinge on the sign of the teacher's response


def boundary(x, margin=1.0, aberhu=False):
    sums = []
    for s, t in zip(levels(x, "student"), levels(x, "teacher")):
        rho = (s + margin).square() * ((s > -margin) & (t <= 0)) + (s - margin).square() * ((s <= margin) & (t > 0))
        sums.append(rho.mean() if aberhu else rho.sum() / len(s))
    if aberhu:
        return 10 * sum(sums) / len(sums)
    return 3 / 1000 * sum(2.0 ** (i - len(sums) + 1) * value for i, value in enumerate(sums))


B = "activation-boundary"
edge = signed()
edge["teacher.features.0"][0] = 0
edge["student.features.0"][0, 0], edge["student.features.0"][1, 1] = -1, 1
for kind, values in (("", signed()), ("-three-layers", signed(3)), ("-one-image", signed(1, 1)),
                     ("-large", signed(scale=30)), ("-dead", signed(dead=(0, 2))), ("-edges", edge),
                     ("-same", same(signed()))):
    r.case(B + kind, B, values, boundary)
r.case(f"{B}-margin-2", B, signed(2), lambda x: boundary(x, 2.0), margin=2)
r.case(f"{B}-aberhu", B, signed(2), lambda x: boundary(x, 2.0, True), variant="aberhu")


# --- ofd: squared difference from the margin-cut target, where it is not below it on the negative side


def ofd(x, aberhu=False):
    losses = []
    for i, (s, t) in enumerate(zip(levels(x, "student"), levels(x, "teacher"))):
        weight = x.get(f"parameters.connector.{i}.weight")
        s = s if weight is None else torch.einsum("bchw,ecij->behw", s, weight)
        t = t if t.shape[2:] == s.shape[2:] else F.adaptive_avg_pool2d(t, s.shape[2:])
        if aberhu:
            negative = (t < 0).double()
            margin = (t * negative).sum((0, 2, 3)) / (negative.sum((0, 2, 3)) + 1e-6)
        else:
            margin = x[f"margins.{i}"]
        target = torch.maximum(t, margin[None, :, None, None])
        kept = ((s > target) | (target > 0)).double()
        squares = (s - target) ** 2 * kept
        losses.append(squares.mean() if aberhu else squares.sum() / len(s))
    if aberhu:
        return 0.5 * sum(losses) / len(losses)
    return sum(2.0 ** (i - len(losses) + 1) * value for i, value in enumerate(losses)) / 1000


def cut(values, connects=False):
    for i, (s, t) in enumerate(zip(levels(values, "student"), levels(values, "teacher"))):
        values[f"margins.{i}"] = -abs(r.normal(t.shape[1]))
        if connects:
            values[f"parameters.connector.{i}.weight"] = r.normal(t.shape[1], s.shape[1], 1, 1, scale=0.5)
    return values


for kind, values in (("", cut(signed())), ("-two-layers", cut(signed(2))), ("-one-image", cut(signed(1, 1))),
                     ("-connector", cut(pair(other=7, relu=False), True)), ("-large", cut(signed(scale=30))),
                     ("-dead", cut(signed(dead=(0, 2)))), ("-same", cut(same(signed()))),
                     ("-larger-teacher", cut(pair(size=(2, 3), other_size=(4, 6), relu=False)))):
    r.case(f"ofd{kind}", "ofd", values, ofd)
r.case("ofd-aberhu", "ofd", signed(2), lambda x: ofd(x, True), variant="aberhu")


# --- review-kd: the hierarchical context loss


def review(x):
    def context(s, t):
        total, weights, weight = (s - t).square().mean(), 1.0, 1.0
        for cells in (4, 2, 1):
            if cells < s.shape[2]:
                weight /= 2
                weights += weight
                total = total + weight * (F.adaptive_avg_pool2d(s, cells) - F.adaptive_avg_pool2d(t, cells)).square().mean()
        return total / weights

    return sum(context(s, t) for s, t in zip(levels(x, "student"), levels(x, "teacher")))


def pyramid(batch=3, scale=1.0):
    values = {}
    for layer, size in enumerate(((1, 1), (3, 4), (5, 5))):
        values |= pair(batch, 6 - layer, size=size, scale=scale, layer=layer)
    return values


for kind, values in (("", pair(size=(5, 7))), ("-levels", pyramid()), ("-one-image", pyramid(1)),
                     ("-large", pyramid(scale=30)), ("-dead", pair(size=(4, 4), dead=(0, 4))),
                     ("-same", same(pair(size=(8, 8))))):
    r.case(f"review-kd{kind}", "review-kd", values, review)


# --- pad: squared difference over a variance, and the variance's logarithm


def prime(x):
    s, t, v = x["student.embedding"], x["teacher.embedding"], x["student.log_variance"]
    return ((t - s) ** 2 / (1e-6 + v.exp()) + v).mean()


def embedded(batch=4, width=6, scale=1.0):
    return {name: r.normal(batch, width, scale=size) for name, size in (
        ("student.embedding", scale), ("teacher.embedding", scale), ("student.log_variance", 1.0))}


r.case("pad", "pad", embedded(), prime)
r.case("pad-one-image", "pad", embedded(1), prime)
r.case("pad-large", "pad", embedded(scale=30), prime)
certain = embedded()
certain["student.log_variance"] *= np.float32(6)
r.case("pad-sure-and-unsure", "pad", certain, prime)
equal = embedded()
equal["student.embedding"] = equal["teacher.embedding"].copy()
r.case("pad-same", "pad", equal, prime)
for value in (120, 30, -30):
    beyond = embedded()
    beyond["student.log_variance"][0] = value
    r.case(f"pad-beyond{value}", "pad", beyond, prime)


# --- options of losses whose other cases are in losses_feature.py and losses_relation.py


def free(layers=2, **options):
    values = {}
    for layer in range(layers):
        values |= pair(3, 5 + layer, 7 - layer, (4, 6), (3, 4), layer=layer, **options)
    return values


def matched(a, b, pooling=F.adaptive_avg_pool2d):
    size = [min(x, y) for x, y in zip(a.shape[2:], b.shape[2:])]
    return pooling(a, size), pooling(b, size)


def attention(x, variant):
    def places(f):
        a = f.square().mean(1).flatten(1)
        return a / (a.norm(dim=1, keepdim=True) + 1e-6) if variant == "aberhu" else F.normalize(a, dim=1)

    losses = []
    for s, t in zip(levels(x, "student"), levels(x, "teacher")):
        a, b = (places(f) for f in matched(s, t))
        losses.append((a - b).norm(dim=1).mean() / 2 if variant == "paper" else (a - b).square().mean())
    return sum(losses) if variant == "paper" else sum(losses) / len(losses)


A = "attention-transfer"
r.case(f"{A}-paper", A, free(), lambda x: attention(x, "paper"), variant="paper")
r.case(f"{A}-paper-same", A, same(pair()), variant="paper")
r.case(f"{A}-aberhu", A, free(), lambda x: attention(x, "aberhu"), variant="aberhu")
r.case(f"{A}-mean", A, free(), lambda x: attention(x, "code"), over_layers="mean")


def selectivity(x, kernel):
    losses = []
    for s, t in zip(levels(x, "student"), levels(x, "teacher")):
        a, b = (F.normalize(f.flatten(2), dim=2) for f in matched(s, t))
        squares = {(id(p), id(q)): (p[:, :, None] - q[:, None]).square().sum(3) for p in (a, b) for q in (a, b)}
        width = squares[id(a), id(b)].detach().mean()

        def k(p, q):
            if kernel == "linear":
                return torch.einsum("bip,bjp->bij", p, q).mean()
            return torch.exp(-squares[id(p), id(q)] / (2 * width)).mean()

        losses.append(k(b, b) + k(a, a) - 2 * k(a, b))
    return sum(losses)


for kernel in ("linear", "gaussian"):
    r.case(f"nst-{kernel}", "nst", free(), lambda x: selectivity(x, kernel), kernel=kernel)
    r.case(f"nst-{kernel}-dead", "nst", pair(dead=(0, 2)), kernel=kernel)


def variational(x, floor):
    s, t = matched(x["student.features.0"], x["teacher.features.0"])
    for place in range(3):
        s = F.conv2d(s, x[f"parameters.regressor.{place}.weight"])
        s = s.relu() if place < 2 else s
    variance = (1 + x["parameters.log_scale"].exp()).log()[None, :, None, None] + floor
    return ((s - t) ** 2 / variance + variance.log()).mean() / 2


values = free(1)
for place, inputs in enumerate((5, 7, 7)):
    values[f"parameters.regressor.{place}.weight"] = r.normal(7, inputs, 1, 1, scale=0.5)
values["parameters.log_scale"] = r.normal(7, scale=3.0) - np.float32(9)
r.case("vid-aberhu", "vid", values, lambda x: variational(x, 1e-6), variant="aberhu")


def flow(x, pooling, mean):
    losses = []
    for i in range(len(levels(x, "student")) - 1):
        sides = []
        for side in ("student", "teacher"):
            a, b = matched(x[f"{side}.features.{i}"], x[f"{side}.features.{i + 1}"], pooling)
            sides.append(torch.einsum("bahw,bchw->bac", a, b) / (a.shape[2] * a.shape[3]))
        losses.append((sides[0] - sides[1]).square().mean())
    return sum(losses) / (len(losses) if mean else 1)


values = {}
for layer, (channels, size) in enumerate(((3, (6, 4)), (4, (3, 2)), (5, (3, 2)))):
    values |= pair(3, channels, size=size, layer=layer)
r.case("fsp-max", "fsp", values, lambda x: flow(x, F.adaptive_max_pool2d, False), pooling="max")
r.case("fsp-mean", "fsp", values, lambda x: flow(x, F.adaptive_avg_pool2d, True), over_layers="mean")

r.write()
