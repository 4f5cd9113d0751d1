"""Golden values of the feature-based losses (written to losses-feature.safetensors).

Run: python3 Tests/Golden/losses_feature.py. Formulas after the definitions in the papers and their released code.
"""

import torch
import torch.nn.functional as F
from losscases import LossRecorder

r = LossRecorder("losses-feature", seed=403)


def maps(batch=3, own=(5, 4, 6), other=(7, 3, 4), layers=1, dead=(), scale=1.0):
    return {f"{side}.features.{layer}": r.maps(
                batch, size[0] + layer, *size[1:], scale=scale, dead=dead if side == "student" else ())
            for layer in range(layers) for side, size in (("student", own), ("teacher", other))}


def same(batch=3, channels=5):
    values = r.maps(batch, channels, 4, 3)
    return {"student.features.0": values, "teacher.features.0": values.copy()}


def pooled(a, b):
    """The larger map is average-pooled to the smaller."""
    size = [min(x, y) for x, y in zip(a.shape[2:], b.shape[2:])]
    return F.adaptive_avg_pool2d(a, size), F.adaptive_avg_pool2d(b, size)


def layered(x, function):
    count = sum(name.startswith("student.features.") for name in x)
    return sum(function(*pooled(x[f"student.features.{layer}"], x[f"teacher.features.{layer}"]))
               for layer in range(count))


def attention(s, t, power=2):
    def map_of(features):
        return F.normalize(features.abs().pow(power).mean(1).flatten(1), dim=1)

    return (map_of(s) - map_of(t)).square().mean()


A = "attention-transfer"
for kind, values in (("", maps()), ("-two-layers", maps(layers=2)), ("-one-image", maps(1)), ("-same", same()),
                     ("-dead", maps(dead=(0, 2))), ("-large", maps(scale=30)),
                     ("-taller-teacher", maps(own=(5, 3, 6), other=(4, 5, 2)))):
    r.case(A + kind, A, values, lambda x: layered(x, attention))
r.case(f"{A}-power-4", A, maps(), lambda x: layered(x, lambda s, t: attention(s, t, 4)), power=4)
empty = maps()
empty["student.features.0"][1] = 0
r.case(f"{A}-empty-image", A, empty)


def nst(s, t):
    a, b = F.normalize(s.flatten(2), dim=2), F.normalize(t.flatten(2), dim=2)

    def kernel(x, y):
        return (x @ y.transpose(1, 2)).square().mean()

    return kernel(b, b) + kernel(a, a) - 2 * kernel(a, b)


for kind, values in (("", maps()), ("-two-layers", maps(layers=2)), ("-one-image", maps(1)), ("-same", same()),
                     ("-large", maps(scale=30))):
    r.case(f"nst{kind}", "nst", values, lambda x: layered(x, nst))
r.case("nst-dead", "nst", maps(dead=(0, 2)))


def cwd(x, temperature=4.0):
    s, t = (x[f"{side}.features.0"].flatten(2) / temperature for side in ("student", "teacher"))
    divergence = F.kl_div(s.log_softmax(2), t.log_softmax(2), log_target=True, reduction="sum")
    return temperature**2 * divergence / (s.shape[0] * s.shape[1])


equal = dict(own=(5, 4, 6), other=(5, 4, 6))
r.case("cwd", "cwd", maps(**equal), cwd)
r.case("cwd-T1", "cwd", maps(**equal), lambda x: cwd(x, 1.0), temperature=1)
r.case("cwd-one-image", "cwd", maps(1, **equal), cwd)
r.case("cwd-dead", "cwd", maps(dead=(1,), **equal), cwd)
r.case("cwd-large", "cwd", maps(scale=30, **equal), cwd)
r.case("cwd-same", "cwd", same(), cwd)


def vid(x):
    s, t = pooled(x["student.features.0"], x["teacher.features.0"])
    weights = [x[f"parameters.regressor.{place}.weight"] for place in range(3)]
    mean = F.conv2d(F.relu(F.conv2d(F.relu(F.conv2d(s, weights[0])), weights[1])), weights[2])
    variance = (F.softplus(x["parameters.log_scale"]) + 1e-5)[None, :, None, None]
    return (0.5 * ((mean - t).square() / variance + variance.log())).mean()


def regressed(values, scale=0.5):
    own, other = (values[f"{side}.features.0"].shape[1] for side in ("student", "teacher"))
    for place, inputs in enumerate((own, other, other)):
        values[f"parameters.regressor.{place}.weight"] = r.normal(other, inputs, 1, 1, scale=scale)
    values["parameters.log_scale"] = r.normal(other, scale=1.5)
    return values


for kind, values in (("", maps()), ("-one-image", maps(1)), ("-dead", maps(dead=(0,))), ("-large", maps(scale=30)),
                     ("-taller-teacher", maps(own=(5, 3, 6), other=(4, 5, 2)))):
    r.case(f"vid{kind}", "vid", regressed(values), vid)


def srrl(x):
    own, other = (x[f"{side}.features.0"].mean((2, 3)) for side in ("student", "teacher"))
    answers = F.linear(own, x["teacher.classifier.weight"], x["teacher.classifier.bias"])
    return {"features": F.mse_loss(own, other), "regression": F.mse_loss(answers, x["teacher.logits"])}


def classified(values, classes=6):
    batch, channels = values["teacher.features.0"].shape[:2]
    values["teacher.classifier.weight"] = r.normal(classes, channels, scale=0.5)
    values["teacher.classifier.bias"] = r.normal(classes, scale=0.2)
    values["teacher.logits"] = r.logits(batch, classes)
    return values


r.case("srrl", "srrl", classified(maps(own=(7, 4, 6))), srrl)
r.case("srrl-one-image", "srrl", classified(maps(1, own=(7, 4, 6))), srrl)
r.case("srrl-dead", "srrl", classified(maps(own=(7, 4, 6), dead=(1, 3))), srrl)
r.case("srrl-large", "srrl", classified(maps(own=(7, 4, 6), scale=30)), srrl)


def crd(x, temperature=0.07):
    rows = x["contrast.indices"]
    count, share = len(x["memory.student"]), (rows.shape[1] - 1) / len(x["memory.student"])
    terms = {}
    for side, other in (("student", "teacher"), ("teacher", "student")):
        embedding = F.linear(
            x[f"{side}.embedding"], x[f"parameters.embed.{side}.weight"], x[f"parameters.embed.{side}.bias"])
        embedding = F.normalize(embedding, dim=1)
        scores = torch.exp(torch.einsum("bkw,bw->bk", x[f"memory.{other}"][rows], embedding) / temperature)
        scores = scores / (count * scores.detach().mean())
        hit = torch.log(scores[:, 0] / (scores[:, 0] + share + 1e-7)).sum()
        miss = torch.log(share / (scores[:, 1:] + share + 1e-7)).sum()
        terms[side] = -(hit + miss) / len(rows)
    return terms


def contrast(batch=4, rows=12, negatives=5, width=6, scale=1.0):
    values = {"student.embedding": r.normal(batch, 5, scale=scale), "teacher.embedding": r.normal(batch, 9, scale=scale)}
    for side in ("student", "teacher"):
        memory = r.normal(rows, width)
        values[f"memory.{side}"] = (memory / (memory**2).sum(1, keepdims=True) ** 0.5).astype("float32")
        values[f"parameters.embed.{side}.weight"] = r.normal(width, values[f"{side}.embedding"].shape[1], scale=0.4)
        values[f"parameters.embed.{side}.bias"] = r.normal(width, scale=0.1)
    values["indices"] = r.random.permutation(rows)[:batch]
    picks = r.random.integers(0, rows, (batch, negatives + 1))
    picks[:, 0] = values["indices"]
    values["contrast.indices"] = picks
    return values


r.case("crd", "crd", contrast(), crd)
r.case("crd-one-image", "crd", contrast(1), crd)
r.case("crd-T05", "crd", contrast(), lambda x: crd(x, 0.5), temperature=0.5)
r.case("crd-many", "crd", contrast(6, 40, 30), crd)
r.case("crd-large", "crd", contrast(scale=30), crd)

r.write()
