"""Times PyTorch's training step of ResNet-20 taught by ResNet-56 with single methods: batch 64 at 32×32, 100 classes, f32.

The formulas are written as a user of PyTorch would write them, vectorised, without loops over images. Each method runs
eager in the channels_last layout, PyTorch's best for these networks without compiling. Prints one JSON document.
"""

import argparse
import json
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from common import build, configure
from trained import AttentionMatching, Contrast, HeadGraph, KnowledgeReview, kdsvd

TEMPERATURE = 4


class Tap:
    """Outputs of the residual blocks and of the pooling, kept for one pass."""

    def __init__(self, network):
        self.maps = {}
        for name, module in network.named_modules():
            if name.startswith("layer") and name.count(".") <= 1:
                module.register_forward_hook(self.hook(name))

    def hook(self, name):
        def keep(_module, _inputs, output):
            self.maps[name] = output
        return keep

    @property
    def stages(self):
        return [self.maps[name] for name in ("layer1", "layer2", "layer3")]

    @property
    def blocks(self):
        return [value for name, value in self.maps.items() if "." in name]

    @property
    def pooled(self):
        return self.maps["layer3"].mean((2, 3))


def kd(logits, targets, *_):
    student = F.log_softmax(logits / TEMPERATURE, 1)
    teacher = F.softmax(targets / TEMPERATURE, 1)
    return F.kl_div(student, teacher, reduction="batchmean") * TEMPERATURE**2


def attention_transfer(_logits, _targets, own, other, *_):
    def attention(x):
        return F.normalize(x.pow(2).mean(1).flatten(1))
    return sum((attention(a) - attention(b)).pow(2).mean() for a, b in zip(own.stages, other.stages))


def nst(_logits, _targets, own, other, *_):
    loss = 0
    for a, b in zip(own.stages, other.stages):
        a, b = F.normalize(a.flatten(2), dim=2), F.normalize(b.flatten(2), dim=2)
        loss = loss + (
            (b @ b.transpose(1, 2)).pow(2).mean() + (a @ a.transpose(1, 2)).pow(2).mean()
            - 2 * (b @ a.transpose(1, 2)).pow(2).mean())
    return loss


def similarity_preserving(_logits, _targets, own, other, *_):
    def table(x):
        x = x.flatten(1)
        return F.normalize(x @ x.t())
    return (table(own.stages[-1]) - table(other.stages[-1])).pow(2).mean()


def rkd(_logits, _targets, own, other, *_):
    def distances(x):
        squares = x.pow(2).sum(1)
        table = (squares[:, None] + squares[None] - 2 * x @ x.t()).clamp(min=1e-12).sqrt()
        table = table * (1 - torch.eye(len(x)))
        return table / table[table > 0].mean()

    def angles(x):
        edges = F.normalize(x[None] - x[:, None], dim=2)
        return torch.bmm(edges, edges.transpose(1, 2))

    a, b = own.pooled, other.pooled
    with torch.no_grad():
        targets = distances(b), angles(b)
    return 25 * F.smooth_l1_loss(distances(a), targets[0]) + 50 * F.smooth_l1_loss(angles(a), targets[1])


def sobolev(logits, targets, _own, _other, images, labels):
    def direction(z, **options):
        slopes, = torch.autograd.grad(z.gather(1, labels[:, None]).sum(), images, **options)
        return F.normalize(slopes.flatten(1))
    return F.mse_loss(direction(logits, create_graph=True), direction(targets))


METHODS = {
    "kd": kd, "attention-transfer": attention_transfer, "nst": nst, "similarity-preserving": similarity_preserving,
    "rkd": rkd, "crd": Contrast, "sobolev": sobolev, "afd": AttentionMatching, "review-kd": KnowledgeReview,
    "kdsvd": kdsvd, "mhgd": HeadGraph}


def limited_descent(parameters, errors, transfer, share=0.5):
    """Gradients of the labels, and those of the method cut to a share of their norm, parameter by parameter."""
    own = torch.autograd.grad(errors, parameters, retain_graph=True)
    transfer.backward()
    reached = [place for place, p in enumerate(parameters) if p.grad is not None]
    taught, labels = [parameters[place].grad for place in reached], [own[place] for place in reached]
    limits = torch._foreach_mul(torch._foreach_norm(labels), share)
    factors = torch._foreach_div(limits, torch._foreach_add(torch._foreach_norm(taught), 1e-12))
    torch._foreach_mul_(taught, torch._foreach_clamp_max(factors, 1))
    torch._foreach_add_(taught, labels)
    for p, gradient in zip(parameters, own):
        if p.grad is None:
            p.grad = gradient


def make_step(name, options):
    """One training step with a method, ready to be taken."""
    layout = torch.channels_last
    student = build("resnet20", classes=100).to(memory_format=layout).train()
    teacher = build("resnet56", classes=100).to(memory_format=layout).eval()
    own, other = Tap(student), Tap(teacher)
    method = METHODS[name]
    method = method() if isinstance(method, type) else method
    parameters = list(student.parameters()) + (list(method.parameters()) if isinstance(method, nn.Module) else [])
    optimizer = torch.optim.SGD(parameters, lr=1e-4, momentum=0.9, nesterov=True, weight_decay=5e-4, fused=True)
    images = torch.randn(options.batch, 3, 32, 32).to(memory_format=layout)
    # Gradients with respect to the images need the teacher's pass on the tape, though not its weights.
    slopes = method is sobolev
    images.requires_grad_(slopes)
    teacher.requires_grad_(False)
    labels, indices = torch.arange(options.batch) % 100, torch.arange(options.batch)

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits = student(images)
        with torch.set_grad_enabled(slopes):
            targets = teacher(images)
        extras = (images, labels) if slopes else (indices,)
        errors, transfer = F.cross_entropy(logits, labels), 1e-3 * method(logits, targets, own, other, *extras)
        loss = errors + transfer
        if getattr(method, "is_limited", False):
            limited_descent(list(student.parameters()), errors, transfer)
        else:
            loss.backward()
        optimizer.step()
        return loss

    return step


def timed(step, count):
    """Seconds of steps, after one that warms the caches that another method has filled."""
    step()
    durations = []
    for _ in range(count):
        start = time.perf_counter()
        loss = step().item()
        durations.append(time.perf_counter() - start)
    assert loss == loss, "the loss is not a number"
    return durations


def run(name, plain, options):
    """Steps with a method, in turns with plain KD's."""
    step = make_step(name, options)
    for _ in range(options.warm_up):
        step()
    own, reference = [], []
    for _ in range(options.rounds):
        reference += timed(plain, options.steps)
        own += timed(step, options.steps)
    return {"method": name, "images_per_second": options.batch / statistics.median(own),
            "median_step_seconds": statistics.median(own),
            "time_over_kd": statistics.median(own) / statistics.median(reference)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", action="append", choices=tuple(METHODS), help="a method (default: all)")
    parser.add_argument("--steps", type=int, default=3, help="timed steps of a turn (default: 3)")
    parser.add_argument("--rounds", type=int, default=4, help="turns of each method and plain KD (default: 4)")
    parser.add_argument("--warm-up", type=int, default=3, help="steps before timing starts (default: 3)")
    parser.add_argument("--threads", type=int, default=2, help="threads (default: 2)")
    parser.add_argument("--batch", type=int, default=64, help="images per step (default: 64)")
    options = parser.parse_args()
    configure(options.threads)
    plain = make_step("kd", options)
    for _ in range(options.warm_up):
        plain()
    rows = []
    for name in options.method or METHODS:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows.append(run(name, plain, options))
    print(json.dumps({"methods": rows, "batch": options.batch, "rounds": options.rounds, "steps": options.steps,
                      "threads": options.threads, "torch": torch.__version__}, indent=2))


if __name__ == "__main__":
    main()
