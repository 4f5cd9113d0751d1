"""What `kdscope probe` computes of answers and features, by scikit-learn, torchmetrics and numpy in float64.

Run: python3 Tests/Golden/probes.py     (needs scipy, scikit-learn and torchmetrics beside requirements.txt)
  quality      input.0 logits F32 [n, k], input.1 labels, input.2 and input.3 development logits and labels; accuracy, top5
               (NaN below 6 classes), nll, Brier, ECE and MCE (torchmetrics, 15 bins), equal-mass ECE, temperature
  comparison   input.0 and input.2 logits of A and B, input.1 labels; KL(B || A) at temperatures 1, 2, 4, Cohen's kappa of
               being right (scikit-learn), share of equal answers where both are wrong; NaN where undefined
  regression   input.0 features F32 [n, d], input.1 labels, input.2 and input.3 of other rows, penalty; weight [k, d], bias
               [k], mean, deviation [d]; loss, nll and accuracy of the other rows
"""

import numpy as np
import scipy
import sklearn
import torch
from golden import Recorder
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score
from sklearn.preprocessing import StandardScaler

# torchmetrics imports torchvision, which without these declarations does not load beside every build of torch.
library = torch.library.Library("torchvision", "DEF")
for operator in ("nms", "qnms"):
    library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import torchmetrics  # noqa: E402
from torchmetrics.functional.classification import (  # noqa: E402
    multiclass_accuracy, multiclass_calibration_error)

r = Recorder("probes", 61)


def noisy(n, k, scale):
    labels = r.random.integers(0, k, n)
    return (r.normal(n, k, scale=scale) + 1.25 * scale * np.eye(k)[labels]).astype(np.float32), labels


def by_mass(confidence, right, bins=15):
    """Bin m holds ranks floor(mN/15) to floor((m+1)N/15) - 1; what is tied stays in the bin of its first."""
    order = np.argsort(confidence, kind="stable")
    confidence, right = confidence[order], right[order]
    n = len(order)
    bin_of = np.empty(n, int)
    for m in range(bins):
        bin_of[m * n // bins:(m + 1) * n // bins] = m
    for i in range(1, n):
        if confidence[i] == confidence[i - 1]:
            bin_of[i] = bin_of[i - 1]
    return sum(abs(right[bin_of == m].sum() - confidence[bin_of == m].sum()) for m in range(bins)) / n


def quality(name, n, k, scale):
    (logits, labels), (held, own) = noisy(n, k, scale), noisy(n // 2, k, scale)
    z = torch.from_numpy(logits.astype(np.float64))
    y = torch.from_numpy(labels)
    p = softmax(z.numpy(), axis=1)
    confidence, right = p.max(1), (p.argmax(1) == labels).astype(np.float64)
    # torchmetrics' bins are [a, b), ours (a, b]: no confidence lies on an edge.
    assert np.abs(confidence[:, None] * 15 - np.arange(16)).min() > 1e-9
    ece, mce = (float(multiclass_calibration_error(torch.from_numpy(p), y, k, n_bins=15, norm=norm)) for norm in ("l1", "max"))
    top5 = float(multiclass_accuracy(z, y, k, top_k=5, average="micro")) if k > 5 else np.nan
    fit = minimize_scalar(
        lambda t: -log_softmax(held.astype(np.float64) / np.exp(t), axis=1)[np.arange(len(own)), own].mean(),
        bounds=(np.log(0.01), np.log(100)), method="bounded", options={"xatol": 1e-12})
    r.declare(name, "quality")
    for place, value in enumerate([logits, labels.astype(np.float64), held, own.astype(np.float64)]):
        r.keep(f"{name}/input.{place}", value)
    r.keep(f"{name}/output", np.array(
        [right.mean(), top5, -log_softmax(z.numpy(), axis=1)[np.arange(n), labels].mean(),
         ((p - np.eye(k)[labels]) ** 2).sum(1).mean(), ece, mce, by_mass(confidence, right), np.exp(fit.x)]))


quality("quality-ten", 300, 10, 2.0)
quality("quality-six", 90, 6, 6.0)
quality("quality-four", 120, 4, 1.0)


def comparison(name, a, b, labels):
    a, b = a.astype(np.float32), b.astype(np.float32)
    x, y = a.astype(np.float64), b.astype(np.float64)
    kl = []
    for t in (1, 2, 4):
        log_p, log_q = torch.log_softmax(torch.from_numpy(x) / t, 1), torch.log_softmax(torch.from_numpy(y) / t, 1)
        kl.append(float(torch.nn.functional.kl_div(log_p, log_q, reduction="batchmean", log_target=True)))
    own, other = x.argmax(1), y.argmax(1)
    first, second = own == labels, other == labels
    is_defined = not (first.all() and second.all()) and (first.any() or second.any())
    kappa = cohen_kappa_score(first, second) if is_defined else np.nan
    both = ~first & ~second
    alike = (own[both] == other[both]).mean() if both.any() else np.nan
    r.declare(name, "comparison")
    for place, value in enumerate([a, labels.astype(np.float64), b]):
        r.keep(f"{name}/input.{place}", value)
    r.keep(f"{name}/output", np.array(kl + [kappa, alike]))


logits, labels = noisy(250, 10, 2.0)
comparison("related", logits, logits + r.normal(250, 10, scale=1.5), labels)
comparison("independent", logits, noisy(250, 10, 2.0)[0], labels)
comparison("extreme", 40 * logits[:60], logits[:60] - 30 * r.normal(60, 10), labels[:60])
comparison("perfect", 9 * np.eye(4)[np.arange(12) % 4], 5 * np.eye(4)[np.arange(12) % 4], np.arange(12) % 4)


def regression(name, x, labels, held, own, penalty):
    x, held = x.astype(np.float32), held.astype(np.float32)
    n, k = len(x), int(labels.max()) + 1
    scaler = StandardScaler().fit(x.astype(np.float64))
    s, t = scaler.transform(x.astype(np.float64)), scaler.transform(held.astype(np.float64))
    if k > 2:
        fit = LogisticRegression(C=1 / (n * penalty), tol=1e-10, max_iter=100_000).fit(s, labels)
        weight, bias = fit.coef_, fit.intercept_
    else:
        # scikit-learn has one row of weights for two classes, which another penalty belongs to.
        def loss(w):
            weight, bias = w[:-k].reshape(k, -1), w[-k:]
            z = s @ weight.T + bias
            p = (softmax(z, 1) - np.eye(k)[labels]) / n
            value = -log_softmax(z, 1)[np.arange(n), labels].mean() + penalty / 2 * (weight ** 2).sum()
            return value, np.concatenate([(p.T @ s + penalty * weight).ravel(), p.sum(0)])
        w = minimize(loss, np.zeros(k * (s.shape[1] + 1)), jac=True, method="L-BFGS-B",
                     options={"ftol": 1e-16, "gtol": 1e-10, "maxiter": 10_000}).x
        weight, bias = w[:-k].reshape(k, -1), w[-k:]
    bias = bias - bias.mean()
    z = s @ weight.T + bias
    gradient = (softmax(z, 1) - np.eye(k)[labels]).T @ s / n + penalty * weight
    assert np.abs(gradient).max() < 1e-6, np.abs(gradient).max()
    loss = -log_softmax(z, 1)[np.arange(n), labels].mean() + penalty / 2 * (weight ** 2).sum()
    u = t @ weight.T + bias
    r.declare(name, "regression", penalty=penalty)
    for place, value in enumerate([x, labels.astype(np.float64), held, own.astype(np.float64)]):
        r.keep(f"{name}/input.{place}", value)
    for part, value in [("weight", weight), ("bias", bias), ("mean", scaler.mean_), ("deviation", scaler.scale_)]:
        r.keep(f"{name}/{part}", value)
    r.keep(f"{name}/output", np.array(
        [loss, -log_softmax(u, 1)[np.arange(len(own)), own].mean(), (u.argmax(1) == own).mean()]))


def features(n, d, k, apart=1.0):
    labels = np.arange(n) % k
    centres = np.random.Generator(np.random.PCG64(d * k)).standard_normal((k, d))
    return r.normal(n, d) @ r.normal(d, d, scale=0.5) + apart * centres[labels], labels


for name, n, d, k, apart, penalty in [
        ("weak", 150, 6, 3, 1.0, 1e-1), ("usual", 200, 12, 5, 1.0, 1e-2), ("separable", 90, 20, 3, 4.0, 1e-3),
        ("two-classes", 80, 5, 2, 1.0, 1e-2), ("wide", 40, 60, 4, 1.0, 1e-2), ("least", 150, 8, 4, 1.0, 1e-4)]:
    x, labels = features(n, d, k, apart)
    held, own = features(n // 2, d, k, apart)
    # Other means and widths of the features, and one that is constant.
    shift, width = np.linspace(-3, 5, d), np.geomspace(0.1, 10, d)
    x, held = x * width + shift, held * width + shift
    if name == "usual":
        x[:, 3] = held[:, 3] = 2.5
    regression(name, x, labels, held, own, penalty)

r.write(scipy=scipy.__version__, sklearn=sklearn.__version__, torchmetrics=torchmetrics.__version__)
