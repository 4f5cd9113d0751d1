"""Golden values of the published descent on pixel-wise entropies (written to entropy.safetensors).

Run: python3 Tests/Golden/entropy.py

A tiny network, conv 3x3 (+ bias), on one image; sigma per cell of a grid, nearest-neighbour upsampled to the image;
plain SGD on MSE(relu f(x + sigma eps), relu f(x)) / s_f - lambda * mean H, sigma clamped in place before each use,
noise in pixels of [0, 1], added before normalisation. Inputs: image (normalised), weight, bias, unit noise of step 0
(for s_f) and of every further step, [steps + 1, draws, C, H, W]. `sigmas` holds sigma of every step as it was used,
`output` the entropies of the kept iterate, the one whose mean is nearest to the target.
"""

import math

import torch
import torch.nn.functional as F
from golden import Recorder

r = Recorder("entropy", seed=523)


def descend(image, weight, bias, noise, *, grid, rate, factor, steps, extra, low, high, start, target, deviation, boost):
    scale = 1 / torch.tensor(deviation, dtype=torch.float64).reshape(1, -1, 1, 1)
    size = image.shape[-1]
    clean = F.conv2d(image, weight, bias, padding=1).relu()

    def feature(sigma, unit):
        up = F.interpolate(sigma.expand(unit.shape[0], 1, grid, grid), size=size, mode="nearest")
        return F.conv2d(image + up * unit * scale, weight, bias, padding=1).relu()

    sigma = torch.nn.Parameter(torch.full((1, 1, grid, grid), start, dtype=torch.float64))
    with torch.no_grad():
        s_f = F.mse_loss(feature(sigma, noise[0]), clean.expand(noise.shape[1], -1, -1, -1))
    optimizer = torch.optim.SGD([sigma], lr=rate)
    sigmas, means = [], []
    for step in range(1, steps + extra + 1):
        if step == steps + 1:
            if max(means) > target:
                break
            factor *= boost
        sigma.data.clamp_(low, high)
        sigmas.append(sigma.detach().clone())
        mean = torch.log(sigma).mean() + 0.5 * math.log(2 * math.pi) + 0.5
        means.append(mean.item())
        moved = feature(sigma, noise[step])
        loss = F.mse_loss(moved, clean.expand(moved.shape[0], -1, -1, -1)) / s_f - factor * mean
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    best = min(range(len(means)), key=lambda i: abs(means[i] - target))
    entropies = torch.log(sigmas[best]) + 0.5 * math.log(2 * math.pi) + 0.5
    return torch.cat(sigmas).reshape(len(sigmas), -1), entropies.reshape(-1)


# name: sides of image and grid, rate, target; `stays` reaches its target in time, `goes-on` needs the further steps,
# `bound` runs into both bounds.
for name, size, grid, rate, target, low, high in (
    ("stays", 8, 4, 1e-4, -2.9, 0.001, 1), ("goes-on", 8, 4, 1e-4, -1.5, 0.001, 1),
    ("uneven-grid", 7, 4, 1e-4, -3.0, 0.001, 1), ("bound", 8, 4, 4e-4, -2.8, 0.009, 0.02),
):
    steps, extra, draws = 6, 3, 5
    deviation = [0.25, 0.5, 0.2]
    weight = r.normal(4, 3, 3, 3, scale=0.4)
    weight[:, :, :, 0] *= 4
    inputs = [r.normal(1, 3, size, size), weight, r.normal(4, scale=0.3),
              r.normal(steps + extra + 1, draws, 3, size, size)]
    options = {"grid": grid, "rate": rate, "factor": 7.0, "steps": steps, "extra": extra, "low": low, "high": high,
               "start": 0.01, "target": target, "boost": 1.5, "deviation": deviation}
    sigmas, entropies = descend(*(torch.from_numpy(value).double() for value in inputs), **options)
    r.declare(name, "published-descent", **options)
    for place, value in enumerate(inputs):
        r.keep(f"{name}/input.{place}", value)
    r.keep(f"{name}/sigmas", sigmas)
    r.keep(f"{name}/output", entropies)

r.write()
