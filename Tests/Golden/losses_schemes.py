"""Golden values of the losses of peers, of a network's own exits and averages, and of several teachers (written to
losses-schemes.safetensors).

Run: python3 Tests/Golden/losses_schemes.py. Formulas after the definitions in the papers and their released code.
"""

import numpy as np
import torch
import torch.nn.functional as F
from losscases import LossRecorder

r = LossRecorder("losses-schemes", seed=419)


def series(x, prefix, suffix=""):
    count = sum(1 for name in x if name.startswith(prefix + ".") and name.endswith(suffix))
    return [x[f"{prefix}.{k}{suffix}"] for k in range(count)]


def kl_rows(student, target, temperature=1.0):
    p, q = (F.log_softmax(z / temperature, 1) for z in (target, student))
    return (p.exp() * (p - q)).sum(1) * temperature**2


def peers(batch=6, classes=10, count=1, scale=2.0):
    return {"student.logits": r.logits(batch, classes, scale)} | {
        f"peers.{k}.logits": r.logits(batch, classes, scale) for k in range(count)}


def dml(x, temperature=1.0, ensemble=False):
    others = series(x, "peers", ".logits")
    others = [sum(others) / len(others)] if ensemble else others
    return sum(kl_rows(x["student.logits"], other, temperature).mean() for other in others) / len(others)


for count in (1, 2, 4):
    r.case(f"dml-{count}", "dml", peers(count=count), dml)
r.case("dml-one-image", "dml", peers(1), dml)
r.case("dml-extreme", "dml", peers(scale=60, count=2), dml)
r.case("dml-T3", "dml", peers(count=3), lambda x: dml(x, 3.0), temperature=3)
r.case("dml-ensemble", "dml", peers(count=3), lambda x: dml(x, 3.0, True), temperature=3, target="ensemble")


def pair(batch=6, classes=10, scale=2.0):
    return {"student.logits": r.logits(batch, classes, scale), "teacher.logits": r.logits(batch, classes, scale)}


def squares(x):
    return F.mse_loss(x["student.logits"].softmax(1), x["teacher.logits"].softmax(1))


M = "mean-teacher"
r.case(M, M, pair(), squares)
r.case(f"{M}-one-image", M, pair(1), squares)
r.case(f"{M}-extreme", M, pair(scale=60), squares)
r.case(f"{M}-kl", M, pair(), lambda x: kl_rows(x["student.logits"], x["teacher.logits"]).mean(), consistency="kl")


def branches(batch=6, classes=10, width=8, count=3, scale=2.0):
    def answers(name):
        return {f"{name}.logits": r.logits(batch, classes, scale), f"{name}.embedding": r.normal(batch, width)}
    found = answers("student")
    for k in range(count):
        found |= answers(f"student.branches.{k}")
    return found


def byot(x, alpha=0.3, beta=0.03, temperature=3.0):
    logits, own = x["student.logits"].detach(), x["student.embedding"].detach()
    answers = zip(series(x, "student.branches", ".logits"), series(x, "student.branches", ".embedding"))
    taught, near = 0.0, 0.0
    for z, f in answers:
        taught = taught + kl_rows(z, logits, temperature).mean()
        near = near + ((f - own).square() * ((f > 0) | (own > 0))).sum(1).mean()
    return {"logits": alpha * taught, "features": beta * near}


for count in (1, 3):
    r.case(f"byot-{count}", "byot", branches(count=count), byot)
r.case("byot-one-image", "byot", branches(1), byot)
r.case("byot-extreme", "byot", branches(scale=60), byot)
r.case("byot-options", "byot", branches(), lambda x: byot(x, 0.1, 2.0, 5.0), alpha=0.1, beta=2, temperature=5)


def teachers(batch=6, classes=10, count=2, scale=2.0):
    return {"student.logits": r.logits(batch, classes, scale)} | {
        f"teachers.{k}.logits": r.logits(batch, classes, scale) for k in range(count)}


def average(x, mode="loss", temperature=4.0):
    student, others = x["student.logits"], series(x, "teachers", ".logits")
    if mode == "logits":
        return kl_rows(student, sum(others) / len(others), temperature).mean()
    if mode == "probabilities":
        p = sum(F.softmax(z / temperature, 1) for z in others) / len(others)
        return temperature**2 * (torch.special.xlogy(p, p) - p * F.log_softmax(student / temperature, 1)).sum(1).mean()
    return sum(kl_rows(student, other, temperature).mean() for other in others) / len(others)


A = "multi-average"
for count in (1, 2, 3):
    r.case(f"{A}-{count}", A, teachers(count=count), average)
r.case(f"{A}-one-image", A, teachers(1), average)
r.case(f"{A}-extreme", A, teachers(scale=60), lambda x: average(x, temperature=1.0), temperature=1)
for mode in ("probabilities", "logits"):
    r.case(f"{A}-{mode}", A, teachers(count=3), lambda x: average(x, mode), mode=mode)


def confident(batch=6, classes=10, count=2, scale=2.0):
    found = teachers(batch, classes, count, scale) | {"labels": r.labels(batch, classes)}
    for k in range(count):
        shape = (batch, 3 + 2 * k, 4, 4)
        found[f"teachers.{k}.features"] = r.normal(*shape)
        found[f"student.projected.{k}.features"] = r.normal(*shape)
        found[f"student.projected.{k}.logits"] = r.logits(batch, classes, scale)
    return found


def shares(logits, labels):
    errors = torch.stack([F.cross_entropy(z, labels, reduction="none") for z in logits], 1)
    return (1 - errors.softmax(1)) / (len(logits) - 1)


def ca_mkd(x, alpha=1.0, beta=50.0, temperature=4.0):
    answers, labels = series(x, "teachers", ".logits"), x["labels"]
    count = len(answers)
    w = shares(answers, labels)
    taught = sum((w[:, k] * kl_rows(x["student.logits"], answers[k], temperature)).mean() for k in range(count))
    own = [x[f"student.projected.{k}.features"] for k in range(count)]
    v = shares([x[f"student.projected.{k}.logits"] for k in range(count)], labels)
    near = sum(
        (v[:, k] * (own[k] - x[f"teachers.{k}.features"]).square().mean((1, 2, 3))).mean() for k in range(count))
    return {"logits": alpha * taught / count, "features": beta * near / count}


C = "ca-mkd"
for count in (2, 3):
    r.case(f"{C}-{count}", C, confident(count=count), ca_mkd)
r.case(f"{C}-one-image", C, confident(1), ca_mkd)
r.case(f"{C}-extreme", C, confident(scale=60), ca_mkd)
r.case(f"{C}-options", C, confident(count=3), lambda x: ca_mkd(x, 2.0, 0.5, 1.0), alpha=2, beta=0.5, temperature=1)

r.write()
