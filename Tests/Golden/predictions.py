"""Calibration, scores per class, fidelity, temperature scaling and CKA, written anew in numpy float64.

Run: python3 Tests/Golden/predictions.py     (needs scipy and scikit-learn beside requirements.txt)
Scores per class, Brier's parts and log loss are scikit-learn's; calibration follows netcal's binning (numpy.digitize,
right-closed) with mean confidences; the best temperature is scipy's bounded minimum. CKA: Song's HSIC_1 as matrices,
with the jackknife by leaving images out one by one.
  predictions    input.0 logits F32 [n, c], input.1 labels; accuracy, nll, brier, ece, mce, ece of 10 bins, ece by mass,
                 classwise ece, temperature; precision, recall, f1; confusion
  fidelity       input.0 and input.2 logits, input.1 labels; agreement, KL, only first right, only second right
  cka            input.0 [n, a], input.1 [n, b] F32; value, 1.96 jackknife standard errors
"""

import numpy as np
import scipy
import sklearn
from golden import Recorder
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

r = Recorder("predictions", 21)


def binned(confidence, right, edges):
    place = np.digitize(confidence, edges[1:-1], right=True)
    ece, mce = 0.0, 0.0
    for m in range(len(edges) - 1):
        inside = place == m
        if inside.any():
            gap = abs(right[inside].mean() - confidence[inside].mean())
            ece += inside.mean() * gap
            mce = max(mce, gap)
    return ece, mce


def by_mass(confidence, right, bins):
    order = np.argsort(confidence, kind="stable")
    start, ece = 0, 0.0
    for m in range(bins):
        end = (m + 1) * len(order) // bins
        if end <= start:
            continue
        while end < len(order) and confidence[order[end]] == confidence[order[end - 1]]:
            end += 1
        part = order[start:end]
        ece += len(part) / len(order) * abs(right[part].mean() - confidence[part].mean())
        start = end
    return ece


def record(name, logits, labels):
    logits, labels = logits.astype(np.float32), np.asarray(labels)
    z = logits.astype(np.float64)
    n, c = z.shape
    p = softmax(z, axis=1)
    choice = z.argmax(1)
    confidence, right = p.max(1), (choice == labels).astype(np.float64)
    edges = np.linspace(0, 1, 16)
    ece, mce = binned(confidence, right, edges)
    classwise = np.mean([binned(p[:, k], (labels == k).astype(np.float64), edges)[0] for k in range(c)])
    # scikit-learn's own clips probabilities, which a sure and wrong network shows.
    nll = -log_softmax(z, axis=1)[np.arange(n), labels].mean()
    assert p.min() < 1e-15 or abs(nll - log_loss(labels, p, labels=range(c))) < 1e-12
    brier = ((p - np.eye(c)[labels]) ** 2).sum(1).mean()
    fit = minimize_scalar(
        lambda t: -log_softmax(z / np.exp(t), axis=1)[np.arange(n), labels].mean(),
        bounds=(np.log(0.01), np.log(100)), method="bounded", options={"xatol": 1e-12})
    r.declare(name, "predictions")
    r.keep(f"{name}/input.0", logits)
    r.keep(f"{name}/input.1", labels.astype(np.float64))
    r.keep(f"{name}/output", np.array(
        [right.mean(), nll, brier, ece, mce, binned(confidence, right, np.linspace(0, 1, 11))[0],
         by_mass(confidence, right, 15), classwise, np.exp(fit.x)]))
    precision, recall, f1, _ = precision_recall_fscore_support(labels, choice, labels=range(c), zero_division=np.nan)
    r.keep(f"{name}/classes", np.stack([precision, recall, f1]))
    r.keep(f"{name}/confusion", confusion_matrix(labels, choice, labels=range(c)).astype(np.float64))
    return logits, labels, p


def noisy(n, c, scale):
    labels = r.random.integers(0, c, n)
    return r.normal(n, c, scale=scale) + 2.5 * scale / 2 * np.eye(c)[labels], labels


first = record("ten-classes", *noisy(400, 10, 2.0))
record("overconfident", *noisy(150, 4, 9.0))
record("few", *noisy(7, 3, 1.0))
# Two classes and logits of a few values: ties, whole bins empty, a confidence of exactly 0.5 and of 1.
ties = np.array([[0, 0], [60, 0], [0, 60], [1, 0], [0, 1], [1, 0]] * 5, dtype=np.float32)
record("ties", ties, r.random.integers(0, 2, 30))

other = first[0] + r.normal(*first[0].shape, scale=1.5)
q = softmax(other.astype(np.float64), axis=1)
a, b = first[2].argmax(1) == first[1], q.argmax(1) == first[1]
r.declare("fidelity", "fidelity")
r.keep("fidelity/input.0", first[0])
r.keep("fidelity/input.1", first[1].astype(np.float64))
r.keep("fidelity/input.2", other.astype(np.float32))
q = softmax(other.astype(np.float32).astype(np.float64), axis=1)
r.keep("fidelity/output", np.array(
    [(first[2].argmax(1) == q.argmax(1)).mean(), (q * (np.log(q) - np.log(first[2]))).sum(1).mean(),
     (a & ~b).sum(), (b & ~a).sum()]))


def hsic(k, l):
    n = len(k)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    one = np.ones(n)
    return (np.trace(k @ l) + one @ k @ one * (one @ l @ one) / (n - 1) / (n - 2) - 2 / (n - 2) * one @ k @ l @ one) \
        / n / (n - 3)


def cka(x, y):
    k, l = x @ x.T, y @ y.T
    return hsic(k, l) / np.sqrt(hsic(k, k) * hsic(l, l))


def record_cka(name, x, y):
    x, y = x.astype(np.float32), y.astype(np.float32)
    a, b = x.astype(np.float64), y.astype(np.float64)
    n = len(a)
    without = np.array([cka(np.delete(a, i, 0), np.delete(b, i, 0)) for i in range(n)])
    error = 1.959963984540054 * np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    r.declare(name, "cka")
    r.keep(f"{name}/input.0", x)
    r.keep(f"{name}/input.1", y)
    r.keep(f"{name}/output", np.array([cka(a, b), error]))


x = r.normal(40, 12)
record_cka("related", x, x @ r.normal(12, 9) + 0.5 * r.normal(40, 9))
record_cka("wide", r.normal(16, 200), r.normal(16, 300))
record_cka("shifted", 100 + r.normal(30, 8), -50 + 3 * r.normal(30, 5))
record_cka("five", r.normal(5, 3), r.normal(5, 4))

r.write(scipy=scipy.__version__, sklearn=sklearn.__version__)
