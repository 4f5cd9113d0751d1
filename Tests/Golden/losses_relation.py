"""Golden values of the relation-based losses (written to losses-relation.safetensors).

Run: python3 Tests/Golden/losses_relation.py. Formulas after the definitions in the papers and their released code.
"""

import math

import numpy as np
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


def nothing(x):
    """What a relation says of too few images."""
    return 0 * sum(values.sum() for name, values in x.items() if name.startswith(("student.", "parameters.")))


def unit(x, axis=-1):
    return F.normalize(x, dim=axis, eps=1e-12)


def relative_distances(x, squared=False):
    square = x.square().sum(1)
    table = (square[:, None] + square[None] - 2 * x @ x.T).clamp(min=1e-12)
    table = (table if squared else table.sqrt()) * (1 - torch.eye(len(x), dtype=x.dtype))
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


def direction(x):
    """x / ||x|| along the last axis; of zeros 0 with gradient 0."""
    lengths = SafeNorm.apply(x)
    return torch.where(lengths > 0, x / torch.where(lengths > 0, lengths, torch.ones_like(lengths)), torch.zeros_like(x))


def safe_angles(x):
    edges = x[None] - x[:, None]
    directions = direction(edges)
    return directions @ directions.transpose(1, 2)


def rkd(x, distance=25.0, angle=50.0, squared=False):
    s, t = sides(x, "embedding")
    result = {"distance": distance * F.smooth_l1_loss(relative_distances(s, squared), relative_distances(t, squared))}
    if angle is not None:
        result["angle"] = angle * F.smooth_l1_loss(safe_angles(s), safe_angles(t))
    return result


def pair_distances(x):
    square = (x[:, None] - x[None]).square().sum(2).clamp(min=1e-12)
    return square.sqrt() * (1 - torch.eye(len(x), dtype=x.dtype))


def dark_rank(x, alpha=3.0, beta=3.0, length=4):
    """-mean over the images of log P(the teacher's order of the nearest | the student's scores), a Plackett-Luce model."""
    s, t = (pair_distances(values) for values in sides(x, "embedding"))
    total = 0
    for image in range(len(s)):
        order = [j for j in torch.argsort(t[image]).tolist() if j != image][:length]
        scores = -alpha * s[image, order] ** beta
        for place in range(len(order)):
            total = total - torch.log_softmax(scores[place:], 0)[0]
    return total / len(s)


r.case("rkd", "rkd", vectors(), rkd)
r.case("rkd-distance", "rkd", vectors(), lambda x: rkd(x, 1.0, 0.0), distance_weight=1, angle_weight=0)
r.case("rkd-angle", "rkd", vectors(4), lambda x: rkd(x, 0.0, 1.0), distance_weight=0, angle_weight=1)
r.case("rkd-two-images", "rkd", vectors(2), rkd)
r.case("rkd-large", "rkd", vectors(scale=30), rkd)
r.case("rkd-same", "rkd", same_vectors(), rkd)
r.case("rkd-one-image", "rkd", vectors(1), lambda x: {"distance": nothing(x), "angle": nothing(x)})
r.case("rkd-coinciding", "rkd", coinciding())
r.case("rkd-squared", "rkd", vectors(), lambda x: rkd(x, squared=True), squared=True)
r.case("rkd-distances-alone", "rkd", vectors(), lambda x: rkd(x, angle=None), angle=False)
r.case("rkd-expanded", "rkd", vectors(), rkd, distances="expanded")
r.case(
    "rkd-dark-rank", "rkd", vectors(scale=0.4), lambda x: rkd(x) | {"dark-rank": 2 * dark_rank(x)}, dark_rank_weight=2)

H = "hard-dark-rank"
r.case(H, H, vectors(scale=0.4), dark_rank)
r.case(f"{H}-options", H, vectors(), lambda x: dark_rank(x, 1.0, 2.0, 2), alpha=1, beta=2, length=2)
r.case(f"{H}-few-images", H, vectors(3, scale=0.4), dark_rank)
r.case(f"{H}-large", H, vectors(scale=30), dark_rank)
r.case(f"{H}-same", H, same_vectors(), dark_rank)
r.case(f"{H}-two-images", H, vectors(2), nothing)
r.case(f"{H}-one-image", H, vectors(1), nothing)


def kernel(x, name, sigma, epsilon):
    if name == "cosine":
        scaled = x / (x.norm(dim=1, keepdim=True) + epsilon)
        return (scaled @ scaled.T + 1) / 2
    distance = ((x[:, None] - x[None]).square().sum(2) + 1e-6).sqrt()
    return {"student-t": 1 / (1 + distance), "rbf": torch.exp(-distance / sigma),
            "adaptive-rbf": torch.exp(-distance / distance.mean().detach()),
            "cauchy": 1 / (1 + distance**2 / sigma**2)}[name]


def picks(x, name="cosine", sigma=1.0, epsilon=1e-7):
    table = kernel(x, name, sigma, epsilon)
    return table / table.sum(1, keepdim=True)


def divergence(p, q):
    return (q * torch.log((q + 1e-7) / (p + 1e-7))).mean()


def pkt(x, name="cosine", sigma=1.0, supervised=0.0):
    p = picks(x["student.embedding"], name, sigma)
    loss = divergence(p, picks(x["teacher.embedding"], name, sigma))
    if not supervised:
        return loss
    same = (x["labels"][:, None] == x["labels"][None]).double()
    return {"pkt": loss, "supervised": supervised * divergence(p, same / same.sum(1, keepdim=True))}


r.case("pkt", "pkt", vectors(), pkt)
r.case("pkt-two-images", "pkt", vectors(2), pkt)
r.case("pkt-one-image", "pkt", vectors(1), nothing)
for name in ("student-t", "rbf", "adaptive-rbf", "cauchy"):
    r.case(f"pkt-{name}", "pkt", vectors(), lambda x, name=name: pkt(x, name, 2.0), kernel=name, sigma=2)
r.case("pkt-rbf-coinciding", "pkt", coinciding(), lambda x: pkt(x, "rbf"), kernel="rbf")
labelled = vectors()
labelled["labels"] = r.labels(6, 3)
r.case("pkt-supervised", "pkt", labelled, lambda x: pkt(x, supervised=0.5), supervised=0.5)
r.case("pkt-labels-unread", "pkt", labelled, pkt)
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
r.case(f"{C}-one-image", C, vectors(1), nothing)
r.case(f"{C}-same", C, same_vectors(), congruence)
r.case(f"{C}-large", C, vectors(scale=30), congruence)
r.case(f"{C}-zero-vector", C, zero)


def embedded(x, side):
    values = x[f"{side}.embedding"]
    if f"parameters.embed.{side}.weight" in x:
        values = F.linear(values, x[f"parameters.embed.{side}.weight"], x[f"parameters.embed.{side}.bias"])
    return values


def bilinear(x):
    s, t = embedded(x, "student"), embedded(x, "teacher")
    return (s @ s.T - t @ t.T).square().mean()


def neighbours(x):
    gap = (embedded(x, "student") - embedded(x, "teacher")).abs()
    return (gap[:-1] * gap[1:]).sum(1).mean()


r.case(f"{C}-bilinear", C, vectors(), bilinear, variant="bilinear")
r.case(f"{C}-bilinear-embedded", C, maps_of_embeddings(vectors(), 5), bilinear, variant="bilinear")
r.case(f"{C}-repdistiller", C, maps_of_embeddings(vectors(), 5), neighbours, variant="repdistiller")
r.case(f"{C}-repdistiller-unmapped", C, vectors(own=12), neighbours, variant="repdistiller")
r.case(f"{C}-repdistiller-one-image", C, maps_of_embeddings(vectors(1), 5), nothing, variant="repdistiller")


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
for kind, values in (("", maps()), ("-two-layers", maps(layers=2)), ("-same", same_maps()),
                     ("-dead", maps(dead=(0, 3)))):
    r.case(S + kind, S, values, lambda x: layered(x, similarity))
r.case(f"{S}-one-image", S, maps(1), nothing)
r.case(f"{S}-mean", S, maps(layers=3), lambda x: layered(x, similarity) / 3, reduction="mean")
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
r.case("ickd-paper", "ickd", connected(), lambda x: correlation(x) / 7, reduction="paper")
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


def irg(x, vertex=0.1, edge=5.0, transformation=5.0, constant=False):
    def largest(values):
        return values.max().detach() if constant else values.max()

    def tables(side):
        first, second = x[f"{side}.features.0"], x[f"{side}.features.1"]
        edges = []
        for values in (x[f"{side}.embedding"], first, second):
            rows = values.flatten(1)
            square = (rows[:, None] - rows[None]).square().sum(2)
            edges.append(square / largest(square))
        lower = F.adaptive_avg_pool2d(first, second.shape[2:])
        if second.shape[1] == 2 * first.shape[1]:
            second = second.reshape(len(second), -1, 2, *second.shape[2:]).mean(2)
        moves = (lower - second).flatten(1).square().sum(1)
        return edges, moves / largest(moves)

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
r.case("irg-constant-maximum", "irg", graph(), lambda x: irg(x, constant=True), maximum="constant")


def vertex_alone(x):
    return {"vertex": 0.1 * F.mse_loss(x["student.logits"], x["teacher.logits"]),
            "edge": nothing(x), "transformation": nothing(x)}


r.case("irg-one-image", "irg", graph(1), vertex_alone)


def structure(x, edges, name="l1-exp", sigma=100.0, constant=1.0, degree=2):
    likeness = {
        "l1-exp": lambda a, b: torch.exp(-(a - b).abs().sum() / sigma),
        "rbf": lambda a, b: torch.exp(-(a - b).square().sum() / (2 * sigma**2)),
        "linear": lambda a, b: a @ b,
        "polynomial": lambda a, b: (a @ b + constant) ** degree,
        "squared-distance": lambda a, b: (a - b).square().sum()}[name]
    result = {}
    for node in range(len(x)):
        into = [a for a, b in edges if b == node]
        if into:
            result[node] = torch.softmax(torch.stack([likeness(x[a], x[node]) for a in into]), 0)
    return result


def nearest(x, count):
    distance = torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist").fill_diagonal_(float("inf"))
    return [(a, b) for b in range(len(x)) for a in torch.argsort(distance[b])[:min(count, len(x) - 1)].tolist()]


def lsp(x, count=8, **options):
    s, t = sides(x, "embedding")
    edges = x["edges"].tolist() if "edges" in x else nearest(t.clone(), count)
    own, other = structure(s, edges, **options), structure(t, edges, **options)
    return sum((other[node] * torch.log(other[node] / own[node])).sum() for node in own) / len(s)


def drawn_edges(nodes, count, values):
    values["edges"] = r.random.integers(0, nodes, (count, 2))
    values["edges"][:, 1] %= nodes - 1  # The last node has no edge into it.
    return values


r.case("lsp", "lsp", drawn_edges(7, 20, vectors(7)), lsp)
r.case("lsp-near", "lsp", drawn_edges(7, 20, vectors(7)), lambda x: lsp(x, sigma=2.0), sigma=2)
r.case("lsp-nearest", "lsp", vectors(12), lambda x: lsp(x, sigma=3.0), sigma=3)
r.case("lsp-nearest-three", "lsp", vectors(9), lambda x: lsp(x, 3, sigma=3.0), sigma=3, neighbors=3)
r.case("lsp-rbf", "lsp", drawn_edges(6, 15, vectors()), lambda x: lsp(x, name="rbf", sigma=2.0), kernel="rbf", sigma=2)
r.case("lsp-linear", "lsp", drawn_edges(6, 15, vectors()), lambda x: lsp(x, name="linear"), kernel="linear")
r.case(
    "lsp-polynomial", "lsp", drawn_edges(6, 15, vectors(scale=0.4)),
    lambda x: lsp(x, name="polynomial", constant=0.5, degree=3), kernel="polynomial", constant=0.5, degree=3)
r.case(
    "lsp-squared-distance", "lsp", drawn_edges(6, 15, vectors(scale=0.4)), lambda x: lsp(x, name="squared-distance"),
    kernel="squared-distance")
r.case("lsp-large", "lsp", vectors(scale=30), lambda x: lsp(x, sigma=30.0), sigma=30)
r.case("lsp-large-linear", "lsp", vectors(scale=30), kernel="linear")
r.case("lsp-same", "lsp", same_vectors(), lsp)
r.case("lsp-coinciding", "lsp", coinciding(), lambda x: lsp(x, sigma=1.0), sigma=1)
r.case("lsp-one-image", "lsp", vectors(1), nothing)


def jeffreys(s, t, name, sigma):
    p, q = (picks(values, name, sigma, 1e-6) for values in (s, t))
    return ((p - q) * (p.clamp(min=1e-12).log() - q.clamp(min=1e-12).log())).mean()


def plain_kl(s, t, name, sigma):
    p, q = (picks(values, name, sigma, 1e-6) for values in (s, t))
    return (q * torch.log(1e-6 + q / (1e-6 + p))).mean()


def flow(x, kernels=("cosine", "student-t"), sigma=1.0, early=100.0, measure=jeffreys):
    count = sum(name.startswith("student.features.") for name in x)
    layers = [sum(measure(x[f"student.features.{layer}"].mean((2, 3)), x[f"teacher.features.{layer}"].mean((2, 3)), name, sigma)
                  for name in kernels) for layer in range(count)]
    result = {"last": layers[-1]}
    if count > 1:
        result["others"] = early * sum(layers[:-1])
    return result


P = "pkt-hierarchical"
small = dict(own=(5, 2, 3), other=(6, 3, 2))
r.case(P, P, maps(layers=3, **small), flow)
r.case(f"{P}-one-layer", P, maps(**small), flow)
r.case(f"{P}-two-images", P, maps(2, layers=2, **small), flow)
r.case(f"{P}-early-weight", P, maps(layers=2, **small), lambda x: flow(x, early=2.0), early_weight=2)
for name in ("cosine", "student-t", "rbf", "adaptive-rbf", "cauchy"):
    r.case(f"{P}-{name}", P, maps(layers=2, **small), lambda x, name=name: flow(x, (name,), 0.5), kernel=name, sigma=0.5)
r.case(f"{P}-kl", P, maps(layers=2, **small), lambda x: flow(x, measure=plain_kl), divergence="kl")
r.case(f"{P}-large", P, {name: values * 30 for name, values in maps(layers=2, **small).items()}, flow)
r.case(f"{P}-dead", P, maps(layers=2, dead=(0, 2)), flow)
r.case(f"{P}-same", P, same_maps(2), flow)
r.case(f"{P}-one-image", P, maps(1, layers=2, **small), lambda x: {"last": nothing(x), "others": nothing(x)})


def transport(p, q, cost):
    """min <P, C> + 0.05 KL(P || p q') over the plans with these margins, by log-domain iterations on the tape."""
    f, g = torch.zeros_like(p), torch.zeros_like(q)
    for _ in range(3000):
        f = -0.05 * torch.logsumexp(q.log()[None] + (g[None] - cost) / 0.05, 1)
        g = -0.05 * torch.logsumexp(p.log()[None] + (f[None] - cost) / 0.05, 1)
    return (p * f).sum() + (q * g).sum()


def earth_mover(p, q, classes):
    if classes is None:
        return (p - q).abs().sum(1).mean() / 2
    cost = (classes[:, None] - classes[None]).square().sum(2).sqrt()
    cost = cost / cost.max()
    return sum(transport(a, b, cost) - transport(a, a, cost) / 2 - transport(b, b, cost) / 2 for a, b in zip(p, q)) / len(p)


def discrepancy(x, y):
    """MMD^2 as the mean over all pairs of points of both clouds, those of different clouds with the sign turned."""
    points = torch.cat([x, y])
    distance = (points[:, None] - points[None]).square().sum(2)
    width = distance.mean().detach()
    kernels = sum(torch.exp(-distance / (2 * factor * width)) for factor in (0.25, 0.5, 1, 2, 4))
    sign = torch.cat([torch.ones(len(x)), -torch.ones(len(y))]).double()
    return (kernels * sign[:, None] * sign[None]).sum() / len(x) ** 2


def teachers_graph(x, importances=None, ground=False, alone=False):
    count = sum(name.endswith(".embedding") and name.startswith("teachers.") for name in x)
    if importances is not None:
        shares = torch.tensor(importances).double() / sum(importances)
    elif "parameters.importance" in x:
        shares = torch.softmax(x["parameters.importance"], 0)
    else:
        shares = torch.full((count,), 1 / count).double()
    own, answers, clouds = torch.softmax(x["student.logits"], 1), 0, 0
    for teacher in range(count):
        classes = x[f"teachers.{teacher}.classifier.weight"] if ground else None
        answers = answers + shares[teacher] * earth_mover(
            own, torch.softmax(x[f"teachers.{teacher}.logits"], 1), classes)
        mapped = x["student.embedding"]
        if f"parameters.maps.{teacher}.weight" in x:
            mapped = F.linear(mapped, x[f"parameters.maps.{teacher}.weight"], x[f"parameters.maps.{teacher}.bias"])
        clouds = clouds + shares[teacher] * discrepancy(mapped, x[f"teachers.{teacher}.embedding"])
    result = {"logits": answers, "representation": nothing(x) if alone else 0.1 * clouds}
    if importances is None:
        result["importance"] = 0.01 * (shares * shares.log()).sum()
    return result


def teachers(batch=6, count=2, scale=1.0, classes=7, maps=True, importance=True):
    values = {"student.logits": r.logits(batch, classes), "student.embedding": r.normal(batch, 8, scale=scale)}
    values["student.logits"] *= np.float32(scale)
    for teacher in range(count):
        width = 5 + 3 * teacher if maps else 8
        values[f"teachers.{teacher}.logits"] = r.logits(batch, classes) * np.float32(scale)
        values[f"teachers.{teacher}.embedding"] = r.normal(batch, width, scale=scale)
        if maps:
            values[f"parameters.maps.{teacher}.weight"] = r.normal(width, 8, scale=0.4)
            values[f"parameters.maps.{teacher}.bias"] = r.normal(width, scale=0.1)
    if importance:
        values["parameters.importance"] = r.normal(count)
    return values


def classified(values):
    for teacher in range(2):
        values[f"teachers.{teacher}.classifier.weight"] = r.normal(7, 5 + teacher)
    return values


G = "multi-teacher-graph"
r.case(G, G, teachers(), teachers_graph)
r.case(f"{G}-three", G, teachers(count=3, importance=False), teachers_graph)
r.case(f"{G}-one", G, teachers(count=1), teachers_graph)
r.case(f"{G}-unmapped", G, teachers(maps=False), teachers_graph)
r.case(f"{G}-fixed", G, teachers(importance=False), lambda x: teachers_graph(x, [3.0, 1.0]), importances="[3, 1]")
r.case(f"{G}-classes", G, classified(teachers(3)), lambda x: teachers_graph(x, ground=True), ground="classes")
r.case(f"{G}-large", G, teachers(scale=30), teachers_graph)
r.case(f"{G}-one-image", G, teachers(1), lambda x: teachers_graph(x, alone=True))


def kept_rows(answers, truths, ratio):
    """The rows that the teacher answers right and the first share of the others by the rank of the right answer."""
    ranks = [torch.argsort(row, descending=True, stable=True).tolist().index(truth) for row, truth in zip(answers, truths)]
    order = sorted(range(len(ranks)), key=lambda row: ranks[row])
    right = ranks.count(0)
    return order[:right + int(ratio * (len(ranks) - right))]


def softened(s, t, temperature):
    p = torch.log_softmax(s / temperature, 1)
    return F.kl_div(p, torch.softmax(t / temperature, 1), reduction="batchmean") * temperature**2


def sskd(x, label=0.0, weights=(0.9, 2.7, 10.0), temperature=4.0, contrast=0.5, ratios=(1.0, 0.75)):
    s, t = sides(x, "logits")
    labels = x["labels"].tolist()
    count = len(labels)
    turned = [row for row in range(4 * count) if row % 4]

    def cosines(values):
        directions = direction(values)
        return directions[turned] @ directions[::4].T

    result = {"labels": label * F.cross_entropy(s[::4], x["labels"])} if label else {}
    result["logits"] = weights[0] * softened(s[::4], t[::4], temperature)
    kept = kept_rows(t[turned], [labels[row // 4] for row in turned], ratios[0])
    result["rotated"] = weights[1] * softened(s[turned][kept], t[turned][kept], temperature)
    own, other = cosines(x["student.projection"]), cosines(x["teacher.projection"]).detach()
    kept = kept_rows(other, [row // 4 for row in turned], ratios[1])
    result["contrast"] = weights[2] * softened(own[kept], other[kept], contrast)
    return result


def turned_images(images=4, classes=6, scale=2.0):
    return {"student.logits": r.logits(4 * images, classes, scale), "teacher.logits": r.logits(4 * images, classes, scale),
            "student.projection": r.normal(4 * images, 5), "teacher.projection": r.normal(4 * images, 7),
            "labels": r.labels(images, classes)}


def agreeing():
    values = turned_images()
    for name in ("logits", "projection"):
        values[f"teacher.{name}"] = values[f"student.{name}"].copy()
    return values


def empty_projections():
    values = turned_images()
    values["student.projection"][[0, 5]] = 0
    values["teacher.projection"][[4, 7]] = 0
    return values


r.case("sskd", "sskd", turned_images(), sskd)
r.case("sskd-labels", "sskd", turned_images(), lambda x: sskd(x, 0.1), label_weight=0.1)
r.case("sskd-ratios", "sskd", turned_images(6), lambda x: sskd(x, ratios=(0.5, 0.3)), rotated_ratio=0.5, contrast_ratio=0.3)
r.case(
    "sskd-options", "sskd", turned_images(), lambda x: sskd(x, weights=(1.0, 2.0, 3.0), temperature=2.0, contrast=1.0),
    logits_weight=1, rotated_weight=2, contrast_weight=3, temperature=2, contrast_temperature=1)
r.case("sskd-one-image", "sskd", turned_images(1), sskd)
r.case("sskd-large", "sskd", turned_images(scale=30), sskd)
r.case("sskd-same", "sskd", agreeing(), sskd)
r.case("sskd-empty-projections", "sskd", empty_projections(), sskd)


def patched(x, rows=2, columns=2):
    """The mean of the correlation's loss over the patches of a grid; each network's map is cut into as many."""
    def cut(map, row, column):
        height, width = map.shape[2] // rows, map.shape[3] // columns
        return map[:, :, row * height:(row + 1) * height, column * width:(column + 1) * width]

    return sum(
        correlation({name: cut(x[name], row, column) for name in x})
        for row in range(rows) for column in range(columns)) / (rows * columns)


def gridded(batch=4):
    """Maps before a ReLU: a channel that is zero in a patch has no direction there."""
    return {
        f"{side}.features.0": r.maps(batch, 6, *size, relu=False) for side, size in (("student", (4, 6)), ("teacher", (8, 4)))}


r.case("ickd-grid", "ickd", gridded(), patched, grid_rows=2, grid_columns=2)
r.case("ickd-grid-rows", "ickd", gridded(), lambda x: patched(x, 4, 1), grid_rows=4)
r.case("ickd-grid-paper", "ickd", gridded(1), lambda x: patched(x) / 6, grid_rows=2, grid_columns=2, reduction="paper")
values = gridded()
values["student.features.0"][:, :, :2, :3] = 0
r.case("ickd-grid-empty-patch", "ickd", values, grid_rows=2, grid_columns=2)


# Images that are in the batch twice.
twice = vectors(6)
for side in ("student", "teacher"):
    twice[f"{side}.embedding"][3] = twice[f"{side}.embedding"][1]
r.case("rkd-twice", "rkd", twice, rkd)
r.case("rkd-twice-squared", "rkd", twice, lambda x: rkd(x, squared=True), squared=True)
one_sided = vectors(5)
one_sided["student.embedding"][4] = one_sided["student.embedding"][0]
r.case("rkd-twice-in-student", "rkd", one_sided, rkd)

# A class that is masked: in the teacher, or in both.
for amount in (-1e9, -1e30, -np.inf):
    for kind, sides_masked in (("teacher", ("teacher",)), ("both", ("teacher", "student"))):
        r.case(
            f"sskd-masked-{kind}{amount:g}", "sskd", r.masked(turned_images(), sides_masked, np.float32(amount)), sskd)
        r.case(f"{G}-masked-{kind}{amount:g}", G, r.masked(teachers(), sides_masked, np.float32(amount)), teachers_graph)
    if np.isfinite(amount):
        r.case(f"irg-masked-both{amount:g}", "irg", r.masked(graph(), ("teacher", "student"), np.float32(amount)), irg)
r.case("sskd-certain", "sskd", r.certain(turned_images()), lambda x: sskd(x, temperature=1.0), temperature=1)

r.write()
