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

r.write()
