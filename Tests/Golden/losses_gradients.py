"""Golden values of the losses of gradients: of input gradients, and of Grad-CAM (written to losses-gradients.safetensors).

Run: python3 Tests/Golden/losses_gradients.py. Formulas after the definitions in the papers and their released code.
"""

import torch
import torch.nn.functional as F
from losscases import LossRecorder

r = LossRecorder("losses-gradients", seed=407)


def slopes(batch=3, shape=(3, 5, 4), scale=1.0):
    return {f"{side}.input_gradients": r.normal(batch, *shape, scale=scale) for side in ("student", "teacher")}


def sobolev(x, total=False):
    own, other = (F.normalize(x[f"{side}.input_gradients"].flatten(1), dim=1) for side in ("student", "teacher"))
    gap = (own - other).square()
    return gap.sum(1).mean() if total else gap.mean()


def same_slopes():
    values = r.normal(2, 3, 4, 4)
    return {"student.input_gradients": values, "teacher.input_gradients": values.copy()}


r.case("sobolev", "sobolev", slopes(), sobolev)
r.case("sobolev-one-image", "sobolev", slopes(1), sobolev)
r.case("sobolev-large", "sobolev", slopes(scale=30), sobolev)
r.case("sobolev-same", "sobolev", same_slopes(), sobolev)
r.case("sobolev-sum", "sobolev", slopes(2, (1, 6, 3)), lambda x: sobolev(x, True), reduction="sum")
dead = slopes(4)
dead["student.input_gradients"][1] = 0
r.case("sobolev-dead-image", "sobolev", dead)

def attention_gradient(x):
    return (x["student.input_gradients"] - x["teacher.input_gradients"]).flatten(1).square().sum(1).mean() / 2


G = "attention-transfer-gradient"
equal_slopes = slopes()
equal_slopes["teacher.input_gradients"] = equal_slopes["student.input_gradients"].copy()
for kind, values in (("", slopes()), ("-one-image", slopes(1, (1, 4, 6))), ("-large", slopes(scale=30)),
                     ("-same", equal_slopes)):
    r.case(G + kind, G, values, attention_gradient)


def pooled(a, b):
    """The larger map is average-pooled to the smaller."""
    size = [min(x, y) for x, y in zip(a.shape[2:], b.shape[2:])]
    return F.adaptive_avg_pool2d(a, size), F.adaptive_avg_pool2d(b, size)


def lwm(x, gradient=False, mean=False):
    def attention(side, map):
        weights = x[f"{side}.feature_gradients.0"].mean((2, 3), keepdim=True)
        return F.normalize(torch.relu((weights * map).sum(1)).flatten(1), dim=1)

    kind = "feature_gradients" if gradient else "features"
    own, other = pooled(x[f"student.{kind}.0"], x[f"teacher.{kind}.0"])
    gap = (attention("student", own) - attention("teacher", other)).abs()
    return gap.mean() if mean else gap.sum(1).mean()


def explained(batch=3, own=(5, 4, 6), other=(7, 4, 6), scale=1.0):
    """Maps with gradients whose weighted sums are not negative everywhere."""
    values = {}
    for side, size in (("student", own), ("teacher", other)):
        values[f"{side}.features.0"] = r.maps(batch, *size, scale=scale)
        values[f"{side}.feature_gradients.0"] = r.normal(batch, *size, scale=scale, shift=0.4 * scale)
    return values


equal_maps = explained(other=(5, 4, 6))
for kind in ("features.0", "feature_gradients.0"):
    equal_maps[f"teacher.{kind}"] = equal_maps[f"student.{kind}"].copy()
r.case("lwm", "lwm", explained(), lwm)
r.case("lwm-one-image", "lwm", explained(1), lwm)
r.case("lwm-sizes", "lwm", explained(own=(4, 5, 6), other=(6, 3, 4)), lwm)
r.case("lwm-large", "lwm", explained(scale=30), lwm)
r.case("lwm-same", "lwm", equal_maps)
r.case("lwm-mean", "lwm", explained(), lambda x: lwm(x, mean=True), reduction="mean")
r.case("lwm-aberhu", "lwm", explained(), lambda x: lwm(x, True, True), variant="aberhu")
negative = explained()
negative["student.feature_gradients.0"] = -abs(negative["student.feature_gradients.0"])
r.case("lwm-negative", "lwm", negative)


def jacobian(x, weights=(1, 1000)):
    own, other = (F.normalize(x[f"{side}.input_gradients"].flatten(1), dim=1) for side in ("student", "teacher"))
    maps = pooled(x["student.features.0"], x["teacher.features.0"])
    q = [F.normalize(map.square().mean(1).flatten(1), dim=1) for map in maps]
    return weights[0] * (own - other).square().sum(1).mean() + weights[1] * (q[0] - q[1]).square().mean()


def hidden(batch=3, own=(5, 4, 6), other=(7, 4, 6), scale=1.0):
    return slopes(batch, scale=scale) | {
        f"{side}.features.0": r.maps(batch, *size, scale=scale) for side, size in (("student", own), ("teacher", other))}


H = "jacobian-matching"
r.case(H, H, hidden(), jacobian)
r.case(f"{H}-one-image", H, hidden(1), jacobian)
r.case(f"{H}-sizes", H, hidden(own=(4, 6, 6), other=(6, 3, 4)), jacobian)
r.case(f"{H}-large", H, hidden(scale=30), jacobian)
r.case(f"{H}-weights", H, hidden(), lambda x: jacobian(x, (2, 0.5)), jacobian_weight=2, attention_weight=0.5)
agreeing = hidden(other=(5, 4, 6))
for kind in ("features.0", "input_gradients"):
    agreeing[f"teacher.{kind}"] = agreeing[f"student.{kind}"].copy()
r.case(f"{H}-same", H, agreeing, jacobian)
flat = hidden()
flat["student.input_gradients"][1] = 0
r.case(f"{H}-flat-image", H, flat)

r.write()
