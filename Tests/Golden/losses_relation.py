"""Golden values of the relation-based losses (written to losses-relation.safetensors).

Run: python3 Tests/Golden/losses_relation.py. Formulas after the definitions in the papers and their released code.
"""

import math

import torch
import torch.nn.functional as F
from losscases import LossRecorder

r = LossRecorder("losses-relation", seed=402)


def vectors(batch=6, own=8, other=12, scale=1.0):
    return {"student.embedding": r.normal(batch, own, scale=scale), "teacher.embedding": r.normal(batch, other, scale=scale)}


def same_vectors(batch=5, width=7):
    values = r.normal(batch, width)
    return {"student.embedding": values, "teacher.embedding": values.copy()}


def coinciding():
    """All of the student's images at one place."""
    values = vectors(4)
    values["student.embedding"][:] = values["student.embedding"][0]
    return values


def sides(x, name):
    return x[f"student.{name}"], x[f"teacher.{name}"]


def unit(x, axis=-1):
    return F.normalize(x, dim=axis, eps=1e-12)


def relative_distances(x):
    square = x.square().sum(1)
    table = (square[:, None] + square[None] - 2 * x @ x.T).clamp(min=1e-12)
    table = table.sqrt() * (1 - torch.eye(len(x), dtype=x.dtype))
    return table / table[table > 0].mean()


def angles(x):
    edges = x[None] - x[:, None]
    length = edges.norm(dim=2, keepdim=True)
    directions = edges / torch.where(length > 0, length, torch.ones_like(length))
    return directions @ directions.transpose(1, 2)


class SafeNorm(torch.autograd.Function):
    """The norm along the last axis; at zero its gradient is 0."""

    @staticmethod
    def forward(context, x):
        norm = x.norm(dim=-1, keepdim=True)
        context.save_for_backward(x, norm)
        return norm

    @staticmethod
    def backward(context, gradient):
        x, norm = context.saved_tensors
        return gradient * x / torch.where(norm > 0, norm, torch.ones_like(norm))


def safe_angles(x):
    edges = x[None] - x[:, None]
    directions = edges / SafeNorm.apply(edges).clamp(min=1e-12)
    return directions @ directions.transpose(1, 2)


def rkd(x, distance=25.0, angle=50.0):
    s, t = sides(x, "embedding")
    return {"distance": distance * F.smooth_l1_loss(relative_distances(s), relative_distances(t)),
            "angle": angle * F.smooth_l1_loss(safe_angles(s), safe_angles(t))}


r.case("rkd", "rkd", vectors(), rkd)
r.case("rkd-distance", "rkd", vectors(), lambda x: rkd(x, 1.0, 0.0), distance_weight=1, angle_weight=0)
r.case("rkd-angle", "rkd", vectors(4), lambda x: rkd(x, 0.0, 1.0), distance_weight=0, angle_weight=1)
r.case("rkd-two-images", "rkd", vectors(2), rkd)
r.case("rkd-large", "rkd", vectors(scale=30), rkd)
r.case("rkd-same", "rkd", same_vectors(), rkd)
r.case("rkd-one-image", "rkd", vectors(1))
r.case("rkd-coinciding", "rkd", coinciding())


def pkt(x):
    def probabilities(values):
        scaled = values / (values.norm(dim=1, keepdim=True) + 1e-7)
        kernel = (scaled @ scaled.T + 1) / 2
        return kernel / kernel.sum(1, keepdim=True)

    p, q = probabilities(x["student.embedding"]), probabilities(x["teacher.embedding"])
    return (q * torch.log((q + 1e-7) / (p + 1e-7))).mean()


r.case("pkt", "pkt", vectors(), pkt)
r.case("pkt-two-images", "pkt", vectors(2), pkt)
r.case("pkt-one-image", "pkt", vectors(1), pkt)
r.case("pkt-large", "pkt", vectors(scale=30), pkt)
r.case("pkt-same", "pkt", same_vectors(), pkt)
r.case("pkt-coinciding", "pkt", coinciding(), pkt)
zero = vectors(4)
zero["student.embedding"][1] = 0
r.case("pkt-zero-vector", "pkt", zero)


def congruence(x, gamma=0.4, order=2):
    def kernel(side):
        values = x[f"{side}.embedding"]
        if f"parameters.embed.{side}.weight" in x:
            values = F.linear(values, x[f"parameters.embed.{side}.weight"], x[f"parameters.embed.{side}.bias"])
        cosines = unit(values) @ unit(values).T
        return sum(math.exp(-2 * gamma) * (2 * gamma) ** p / math.factorial(p) * cosines**p for p in range(order + 1))

    return (kernel("student") - kernel("teacher")).square().mean()


def maps_of_embeddings(values, width):
    for side in ("student", "teacher"):
        values[f"parameters.embed.{side}.weight"] = r.normal(width, values[f"{side}.embedding"].shape[1], scale=0.4)
        values[f"parameters.embed.{side}.bias"] = r.normal(width, scale=0.1)
    return values


C = "correlation-congruence"
r.case(C, C, vectors(), congruence)
r.case(f"{C}-order-4", C, vectors(), lambda x: congruence(x, 2.0, 4), gamma=2, order=4)
r.case(f"{C}-embedded", C, maps_of_embeddings(vectors(), 5), congruence)
r.case(f"{C}-one-image", C, vectors(1), congruence)
r.case(f"{C}-same", C, same_vectors(), congruence)
r.case(f"{C}-large", C, vectors(scale=30), congruence)
r.case(f"{C}-zero-vector", C, zero)


def maps(batch=4, own=(6, 4, 5), other=(7, 8, 6), layers=1, dead=()):
    return {f"{side}.features.{layer}": r.maps(batch, size[0] + 2 * layer, *size[1:], dead=dead if side == "student" else ())
            for layer in range(layers) for side, size in (("student", own), ("teacher", other))}


def same_maps(layers=1, batch=3):
    result = {}
    for layer in range(layers):
        values = r.maps(batch, 4 + 2 * layer, 4, 3)
        result[f"student.features.{layer}"], result[f"teacher.features.{layer}"] = values, values.copy()
    return result


def layered(x, function):
    count = sum(name.startswith("student.features.") for name in x)
    return sum(function(x[f"student.features.{layer}"], x[f"teacher.features.{layer}"]) for layer in range(count))


def similarity(s, t):
    def table(features):
        rows = features.flatten(1)
        return unit(rows @ rows.T)

    return (table(t) - table(s)).square().mean()


S = "similarity-preserving"
for kind, values in (("", maps()), ("-two-layers", maps(layers=2)), ("-one-image", maps(1)), ("-same", same_maps()),
                     ("-dead", maps(dead=(0, 3)))):
    r.case(S + kind, S, values, lambda x: layered(x, similarity))
empty = maps()
empty["student.features.0"][1] = 0
r.case(f"{S}-empty-image", S, empty)


def correlation(x):
    s, t = x["student.features.0"], x["teacher.features.0"]
    if "parameters.embed.weight" in x:
        s = F.conv2d(s, x["parameters.embed.weight"])
        s = F.batch_norm(s, None, None, x["parameters.embed.norm.weight"], x["parameters.embed.norm.bias"], True)

    def table(features):
        rows = features.flatten(2)
        return unit(rows @ rows.transpose(1, 2))

    return (table(s) - table(t)).square().sum() / (s.shape[0] * s.shape[1])


def connected():
    values = maps()
    values["parameters.embed.weight"] = r.normal(7, 6, 1, 1, scale=0.5)
    values["parameters.embed.norm.weight"] = r.normal(7, scale=0.2, shift=1)
    values["parameters.embed.norm.bias"] = r.normal(7, scale=0.2)
    return values


equal = dict(own=(6, 4, 5), other=(6, 8, 3))
r.case("ickd", "ickd", maps(**equal), correlation)
r.case("ickd-connected", "ickd", connected(), correlation)
r.case("ickd-one-image", "ickd", maps(1, **equal), correlation)
r.case("ickd-same", "ickd", same_maps(), correlation)
r.case("ickd-dead", "ickd", maps(dead=(1,), **equal))


def pooled(a, b):
    """The larger map is average-pooled to the smaller."""
    size = [min(x, y) for x, y in zip(a.shape[2:], b.shape[2:])]
    return F.adaptive_avg_pool2d(a, size), F.adaptive_avg_pool2d(b, size)


def fsp(x):
    def flows(side):
        features = [x[name] for name in sorted(name for name in x if name.startswith(f"{side}.features."))]
        result = []
        for lower, upper in zip(features, features[1:]):
            a, b = pooled(lower, upper)
            result.append(torch.einsum("bahw,bchw->bac", a, b) / (a.shape[2] * a.shape[3]))
        return result

    return sum((s - t).square().mean() for s, t in zip(flows("student"), flows("teacher")))


def staged(batch=3, layers=3, dead=(), own=0):
    """Maps whose sizes fall with the depth; the student's are `own` larger."""
    return {f"{side}.features.{layer}": r.maps(batch, 4 + layer, 8 - 3 * layer + extra, 7 - 2 * layer,
                                               dead=dead if side == "student" else ())
            for layer in range(layers) for side, extra in (("student", own), ("teacher", 0))}


for kind, values in (("", staged()), ("-two-layers", staged(layers=2)), ("-one-image", staged(1)),
                     ("-sizes", staged(own=2)), ("-dead", staged(dead=(0,))), ("-same", same_maps(2))):
    r.case(f"fsp{kind}", "fsp", values, fsp)


def irg(x, vertex=0.1, edge=5.0, transformation=5.0):
    def tables(side):
        first, second = x[f"{side}.features.0"], x[f"{side}.features.1"]
        edges = []
        for values in (x[f"{side}.embedding"], first, second):
            rows = values.flatten(1)
            square = (rows[:, None] - rows[None]).square().sum(2)
            edges.append(square / (square.max() + 1e-12))
        lower = F.adaptive_avg_pool2d(first, second.shape[2:])
        if second.shape[1] == 2 * first.shape[1]:
            second = second.reshape(len(second), -1, 2, *second.shape[2:]).mean(2)
        moves = (lower - second).flatten(1).square().sum(1)
        return edges, moves / (moves.max() + 1e-12)

    (own, own_moves), (other, other_moves) = tables("student"), tables("teacher")
    return {
        "vertex": vertex * F.mse_loss(x["student.logits"], x["teacher.logits"]),
        "edge": edge * sum(F.mse_loss(a, b) for a, b in zip(own, other)) / 3,
        "transformation": transformation * F.mse_loss(own_moves, other_moves)}


def graph(batch=5, scale=1.0, double=True):
    values = {}
    for side, width in (("student", 4), ("teacher", 6)):
        values[f"{side}.features.0"] = r.maps(batch, width, 6, 5, scale=scale)
        values[f"{side}.features.1"] = r.maps(batch, 2 * width if double else width, 3, 3, scale=scale)
        values[f"{side}.embedding"] = r.normal(batch, 2 * width, scale=scale)
        values[f"{side}.logits"] = r.logits(batch, 7)
    return values


def same_graph():
    values = graph()
    for name in list(values):
        if name.startswith("teacher."):
            values[name] = values[name.replace("teacher.", "student.")].copy()
    return values


r.case("irg", "irg", graph(), irg)
r.case("irg-equal-channels", "irg", graph(double=False), irg)
r.case("irg-two-images", "irg", graph(2), irg)
r.case("irg-large", "irg", graph(scale=30), irg)
r.case("irg-same", "irg", same_graph(), irg)
r.case(
    "irg-weights", "irg", graph(), lambda x: irg(x, 1.0, 1.0, 1.0), vertex_weight=1, edge_weight=1,
    transformation_weight=1)
r.case("irg-one-image", "irg", graph(1))

r.write()
