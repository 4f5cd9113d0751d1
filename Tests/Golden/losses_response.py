"""Golden values of the response-based losses (written to losses-response.safetensors).

Run: python3 Tests/Golden/losses_response.py. Formulas after the definitions in the papers and their released code.
"""

import torch
import torch.nn.functional as F
from losscases import LossRecorder

r = LossRecorder("losses-response", seed=401)


def kd(x, temperature):
    return temperature**2 * F.kl_div(
        F.log_softmax(x["student.logits"] / temperature, 1), F.log_softmax(x["teacher.logits"] / temperature, 1),
        reduction="batchmean", log_target=True)


def pair(batch=6, classes=10, scale=2.0):
    return {"student.logits": r.logits(batch, classes, scale), "teacher.logits": r.logits(batch, classes, scale)}


def same(batch=4, classes=7):
    logits = r.logits(batch, classes)
    return {"student.logits": logits, "teacher.logits": logits.copy()}


for temperature in (1, 4, 20):
    r.case(f"kd-T{temperature}", "kd", pair(), lambda x: kd(x, temperature), temperature=temperature)
r.case("kd-one-image", "kd", pair(1), lambda x: kd(x, 4))
r.case("kd-extreme", "kd", pair(scale=60), lambda x: kd(x, 1), temperature=1)
r.case("kd-same", "kd", same(), lambda x: kd(x, 4))


def regression(x):
    return F.mse_loss(x["student.logits"], x["teacher.logits"])


r.case("logits", "logits", pair(), regression)
r.case("logits-one-image", "logits", pair(1), regression)
r.case("logits-extreme", "logits", pair(scale=60), regression)
r.case("logits-same", "logits", same(), regression)
r.case(
    "logits-paper", "logits", pair(),
    lambda x: (x["student.logits"] - x["teacher.logits"]).square().sum() / (2 * len(x["student.logits"])),
    reduction="paper")
r.case(
    "logits-centred", "logits", pair(),
    lambda x: F.mse_loss(*(x[f"{side}.logits"] - x[f"{side}.logits"].mean(1, keepdim=True)
                           for side in ("student", "teacher"))), center=True)


def labelled(batch=6, classes=10, scale=2.0):
    return {**pair(batch, classes, scale), "labels": r.labels(batch, classes)}


def labelled_same():
    return {**same(5, 7), "labels": r.labels(5, 7)}


def absent():
    """A batch in which most classes do not occur."""
    return {**pair(5, 8), "labels": r.labels(5, 8) * 0 + 3}


def others(logits, labels):
    """Logits of all classes but the label's."""
    keep = torch.ones_like(logits, dtype=bool).scatter(1, labels[:, None], False)
    return logits[keep].reshape(len(logits), -1)


def kl(log_p, log_q):
    return (log_p.exp() * (log_p - log_q)).sum(1).mean()


def dkd(x, alpha=1.0, beta=8.0, temperature=4.0, standard=False):
    labels, parts = x["labels"], {}
    for side in ("student", "teacher"):
        z = x[f"{side}.logits"]
        if standard:
            z = (z - z.mean(1, keepdim=True)) / (1e-7 + z.std(1, keepdim=True))
        z = z / temperature
        rest = others(z, labels)
        whole = torch.logsumexp(z, 1)
        pairs = torch.stack([z.gather(1, labels[:, None])[:, 0] - whole, torch.logsumexp(rest, 1) - whole], 1)
        parts[side] = pairs, torch.log_softmax(rest, 1)
    return temperature**2 * (
        alpha * kl(parts["teacher"][0], parts["student"][0]) + beta * kl(parts["teacher"][1], parts["student"][1]))


r.case("dkd", "dkd", labelled(), dkd)
r.case("dkd-one-image", "dkd", labelled(1), dkd)
r.case("dkd-two-classes", "dkd", labelled(4, 2), dkd)
r.case("dkd-same", "dkd", labelled_same(), dkd)
r.case("dkd-absent", "dkd", absent(), dkd)
r.case("dkd-extreme", "dkd", labelled(scale=60), lambda x: dkd(x, temperature=1.0), temperature=1)
r.case("dkd-label-part", "dkd", labelled(), lambda x: dkd(x, 2.0, 0.0, 2.0), alpha=2, beta=0, temperature=2)
r.case("dkd-standardised", "dkd", labelled(), lambda x: dkd(x, standard=True), logit_standardisation=True)


def nkd(x, gamma=1.5, temperature=1.0):
    s, t, labels = x["student.logits"], x["teacher.logits"], x["labels"]
    at = labels[:, None]
    target = -(t.softmax(1).gather(1, at) * s.log_softmax(1).gather(1, at)).mean()
    rest = (others(t, labels) / temperature).softmax(1) * (others(s, labels) / temperature).log_softmax(1)
    return target - gamma * temperature**2 * rest.sum(1).mean()


r.case("nkd", "nkd", labelled(), nkd)
r.case("nkd-one-image", "nkd", labelled(1), nkd)
r.case("nkd-two-classes", "nkd", labelled(4, 2), nkd)
r.case("nkd-extreme", "nkd", labelled(scale=60), nkd)
r.case("nkd-same", "nkd", labelled_same(), nkd)
r.case("nkd-T3", "nkd", absent(), lambda x: nkd(x, 3.5, 3.0), gamma=3.5, temperature=3)


def wsl(x, temperature=4.0):
    s, t, labels = x["student.logits"], x["teacher.logits"], x["labels"]
    with torch.no_grad():
        ratio = F.cross_entropy(s, labels, reduction="none") / (F.cross_entropy(t, labels, reduction="none") + 1e-7)
        weight = 1 - torch.exp(-ratio)
    soft = -((t / temperature).softmax(1) * (s / temperature).log_softmax(1)).sum(1)
    return temperature**2 * (weight * soft).mean()


r.case("wsl", "wsl", labelled(), wsl)
r.case("wsl-T2", "wsl", labelled(), lambda x: wsl(x, 2.0), temperature=2)
r.case("wsl-one-image", "wsl", labelled(1), wsl)
r.case("wsl-same", "wsl", labelled_same(), wsl)
r.case("wsl-absent", "wsl", absent(), wsl)
r.case("wsl-extreme", "wsl", labelled(scale=60))


def pearson(a, b, axis):
    x, y = a - a.mean(axis, keepdim=True), b - b.mean(axis, keepdim=True)
    return (x * y).sum(axis) / (x.norm(dim=axis) * y.norm(dim=axis) + 1e-8)


def dist(x, beta=1.0, gamma=1.0, temperature=4.0):
    p, q = (x["student.logits"] / temperature).softmax(1), (x["teacher.logits"] / temperature).softmax(1)
    return temperature**2 * (beta * (1 - pearson(p, q, 1).mean()) + gamma * (1 - pearson(p, q, 0).mean()))


r.case("dist", "dist", pair(), dist)
r.case("dist-T1", "dist", pair(), lambda x: dist(x, 2.0, 0.5, 1.0), beta=2, gamma=0.5, temperature=1)
r.case("dist-two-images", "dist", pair(2), dist)
r.case("dist-same", "dist", same(), dist)
r.case("dist-one-image", "dist", pair(1))
r.case("dist-extreme", "dist", pair(scale=60))


def standardised(x, temperature=2.0, unbiased=True):
    def z(side):
        logits = x[f"{side}.logits"]
        return (logits - logits.mean(1, keepdim=True)) / (1e-7 + logits.std(1, keepdim=True, unbiased=unbiased))

    return temperature**2 * kl((z("teacher") / temperature).log_softmax(1), (z("student") / temperature).log_softmax(1))


r.case("logit-std", "logit-std", pair(), standardised)
r.case("logit-std-one-image", "logit-std", pair(1), standardised)
r.case("logit-std-extreme", "logit-std", pair(scale=60), standardised)
r.case("logit-std-same", "logit-std", same(), standardised)
r.case(
    "logit-std-population", "logit-std", pair(4, 3), lambda x: standardised(x, 4.0, False), temperature=4,
    std="population")
constant = pair(4)
constant["student.logits"][1] = 1.5
r.case("logit-std-constant-row", "logit-std", constant)


def label_inputs(batch=6, classes=10, scale=2.0):
    return {"student.logits": r.logits(batch, classes, scale), "labels": r.labels(batch, classes)}


def smoothed(x, smoothing=0.1, others_only=False):
    logits, labels = x["student.logits"], x["labels"]
    classes = logits.shape[1]
    hard = F.one_hot(labels, classes).to(logits)
    spread = (1 - hard) / (classes - 1) if others_only else torch.ones_like(hard) / classes
    return -(((1 - smoothing) * hard + smoothing * spread) * logits.log_softmax(1)).sum(1).mean()


r.case("label-smoothing", "label-smoothing", label_inputs(), smoothed)
r.case("label-smoothing-20", "label-smoothing", label_inputs(), lambda x: smoothed(x, 0.2), smoothing=0.2)
r.case("label-smoothing-one-image", "label-smoothing", label_inputs(1), smoothed)
r.case("label-smoothing-extreme", "label-smoothing", label_inputs(scale=60), smoothed)
r.case(
    "label-smoothing-others", "label-smoothing", label_inputs(4, 3), lambda x: smoothed(x, 0.1, True), spread="others")


def virtual(x, temperature=20.0, paper=False, sure=0.99):
    logits, labels = x["student.logits"], x["labels"]
    classes = logits.shape[1]
    hard = F.one_hot(labels, classes).to(logits)
    u = hard * sure + (1 - hard) * (1 - sure) / (classes - 1)
    if paper:
        return kl((u.log() / temperature).log_softmax(1), (logits / temperature).log_softmax(1))
    return kl((u / temperature).log_softmax(1), logits.log_softmax(1))


r.case("tfkd-reg", "tfkd-reg", label_inputs(), virtual)
r.case("tfkd-reg-T1", "tfkd-reg", label_inputs(), lambda x: virtual(x, 1.0), temperature=1)
r.case("tfkd-reg-one-image", "tfkd-reg", label_inputs(1), virtual)
r.case("tfkd-reg-extreme", "tfkd-reg", label_inputs(scale=60), virtual)
r.case("tfkd-reg-paper", "tfkd-reg", label_inputs(), lambda x: virtual(x, 20.0, True), form="paper")

r.write()
