"""Golden values of learning-rate schedules (written to schedules.safetensors). Run: python3 Tests/Golden/schedules.py

C/rates: the rate that PyTorch's schedulers give at C/epochs (epochs done at that moment, fractions within an epoch),
for a training of option total epochs. Options: base, shape (constant, multi-step with milestones and factor, cosine),
warmUp: the rate rises linearly from zero to the base over these epochs (LambdaLR), then the shape follows
(SequentialLR): a cosine and a polynomial take the total − warmUp epochs that are left, step and exponential count from
the end of the warm-up; milestones count from the start of the training.

Op `plateau`: C/losses, a development loss for each epoch, and C/rates, the rate after each (ReduceLROnPlateau).
"""

import numpy as np
import torch
from torch.optim import lr_scheduler as schedulers
from golden import Recorder

r = Recorder("schedules", seed=310)


def schedule(case, base, shape, warm_up=0, total=30, steps_per_epoch=1, **options):
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=base)
    warm, steps = warm_up * steps_per_epoch, total * steps_per_epoch
    if shape == "constant":
        after = schedulers.LambdaLR(optimizer, lambda step: 1.0)
    elif shape == "multi-step":
        milestones = [at * steps_per_epoch - warm for at in options["milestones"]]
        after = schedulers.MultiStepLR(optimizer, milestones, gamma=options["factor"])
    elif shape == "step":
        after = schedulers.StepLR(optimizer, options["every"] * steps_per_epoch, gamma=options["factor"])
    elif shape == "exponential":
        after = schedulers.ExponentialLR(optimizer, gamma=options["factor"])
    elif shape == "polynomial":
        after = schedulers.PolynomialLR(optimizer, total_iters=steps - warm, power=options["power"])
    else:
        after = schedulers.CosineAnnealingLR(optimizer, T_max=steps - warm)
    scheduler = after
    if warm:
        rising = schedulers.LambdaLR(optimizer, lambda step: step / warm)
        scheduler = schedulers.SequentialLR(optimizer, [rising, after], milestones=[warm])
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    r.declare(case, "schedule", base=base, shape=shape, warmUp=warm_up, total=total, **options)
    r.keep(f"{case}/epochs", np.arange(steps) / steps_per_epoch)
    r.keep(f"{case}/rates", np.array(rates, np.float64))


schedule("constant", 0.05, "constant")
schedule("constant-warm", 0.05, "constant", warm_up=5)
schedule("multi-step", 0.1, "multi-step", milestones=[15, 22, 27], factor=0.1)
schedule("multi-step-half", 0.2, "multi-step", milestones=[3, 4, 20], factor=0.5)
schedule("multi-step-warm", 0.1, "multi-step", warm_up=3, milestones=[10, 20], factor=0.1)
schedule("cosine", 0.1, "cosine")
schedule("cosine-warm", 0.1, "cosine", warm_up=5)
schedule("cosine-four-steps", 0.1, "cosine", steps_per_epoch=4)
schedule("cosine-warm-four-steps", 0.4, "cosine", warm_up=2, steps_per_epoch=4, total=12)
schedule("step", 0.1, "step", every=7, factor=0.1)
schedule("step-warm-four-steps", 0.1, "step", warm_up=3, steps_per_epoch=4, every=5, factor=0.3)
schedule("exponential", 0.1, "exponential", factor=0.9)
schedule("exponential-warm", 0.1, "exponential", warm_up=2, factor=0.8)
schedule("linear", 0.1, "polynomial", power=1.0)
schedule("polynomial-four-steps", 0.1, "polynomial", steps_per_epoch=4, power=0.9)
schedule("polynomial-warm", 0.1, "polynomial", warm_up=4, power=2.0)


def plateau(case, base, losses, factor=0.1, patience=10, threshold=1e-4, cooldown=0, minimum_rate=0.0):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base)
    scheduler = schedulers.ReduceLROnPlateau(
        optimizer, factor=factor, patience=patience, threshold=threshold, cooldown=cooldown, min_lr=minimum_rate)
    rates = []
    for loss in losses:
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    r.declare(
        case, "plateau", base=base, factor=factor, patience=patience, threshold=threshold, cooldown=cooldown,
        minimumRate=minimum_rate)
    r.keep(f"{case}/losses", np.asarray(losses, np.float64))
    r.keep(f"{case}/rates", np.array(rates, np.float64))


falling = [float(loss) for loss in np.exp(-np.arange(40) / 12) + r.uniform(40, low=0, high=0.2)]
plateau("plateau", 0.1, [1.0] * 40)
plateau("plateau-noisy", 0.1, falling, factor=0.5, patience=2)
plateau("plateau-cooldown", 0.1, falling, factor=0.5, patience=1, cooldown=3)
plateau("plateau-no-patience", 0.1, falling, factor=0.7, patience=0, minimum_rate=0.01)
plateau("plateau-threshold", 0.1, [0.99**epoch for epoch in range(40)], factor=0.5, patience=3, threshold=0.05)
plateau("plateau-just-better", 0.1, [0.9998**epoch for epoch in range(40)], factor=0.5, patience=3)
plateau("plateau-tiny-falls", 2e-8, [1.0] * 12, factor=0.6, patience=1)

r.write()
