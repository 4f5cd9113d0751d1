"""Golden values of optimisers and gradient clipping (written to optimizers.safetensors).

Run: python3 Tests/Golden/optimizers.py

Ops `sgd`, `adam` and `adamw`: parameters C/initial.P, five steps S = 0 … 4 with given gradients C/gradient.S.P, and the
parameters after each step, C/value.S.P. Options: groups, each with the places of its parameters, learningRate,
weightDecay; momentum, nesterov; beta1, beta2, epsilon. Computed in float64 by torch.optim.

Ops `clip-global-norm` and `clip-value`: C/input.K, C/output.K, option limit; C/norm is the global norm before.
"""

import torch
from golden import Recorder

r = Recorder("optimizers", seed=309)
SHAPES = [(4, 3), (5,), (2, 2, 3), (1,)]
STEPS = 5


def optimizer(case, op, groups, **options):
    values = [r.normal(*shape) for shape in SHAPES]
    parameters = [torch.from_numpy(value).double().requires_grad_() for value in values]
    given = [
        {"params": [parameters[place] for place in group["parameters"]], "lr": group["learningRate"],
         "weight_decay": group["weightDecay"]} for group in groups]
    if op == "sgd":
        chosen = torch.optim.SGD(given, momentum=options["momentum"], nesterov=options["nesterov"])
    else:
        rule = torch.optim.AdamW if op == "adamw" else torch.optim.Adam
        chosen = rule(given, betas=(options["beta1"], options["beta2"]), eps=options["epsilon"])
    r.declare(case, op, groups=groups, **options)
    for place, value in enumerate(values):
        r.keep(f"{case}/initial.{place}", value)
    for step in range(STEPS):
        for place, parameter in enumerate(parameters):
            gradient = r.normal(*SHAPES[place], scale=0.5)
            r.keep(f"{case}/gradient.{step}.{place}", gradient)
            parameter.grad = torch.from_numpy(gradient).double()
        chosen.step()
        for place, parameter in enumerate(parameters):
            r.keep(f"{case}/value.{step}.{place}", parameter.detach().clone())


def group(places, learning_rate, weight_decay=0.0):
    return {"parameters": places, "learningRate": learning_rate, "weightDecay": weight_decay}


everything = list(range(len(SHAPES)))
one = [group(everything, 0.1)]
decayed = [group(everything, 0.1, 5e-4)]
two = [group([0, 2], 0.1, 5e-4), group([1, 3], 0.02)]
strong = [group([0, 1], 0.05, 0.1), group([2, 3], 0.2, 0.01)]
for name, groups in (("one", one), ("decay", decayed), ("two-groups", two), ("strong-decay", strong)):
    for kind, momentum, nesterov in (("plain", 0.0, False), ("momentum", 0.9, False), ("nesterov", 0.9, True)):
        optimizer(f"sgd-{kind}-{name}", "sgd", groups, momentum=momentum, nesterov=nesterov)
standard = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
optimizer("adam", "adam", [group(everything, 1e-3)], **standard)
optimizer("adam-fast", "adam", [group(everything, 0.05)], **standard)
optimizer("adam-decay", "adam", [group(everything, 0.01, 0.1)], **standard)
optimizer("adam-two-groups", "adam", [group([0, 2], 0.01, 5e-4), group([1, 3], 0.002)], **standard)
optimizer("adam-other-betas", "adam", [group(everything, 0.01)], beta1=0.5, beta2=0.9, epsilon=1e-3)

for case, scale, limit in (("far-above", 3, 1.0), ("below", 0.01, 1.0), ("above", 1, 4.5)):
    tensors = [r.normal(*shape, scale=scale) for shape in SHAPES]
    for op in ("clip-global-norm", "clip-value"):
        bound = limit if op == "clip-global-norm" else limit / 4
        r.declare(f"{op}-{case}", op, limit=bound)
        gradients = [torch.zeros(value.shape, dtype=torch.float64) for value in tensors]
        for tensor, value in zip(gradients, tensors):
            tensor.grad = torch.from_numpy(value).double()
        if op == "clip-global-norm":
            r.keep(f"{op}-{case}/norm", torch.nn.utils.clip_grad_norm_(gradients, bound))
        else:
            torch.nn.utils.clip_grad_value_(gradients, bound)
        for place, (tensor, value) in enumerate(zip(gradients, tensors)):
            r.keep(f"{op}-{case}/input.{place}", value)
            r.keep(f"{op}-{case}/output.{place}", tensor.grad)

optimizer("adamw", "adamw", [group(everything, 0.01, 0.01)], **standard)
optimizer("adamw-strong", "adamw", [group(everything, 0.05, 0.5)], **standard)
optimizer("adamw-two-groups", "adamw", [group([0, 2], 0.01, 0.1), group([1, 3], 0.002)], **standard)

r.write()
