"""Golden values of the response-based losses (written to losses-response.safetensors).

Run: python3 Tests/Golden/losses_response.py. Formulas after the definitions in the papers and their released code.
"""

import numpy as np
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
r.case(
    "tfkd-reg-multiplier", "tfkd-reg", label_inputs(5, 7), lambda x: virtual(x) * 100 / 7, multiplier=100)

def log_target(x, temperature=4.0, weights=None, logits=False, standard=False):
    """Logarithms of what several teachers say together."""
    names = ["teacher.logits"] + sorted(name for name in x if name.startswith("further-teachers."))
    shares = torch.tensor(weights or [1.0] * len(names)).double()
    shares = shares / shares.sum()
    parts = [(normed(x[name]) if standard else x[name]) / temperature for name in names]
    if logits:
        return sum(share * z for share, z in zip(shares, parts)).log_softmax(1)
    return sum(share * z.softmax(1) for share, z in zip(shares, parts)).log()


def normed(logits, unbiased=True):
    return (logits - logits.mean(1, keepdim=True)) / (1e-7 + logits.std(1, keepdim=True, unbiased=unbiased))


def kd_with(x, temperature=4.0, k=None, form="kl", conditional=False, standard=False, **ensemble):
    s = x["student.logits"]
    target = log_target(x, temperature, standard=standard, **ensemble)
    own = ((normed(s) if standard else s) / temperature).log_softmax(1)
    p = target.exp()
    if k:
        kept = torch.zeros_like(p).scatter(1, p.topk(k, 1).indices, 1.0)
        p = p * kept / (p * kept).sum(1, keepdim=True)
    rows = -(p * own).sum(1) + (torch.special.xlogy(p, p).sum(1) if form == "kl" else 0)
    rows = temperature**2 * rows
    if conditional:
        right = target.argmax(1) == x["labels"]
        rows = torch.where(right, rows, F.cross_entropy(s, x["labels"], reduction="none"))
    return rows.mean()


def several(count=2, batch=6, classes=10, scale=2.0):
    return {**pair(batch, classes, scale),
            **{f"further-teachers.{place}.logits": r.logits(batch, classes, scale) for place in range(count)}}


def partly_right(batch=8, classes=5):
    """Labels that the teacher finds in every second image."""
    values = {**pair(batch, classes), "labels": r.labels(batch, classes)}
    top = values["teacher.logits"].argmax(1)
    values["labels"][::2] = top[::2]
    values["labels"][1::2] = (top[1::2] + 1) % classes
    return values


r.case("kd-top-3", "kd", pair(), lambda x: kd_with(x, k=3), targets="top-k", k=3)
r.case("kd-top-all", "kd", pair(2, 5), lambda x: kd_with(x, k=5), targets="top-k", k=5)
r.case("kd-top-1", "kd", pair(), lambda x: kd_with(x, k=1, form="ce"), targets="top-k", k=1, form="ce")
r.case("kd-cross-entropy", "kd", pair(), lambda x: kd_with(x, form="ce"), form="ce")
r.case("kd-conditional", "kd", partly_right(), lambda x: kd_with(x, conditional=True), conditional=True)
r.case(
    "kd-conditional-top-2", "kd", partly_right(), lambda x: kd_with(x, 2.0, k=2, conditional=True), conditional=True,
    targets="top-k", k=2, temperature=2)
r.case("kd-standardised", "kd", pair(), lambda x: kd_with(x, 2.0, standard=True), logit_standardisation=True,
       temperature=2)
r.case("kd-three-teachers", "kd", several(), lambda x: kd_with(x))
r.case("kd-teachers-extreme", "kd", several(scale=60), lambda x: kd_with(x, 1.0), temperature=1)
r.case(
    "kd-weighted-teachers", "kd", several(), lambda x: kd_with(x, weights=[1, 0, 3]), ensemble_weights="[1, 0, 3]")
r.case("kd-teachers-logits", "kd", several(1), lambda x: kd_with(x, logits=True), ensemble="logits")
r.case(
    "kd-teachers-weighted-logits", "kd", several(1, 3, 4),
    lambda x: kd_with(x, logits=True, weights=[1, 2], standard=True), ensemble="logits", ensemble_weights="[1, 2]",
    logit_standardisation=True)


def ctkd(x, start=1.0, end=20.0, standard=False):
    temperature = start + end * torch.sigmoid(x["parameters.theta"])
    own, other = ((normed(x[f"{side}.logits"]) if standard else x[f"{side}.logits"]) / temperature
                  for side in ("student", "teacher"))
    return (temperature**2 * kl(other.log_softmax(1), own.log_softmax(1))).sum()


def theta(value, inputs):
    return {**inputs, "parameters.theta": np.array([value], np.float32)}


# At high temperatures the gradient to theta is a small difference of large numbers: single precision cannot show it.
r.case("ctkd", "ctkd", theta(1.0, pair()), lambda x: ctkd(x, 1.0, 4.0), end=4)
r.case("ctkd-one-image", "ctkd", theta(-0.7, pair(1)), ctkd)
r.case("ctkd-extreme", "ctkd", theta(0.2, pair(scale=60)), ctkd)
r.case("ctkd-same", "ctkd", theta(1.0, same()), ctkd)
r.case("ctkd-low", "ctkd", theta(-2.0, pair(4, 3)), lambda x: ctkd(x, 0.5, 3.0), start=0.5, end=3)
r.case("ctkd-standardised", "ctkd", theta(0.4, pair()), lambda x: ctkd(x, 1.0, 2.0, True), end=2,
       logit_standardisation=True)


def mlkd(x, temperature=4.0, paper=False, standard=False):
    s = {view: x[f"student.{view}.logits"] for view in ("weak", "strong")}
    t = {view: x[f"teacher.{view}.logits"] for view in ("weak", "strong")}
    p = t["weak"].softmax(1)
    sure, mass = p.max(1).values, p.sum(0)
    images = (sure <= sure.quantile(0.5)).double()
    classes = (mass <= mass.quantile(0.5)).double()

    def divergence(view, u):
        own, other = ((normed(z) if standard else z) / u for z in (s[view], t[view]))
        return u**2 * (other.softmax(1) * (other.log_softmax(1) - own.log_softmax(1))).sum(1)

    def grams(view, u):
        a, b = (s[view] / u).softmax(1), (t[view] / u).softmax(1)
        return (b.T @ b - a.T @ a).square().sum(1), (b @ b.T - a @ a.T).square().sum(1)

    parts = {"kd": 0, "class": 0, "batch": 0}
    for place, u in enumerate((temperature, 3.0, 5.0, 2.0, 6.0)):
        by_class, by_image = grams("weak", u)
        if paper:
            more_class, more_image = grams("strong", u)
            parts["kd"] += (images * divergence("weak", u)).mean() + divergence("strong", u).mean()
            parts["class"] += (classes * by_class).mean() + more_class.mean()
            parts["batch"] += (images * by_image).mean() + more_image.mean()
        else:
            parts["kd"] += images.mean() * divergence("weak", u).mean()
            parts["kd"] += divergence("strong" if place < 3 else "weak", u).mean()
            parts["class"] += classes.mean() * by_class.mean()
            parts["batch"] += images.mean() * by_image.mean()
    return parts


def views(batch=6, classes=10, scale=2.0):
    names = [f"{side}.{view}.logits" for side in ("student", "teacher") for view in ("weak", "strong")]
    return {**{name: r.logits(batch, classes, scale) for name in names}, "labels": r.labels(batch, classes)}


def same_views():
    weak, strong = r.logits(5, 7), r.logits(5, 7)
    return {"student.weak.logits": weak, "teacher.weak.logits": weak.copy(), "student.strong.logits": strong,
            "teacher.strong.logits": strong.copy(), "labels": r.labels(5, 7)}


for variant in ("code", "paper"):
    for kind, values in (("", views()), ("-one-image", views(1)), ("-odd", views(5, 7)), ("-same", same_views()),
                         ("-extreme", views(scale=60))):
        r.case(f"mlkd-{variant}{kind}", "mlkd", values, lambda x: mlkd(x, paper=variant == "paper"), variant=variant)
r.case("mlkd-T2", "mlkd", views(), lambda x: mlkd(x, 2.0), temperature=2)
r.case("mlkd-standardised", "mlkd", views(), lambda x: mlkd(x, 2.0, standard=True), temperature=2,
       logit_standardisation=True)


def bss(x, temperature=3.0):
    return -((x["teacher.logits"] / temperature).softmax(1)
             * (x["student.logits"] / temperature).log_softmax(1)).sum(1).mean()


r.case("bss", "bss", pair(), bss)
r.case("bss-one-image", "bss", pair(1), bss)
r.case("bss-extreme", "bss", pair(scale=60), bss)
r.case("bss-same", "bss", same(), bss)
r.case("bss-aberhu", "bss", pair(5, 4), lambda x: kd(x, 2.0) / 4, temperature=2, variant="aberhu")


def masks(method, values, function, student_alone=True, infinite=True, **options):
    """Classes that are masked in the teacher, in both, and, where the formula then has a value, in the student."""
    kinds = [("teacher", ("teacher",)), ("both", ("teacher", "student"))]
    kinds += [("student", ("student",))] if student_alone else []
    suffix = "".join(f"-{value}" for value in options.values())
    for kind, sides in kinds:
        for amount in (-1e9, -1e30, -np.inf):
            if np.isinf(amount) and (kind == "student" or not infinite):
                continue
            r.case(f"{method}{suffix}-masked-{kind}{amount:g}", method, r.masked(values, sides, np.float32(amount)), function, **options)


def sharp(method, values, function, **options):
    """A teacher that is sure, and logits that a low temperature drives apart; the function takes T."""
    suffix = "".join(f"-{value}" for value in options.values())
    r.case(f"{method}{suffix}-certain", method, r.certain(values), lambda x: function(x, 1.0), temperature=1, **options)
    r.case(f"{method}{suffix}-cold", method, r.cold(values), lambda x: function(x, 0.05), temperature=0.05, **options)


masks("kd", pair(), lambda x: kd(x, 4))
masks("kd", pair(), lambda x: kd_with(x, form="ce"), form="ce")
masks("kd", pair(), lambda x: kd_with(x, k=3), student_alone=False, targets="top-k", k=3)
masks("kd", partly_right(), lambda x: kd_with(x, conditional=True), conditional=True)
masks("kd", several(1), kd_with, student_alone=False, ensemble="probabilities")
masks("kd", several(1, 4, 5), lambda x: kd_with(x, logits=True, weights=[1, 0]), student_alone=False, infinite=False,
      ensemble="logits", ensemble_weights="[1, 0]")
masks("dkd", labelled(), dkd)
masks("dkd", labelled(), lambda x: dkd(x, 1.0, 0.0), beta=0)
masks("nkd", labelled(), nkd)
masks("wsl", labelled(), wsl, infinite=False)
masks("ctkd", theta(0.3, pair()), lambda x: ctkd(x, 1.0, 2.0), student_alone=False, end=2)
masks("bss", pair(), bss)
masks("bss", pair(), lambda x: kd(x, 3.0) / 9, variant="aberhu")
masks("dist", pair(), dist)
masks("mlkd", views(), mlkd)
masks("mlkd", views(), lambda x: mlkd(x, paper=True), variant="paper")
masks("logit-std", pair(), standardised, infinite=False)
for amount in (-1e9, -1e30):
    both = r.masked(pair(), ("teacher", "student"), np.float32(amount))
    r.case(f"logits-masked-both{amount:g}", "logits", both, regression)
    r.case(
        f"logits-centred-masked-both{amount:g}", "logits", both,
        lambda x: (lambda d: (d - d.mean(1, keepdim=True)).square().mean())(x["student.logits"] - x["teacher.logits"]),
        center=True)
    student = r.masked(label_inputs(), ("student",), np.float32(amount))
    r.case(f"label-smoothing-masked{amount:g}", "label-smoothing", student, smoothed)
    r.case(f"tfkd-reg-masked{amount:g}", "tfkd-reg", student, virtual)
r.case("logits-masked-teacher", "logits", r.masked(pair(), ("teacher",), np.float32(-1e9)), regression)
sharp("kd", pair(), kd)
sharp("dkd", labelled(), lambda x, t: dkd(x, temperature=t))
sharp("dkd", labelled(), lambda x, t: dkd(x, 1.0, 0.0, t), beta=0)
sharp("nkd", labelled(), lambda x, t: nkd(x, temperature=t))
sharp("wsl", labelled(), wsl)
sharp("bss", pair(), bss)
sharp("dist", pair(), lambda x, t: dist(x, temperature=t))
sharp("mlkd", views(), mlkd)
sharp("logit-std", pair(), standardised)
r.case("ctkd-certain", "ctkd", theta(0.0, r.certain(pair())), lambda x: ctkd(x, 1.0, 0.0), start=1, end=0)
r.case("ctkd-cold", "ctkd", theta(0.0, r.cold(pair())), lambda x: ctkd(x, 0.05, 0.0), start=0.05, end=0)
r.case("tfkd-reg-cold", "tfkd-reg", r.cold(label_inputs()), lambda x: virtual(x, 0.05, True), form="paper", temperature=0.05)

r.write()
