"""Golden values of the losses with trained parts and of those on singular vectors (written to losses-layers.safetensors).

Run: python3 Tests/Golden/losses_layers.py. Formulas after the definitions in the papers and their released code.
"""

import torch
import torch.nn.functional as F
from losscases import LossRecorder

torch.set_num_threads(1)
r = LossRecorder("losses-layers", seed=406)


def maps(shapes, batch=3, scale=1.0, same=False, dead=()):
    """Maps of both networks; `shapes` holds (student, teacher) extents [C, H, W] of each layer."""
    values = {}
    for layer, (own, other) in enumerate(shapes):
        values[f"student.features.{layer}"] = r.maps(batch, *own, scale=scale, dead=dead)
        values[f"teacher.features.{layer}"] = (
            values[f"student.features.{layer}"].copy() if same else r.maps(batch, *other, scale=scale))
    return values


def layers(x, name="student.features"):
    return [x[f"{name}.{place}"] for place in range(sum(key.startswith(name + ".") for key in x))]


# semckd: attention and projected maps are given.
def calibrated(batch=3, own=2, other=3, scale=1.0, same=False):
    values = {}
    for i in range(own):
        for j in range(other):
            shape = (batch, 3 + j, 4 - i, 2 + i)
            values[f"student.projected.{i}.{j}"] = r.maps(*shape, scale=scale, relu=False)
            values[f"teacher.projected.{i}.{j}"] = (
                values[f"student.projected.{i}.{j}"].copy() if same else r.maps(*shape, scale=scale))
    shares = torch.from_numpy(r.normal(batch, own, other, scale=2.0)).double().softmax(2)
    values["student.attention"] = shares.float().numpy()
    return values


def semckd(x):
    shares = x["student.attention"]
    total = 0
    for i in range(shares.shape[1]):
        for j in range(shares.shape[2]):
            error = (x[f"student.projected.{i}.{j}"] - x[f"teacher.projected.{i}.{j}"]).square().mean((1, 2, 3))
            total = total + (shares[:, i, j] * error).sum()
    return total / (shares.shape[0] * shares.shape[1])


for kind, values in (("", calibrated()), ("-one-image", calibrated(1, 1, 1)), ("-large", calibrated(scale=30)),
                     ("-same", calibrated(same=True)), ("-many", calibrated(4, 3, 2))):
    r.case(f"semckd{kind}", "semckd", values, semckd)


# kdsvd.
def right_vectors(matrices, count, raw=False):
    _, values, transposed = torch.linalg.svd(matrices, full_matrices=False)
    vectors = transposed.transpose(1, 2)
    if not raw:
        largest = vectors.gather(1, vectors.abs().argmax(1, keepdim=True))
        vectors = vectors * largest.sign().detach()
    return vectors[:, :, :count], values[:, :count]


def aligned(student, teacher):
    cosines = (student.transpose(1, 2) @ teacher).detach()
    picks = cosines.abs().argmax(1, keepdim=True)
    return student.gather(2, picks.expand(-1, student.shape[1], -1)) * cosines.gather(1, picks).sign()


def matrices(features, arrangement):
    if arrangement == "mdistiller":
        return features.flatten(1, 2)
    return features.flatten(2).transpose(1, 2)


def kdsvd(x, rank=1, matrix="spatial-channel"):
    vectors = []
    for s, t in zip(layers(x), layers(x, "teacher.features")):
        target, values = right_vectors(matrices(t, matrix), rank)
        own, _ = right_vectors(matrices(s, matrix), rank + 3)
        weights = F.normalize(values, dim=1)[:, None]
        vectors.append((aligned(own, target) * weights, target * weights))

    def kernel(upper, lower):
        return torch.exp(-(upper[:, :, None] - lower[:, None]).square() / 8)

    total = 0
    for lower, upper in zip(vectors, vectors[1:]):
        total = total + (kernel(upper[0], lower[0]) - kernel(upper[1], lower[1])).square().sum()
    return total / len(vectors[0][0])


tall = [((5, 4, 6), (5, 3, 5)), ((7, 3, 3), (7, 4, 2))]
K = "kdsvd"
r.case(K, K, maps(tall), kdsvd)
r.case(f"{K}-three-layers", K, maps(tall + [((6, 2, 4), (6, 3, 3))]), kdsvd)
r.case(f"{K}-one-image", K, maps(tall, 1), kdsvd)
r.case(f"{K}-rank-2", K, maps(tall), lambda x: kdsvd(x, 2), rank=2)
r.case(f"{K}-large", K, maps(tall, scale=30), kdsvd)
r.case(f"{K}-same", K, maps([((5, 4, 6),) * 2, ((7, 3, 3),) * 2], same=True), kdsvd)
r.case(f"{K}-few-places", K, maps([((6, 2, 2), (6, 3, 3)), ((8, 2, 2), (8, 2, 2))]), kdsvd)
r.case(f"{K}-mdistiller", K, maps([((5, 4, 6), (4, 3, 6)), ((7, 3, 4), (3, 4, 4))]),
       lambda x: kdsvd(x, matrix="mdistiller"), matrix="mdistiller")
# A dead channel is a singular value at 0: its vector is not determined, the first is.
r.case(f"{K}-dead", K, maps(tall, dead=(1,)))


# mgd.
def generating(own=(5, 4, 3), other=(7, 4, 3), batch=3, scale=1.0, same=False, mask="channels", dead=()):
    values = maps([(own, other)], batch, scale, same, dead)
    channels = own[0] if same else other[0]
    if own[0] != channels:
        values["parameters.align.weight"] = r.normal(channels, own[0], 1, 1, scale=0.5)
        values["parameters.align.bias"] = r.normal(channels, scale=0.2)
    for place in range(2):
        values[f"parameters.generation.{place}.weight"] = r.normal(channels, channels, 3, 3, scale=0.2)
        values[f"parameters.generation.{place}.bias"] = r.normal(channels, scale=0.1)
    if mask:
        shape = (batch, channels, 1, 1) if mask == "channels" else (batch, 1, *other[1:])
        values["mask"] = (r.random.random(shape) > 0.4).astype("float32")
    return values


def mgd(x):
    s = x["student.features.0"]
    if "parameters.align.weight" in x:
        s = F.conv2d(s, x["parameters.align.weight"], x["parameters.align.bias"])
    if "mask" in x:
        s = s * x["mask"]
    first, second = ((x[f"parameters.generation.{place}.weight"], x[f"parameters.generation.{place}.bias"])
                     for place in range(2))
    made = F.conv2d(F.relu(F.conv2d(s, *first, padding=1)), *second, padding=1)
    return (made - x["teacher.features.0"]).square().sum() / len(s)


for kind, values in (("", generating()), ("-one-image", generating(batch=1)), ("-large", generating(scale=30)),
                     ("-places", generating(mask="places")), ("-whole", generating(mask=None)),
                     ("-same", generating(same=True)), ("-dead", generating(dead=(0, 3)))):
    r.case(f"mgd{kind}", "mgd", values, mgd)


# afd.
def batch_normalized(x, prefix, weights):
    deviation = (x.var(0, unbiased=False) + 1e-5).sqrt()
    return (x - x.mean(0)) / deviation * weights[f"{prefix}.norm.weight"] + weights[f"{prefix}.norm.bias"]


def layer(x, prefix, weights):
    return batch_normalized(F.linear(x, weights[f"{prefix}.weight"], weights.get(f"{prefix}.bias")), prefix, weights)


def afd(x):
    students, teachers = layers(x), layers(x, "teacher.features")
    queries = [layer(t.mean((2, 3)), f"parameters.query.{j}", x) for j, t in enumerate(teachers)]
    keys = [F.relu(layer(s.mean((2, 3)), f"parameters.key.{i}", x)) for i, s in enumerate(students)]
    batch, width = queries[0].shape
    joined = layer(torch.stack(keys, 1).reshape(batch * len(students), width), "parameters.bilinear", x)
    joined = joined.reshape(batch, len(students), len(teachers), width)
    products = torch.einsum("bijq,bjq->bji", joined, torch.stack(queries, 1))
    products = products + x["parameters.place.teacher"] @ x["parameters.place.student"].T
    shares = (products / width**0.5).softmax(2)
    total = 0
    for j, t in enumerate(teachers):
        target = F.normalize(t.square().mean(1).flatten(1), dim=1)
        for i, s in enumerate(students):
            energy = F.adaptive_avg_pool2d(s.square().mean(1, keepdim=True), t.shape[2:])
            error = (F.normalize(energy.flatten(1), dim=1) - target).square().mean(1)
            total = total + (shares[:, j, i] * error).mean()
    return total


def attentive(own=((5, 4, 6), (3, 2, 3)), other=((4, 4, 6), (6, 3, 3), (2, 2, 2)), batch=5, scale=1.0, width=4):
    values = {}
    for side, shapes in (("student", own), ("teacher", other)):
        for place, shape in enumerate(shapes):
            values[f"{side}.features.{place}"] = r.maps(batch, *shape, scale=scale)
    sizes = ([(f"query.{j}", shape[0], width) for j, shape in enumerate(other)]
             + [(f"key.{i}", shape[0], width) for i, shape in enumerate(own)]
             + [("bilinear", width, width * len(other))])
    for name, inputs, outputs in sizes:
        values[f"parameters.{name}.weight"] = r.normal(outputs, inputs, scale=0.6)
        values[f"parameters.{name}.bias"] = r.normal(outputs, scale=0.2)
        values[f"parameters.{name}.norm.weight"] = 1 + r.normal(outputs, scale=0.2)
        values[f"parameters.{name}.norm.bias"] = r.normal(outputs, scale=0.2)
    values["parameters.place.teacher"] = r.normal(len(other), width, scale=0.5)
    values["parameters.place.student"] = r.normal(len(own), width, scale=0.5)
    return values


r.case("afd", "afd", attentive(), afd)
r.case("afd-one-layer", "afd", attentive(own=((5, 4, 6),), other=((4, 5, 3),)), afd)
r.case("afd-large", "afd", attentive(scale=30), afd)
r.case("afd-wide", "afd", attentive(batch=7, width=6), afd)
r.case("afd-one-image", "afd", attentive(batch=1))


# afds.
def afds(x):
    total, pairs = 0, list(zip(layers(x), layers(x, "teacher.features")))
    for place, (s, t) in enumerate(pairs):
        prefix = f"parameters.attention.{place}"
        hidden = F.relu(F.linear(t.mean((2, 3)), x[f"{prefix}.0.weight"], x[f"{prefix}.0.bias"]))
        shares = torch.sigmoid(F.linear(hidden, x[f"{prefix}.1.weight"], x[f"{prefix}.1.bias"]))
        shares = shares / shares.sum(1, keepdim=True)
        s, t = (value.flatten(2) for value in (s, t))
        difference = s / (s.norm(dim=2, keepdim=True) + 1e-6) - t / (t.norm(dim=2, keepdim=True) + 1e-6)
        total = total + (shares * difference.square().mean(2)).sum(1).mean()
    return total / len(pairs)


def shared(count=2, batch=3, scale=1.0, same=False, dead=()):
    shapes = [((5 + place, 4 - place, 3),) * 2 for place in range(count)]
    values = maps(shapes, batch, scale, same, dead)
    for place, (shape, _) in enumerate(shapes):
        for part, extents in enumerate(((4, shape[0]), (shape[0], 4))):
            values[f"parameters.attention.{place}.{part}.weight"] = r.normal(*extents, scale=0.7)
            values[f"parameters.attention.{place}.{part}.bias"] = r.normal(extents[0], scale=0.3)
    return values


for kind, values in (("", shared()), ("-one-image", shared(batch=1)), ("-large", shared(scale=30)),
                     ("-same", shared(same=True)), ("-one-layer", shared(1)), ("-three-layers", shared(3))):
    r.case(f"afds{kind}", "afds", values, afds)
# The norm of a dead channel has no derivative; PyTorch gives 0 as KDScope does, but let it only be finite.
r.case("afds-dead", "afds", shared(dead=(1,)))


# simkd.
def simkd(x):
    s, t = x["student.projected.0"], x["teacher.features.0"]
    size = [min(a, b) for a, b in zip(s.shape[2:], t.shape[2:])]
    return F.mse_loss(F.adaptive_avg_pool2d(s, size), F.adaptive_avg_pool2d(t, size))


def projected(own=(4, 4, 3), other=(4, 6, 5), batch=3, scale=1.0):
    return {"student.projected.0": r.maps(batch, *own, scale=scale),
            "teacher.features.0": r.maps(batch, *other, scale=scale)}


for kind, values in (("", projected()), ("-equal", projected(other=(4, 4, 3))), ("-one-image", projected(batch=1)),
                     ("-large", projected(scale=30)), ("-wider-student", projected(own=(4, 5, 8)))):
    r.case(f"simkd{kind}", "simkd", values, simkd)


# mhgd.
HEADS = 8


def heads(x, prefix, weights, running):
    y = F.linear(x, weights[f"{prefix}.weight"].detach() if running else weights[f"{prefix}.weight"])
    if running:
        mean, variance = (weights[f"{prefix}.norm.running_{kind}"].detach() for kind in ("mean", "var"))
        y = ((y - mean) / (variance + 1e-5).sqrt() * weights[f"{prefix}.norm.weight"].detach()
             + weights[f"{prefix}.norm.bias"].detach())
    else:
        y = batch_normalized(y, prefix, weights)
    return y.reshape(len(x), -1, HEADS).permute(2, 0, 1)


def mhgd(x, direction="code", mean=False):
    students, teachers = layers(x), layers(x, "teacher.features")
    own, target = [], []
    for s, t in zip(students, teachers):
        vector, _ = right_vectors(matrices(t, ""), 1)
        candidates, _ = right_vectors(matrices(s, ""), 4)
        own.append(aligned(candidates, vector)[:, :, 0])
        target.append(vector[:, :, 0])
    transfer = attention = 0
    for place in range(len(own) - 1):
        prefix = f"parameters.graph.{place}"

        def graphs(vectors, running):
            send = heads(vectors[place + 1], f"{prefix}.sender", x, running)
            receive = heads(vectors[place], f"{prefix}.receiver", x, running)
            return send @ receive.transpose(1, 2)

        s, t = (graphs(vectors, True).tanh().log_softmax(2) for vectors in (own, target))
        transfer = transfer + ((s.exp() * (s - t)).sum() if direction == "code" else (t.exp() * (t - s)).sum())
        weights = graphs(target, False).softmax(2)
        if f"kept.{place}" in x:
            weights = weights * x[f"kept.{place}"][:, :, None]
        hidden = F.relu(batch_normalized(
            F.linear(target[place], x[f"{prefix}.values.weight"]), f"{prefix}.values", x))
        gathered = torch.stack([head @ hidden for head in weights], 1).flatten(1)
        made = F.linear(gathered, x[f"{prefix}.output.weight"], x[f"{prefix}.output.bias"])
        attention = attention + (1 - (F.normalize(made, dim=1) * target[place + 1]).sum(1)).mean()
    return {"transfer": transfer / len(own[0]) if mean else transfer, "attention": attention}


def graphed(shapes=tall, batch=4, scale=1.0, same=False, kept=True):
    values = maps(shapes, batch, scale, same)
    channels = [own[0] for own, _ in shapes]
    for place, (lower, upper) in enumerate(zip(channels, channels[1:])):
        width, prefix = (lower + upper) // 2, f"parameters.graph.{place}"
        for part, outputs, inputs in (("sender", width * HEADS, upper), ("receiver", width * HEADS, lower),
                                      ("values", width, lower)):
            values[f"{prefix}.{part}.weight"] = r.normal(outputs, inputs, scale=0.5)
            values[f"{prefix}.{part}.norm.weight"] = 1 + r.normal(outputs, scale=0.2)
            values[f"{prefix}.{part}.norm.bias"] = r.normal(outputs, scale=0.2)
            if part != "values":
                values[f"{prefix}.{part}.norm.running_mean"] = r.normal(outputs, scale=0.1)
                values[f"{prefix}.{part}.norm.running_var"] = 0.2 + r.normal(outputs, scale=0.2) ** 2
        values[f"{prefix}.output.weight"] = r.normal(upper, width * HEADS, scale=0.3)
        values[f"{prefix}.output.bias"] = r.normal(upper, scale=0.1)
        if kept:
            values[f"kept.{place}"] = (r.normal(HEADS, batch) > 0).astype("float32")
    return values


G = "mhgd"
r.case(G, G, graphed(), mhgd)
r.case(f"{G}-three-layers", G, graphed(tall + [((6, 2, 4), (6, 3, 3))]), mhgd)
r.case(f"{G}-paper", G, graphed(), lambda x: mhgd(x, "paper"), direction="paper")
r.case(f"{G}-mean", G, graphed(), lambda x: mhgd(x, mean=True), reduction="batch-mean")
r.case(f"{G}-all-kept", G, graphed(kept=False), mhgd)
r.case(f"{G}-large", G, graphed(scale=30), mhgd)
r.case(f"{G}-same", G, graphed([((5, 4, 6),) * 2, ((7, 3, 3),) * 2], same=True), mhgd)
r.case(f"{G}-one-image", G, graphed(batch=1))

r.write()
