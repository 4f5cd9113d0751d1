"""Golden values of softmax and losses (written to losses.safetensors). Run: python3 Tests/Golden/losses.py

`softmax` and `log-softmax` along the last axis. `cross-entropy` (options labels, smoothing), mean over the batch;
`mixed-cross-entropy` (options labels, partners, shares of the labels).
`softened-divergence`: inputs student and teacher logits, T²·KL(softmax(teacher/T) ‖ softmax(student/T)), mean over the
batch; the teacher is a constant. `mean-squared-error`, `mean-absolute-error`, `smooth-l1` (β = 1): mean over all
elements.
"""

import torch
import torch.nn.functional as F
from golden import Recorder

r = Recorder("losses", seed=308)

for name, function in (("softmax", F.softmax), ("log-softmax", F.log_softmax)):
    for kind, shape, scale in (
        ("", (4, 10), 1), ("-extreme", (6, 10), 30), ("-one-row", (1, 100), 2), ("-two", (5, 2), 3),
        ("-one-class", (3, 1), 1), ("-shifted", (3, 7), 1), ("-deep", (2, 3, 5), 2),
    ):
        values = r.normal(*shape, scale=scale, shift=1000 if kind == "-shifted" else 0)
        r.add(name + kind, name, [values], lambda x: function(x, -1))

for kind, shape, scale in (
    ("", (6, 10), 1), ("-extreme", (6, 10), 30), ("-one-row", (1, 10), 2), ("-100", (8, 100), 2)
):
    for smoothing in (0.0, 0.1):
        labels = r.random.integers(0, shape[1], shape[0])
        r.add(
            "cross-entropy" + kind + ("-smoothed" if smoothing else ""), "cross-entropy",
            [r.normal(*shape, scale=scale)],
            lambda x: F.cross_entropy(x, torch.from_numpy(labels), label_smoothing=smoothing),
            labels=labels.tolist(), smoothing=smoothing)


def divergence(student, teacher, temperature):
    return temperature**2 * F.kl_div(
        F.log_softmax(student / temperature, 1), F.log_softmax(teacher / temperature, 1), reduction="batchmean",
        log_target=True)


for temperature in (1, 4, 20):
    for kind, batch, scale in (("", 6, 2), ("-extreme", 6, 30), ("-one-row", 1, 2)):
        r.add(
            f"softened-divergence-T{temperature}{kind}", "softened-divergence",
            [r.normal(batch, 10, scale=scale), r.normal(batch, 10, scale=scale)],
            lambda s, t: divergence(s, t, temperature), constants=(1,), temperature=temperature)
same = r.normal(3, 10)
r.add(
    "softened-divergence-same", "softened-divergence", [same, same.copy()], lambda s, t: divergence(s, t, 4),
    constants=(1,), temperature=4)

for name, function in (
    ("mean-squared-error", F.mse_loss), ("mean-absolute-error", F.l1_loss), ("smooth-l1", F.smooth_l1_loss)
):
    for kind, shape, scale in (("", (4, 9), 1), ("-far", (4, 9), 8), ("-features", (2, 5, 3, 3), 1)):
        a, b = r.normal(*shape, scale=scale), r.normal(*shape, scale=scale)
        b = a - r.away(a - b, -1, 0, 1)
        r.add(name + kind, name, [a, b], function)

labels, partners = (r.random.integers(0, 7, 6) for _ in range(2))
shares = r.uniform(6, low=0.5)
soft = torch.zeros(6, 7, dtype=torch.float64)
for row in range(6):
    soft[row, labels[row]] += float(shares[row])
    soft[row, partners[row]] += 1 - float(shares[row])
r.add(
    "mixed-cross-entropy", "mixed-cross-entropy", [r.normal(6, 7, scale=2)], lambda x: F.cross_entropy(x, soft),
    labels=labels.tolist(), partners=partners.tolist(), shares=[float(share) for share in shares])
r.write()
