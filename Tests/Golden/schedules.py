"""Golden values of learning-rate schedules (written to schedules.safetensors). Run: python3 Tests/Golden/schedules.py

C/rates: the rate that PyTorch's schedulers give at C/epochs (epochs done at that moment, fractions within an epoch),
for a training of option total epochs. Options: base, shape (constant, multi-step with milestones and factor, cosine),
warmUp: the rate rises linearly from zero to the base over these epochs (LambdaLR), then the shape follows
(SequentialLR): a cosine takes the total − warmUp epochs that are left; milestones count from the start of the training.
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

r.write()
