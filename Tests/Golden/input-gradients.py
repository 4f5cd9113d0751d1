"""Methods that learn from gradients, on whole networks: second derivatives of training (written to
input-gradients.safetensors).

Run: python3 Tests/Golden/input-gradients.py

Case `networks` has the weights and statistics of two cnn2 for 16×16 images, networks/student.NAME and
networks/teacher.NAME (F16, exact), and networks/images [N, C, H, W]; labels are n mod 10. Every other case C is a
method with the texts of `options`: C/value, and C/gradient.NAME, the gradient of the term with respect to the
student's weights, of tensors with more than 1000 values the first rows. The student runs in training mode, the teacher
in evaluation mode. Case `attack` moves images from classes `base` to `targets` (Heo et al., AAAI 2019, as its code):
attack/logits and attack/probabilities. All in float64.
"""

import numpy as np
import torch
import torch.nn.functional as F
from golden import Recorder
from networks import build, recorded

BATCH, SIZE, CLASSES = 6, 16, 10
r = Recorder("input-gradients", seed=983)


def run(network, images):
    """Logits, and the map of the second convolution behind its ReLU."""
    x = F.max_pool2d(F.relu(network.bn1(network.conv1(images))), 2)
    feature = F.relu(network.bn2(network.conv2(x)))
    return network.fc(F.max_pool2d(feature, 2).mean((2, 3))), feature


student, teacher = (
    recorded(r, f"networks/{role}", build("cnn2", CLASSES, 3, SIZE, SIZE)) for role in ("student", "teacher")
)
student.train()
teacher.eval()
pixels = r.normal(BATCH, 3, SIZE, SIZE, half=True)
r.keep("networks/images", pixels)
r.declare("networks", "networks")
images = torch.from_numpy(pixels.astype(np.float64))
labels = torch.arange(BATCH) % CLASSES
assert torch.equal(run(teacher, images)[0], teacher(images))
chosen = {"label": labels, "teacher": run(teacher, images)[0].argmax(1)}


def slope(network, score, images=images):
    x = images.clone().requires_grad_()
    return torch.autograd.grad(score(run(network, x)[0]), x, create_graph=True)[0]


def sobolev(kind="label", total=False):
    def picked(logits):
        return logits.gather(1, chosen[kind][:, None]).sum()

    own, other = (F.normalize(slope(n, picked).flatten(1), dim=1) for n in (student, teacher))
    gap = (own - other.detach()).square()
    return gap.sum(1).mean() if total else gap.mean()


def attention(flip=False):
    def entropy(logits):
        return F.cross_entropy(logits, labels, reduction="sum")

    own, other = slope(student, entropy), slope(teacher, entropy).detach()
    value = (own - other).flatten(1).square().sum(1).mean() / 2
    if flip:
        mirrored = slope(student, entropy, images.flip(3)).flip(3)
        value = value + (own - mirrored).flatten(1).square().sum(1).mean() / 2
    return value


def lwm(kind="label", zoo=False):
    maps = []
    for network in (student, teacher):
        x = images.clone().requires_grad_()
        logits, feature = run(network, x)
        score = logits.gather(1, chosen[kind][:, None]).sum()
        g = torch.autograd.grad(score, feature, create_graph=True)[0]
        cam = torch.relu((g.mean((2, 3), keepdim=True) * (g if zoo else feature)).sum(1)).flatten(1)
        maps.append(F.normalize(cam, dim=1))
    gap = (maps[0] - maps[1].detach()).abs()
    return gap.mean() if zoo else gap.sum(1).mean()


def hidden(weights=(1, 1000), early=False):
    """The gradient of the attention at the teacher's most active place, and attention transfer beside it; where the
    student's map is that of the first convolution, the place right below the middle of four."""
    x = [images.clone().requires_grad_() for _ in range(2)]
    maps = [run(network, pixels)[1] for network, pixels in zip((student, teacher), x)]
    if early:
        maps[0] = F.relu(student.bn1(student.conv1(x[0])))
    best = maps[1].abs().sum(1).flatten(1).argmax(1)
    side = maps[1].shape[3]
    rows, columns = best // side, best % side
    j = []
    for map, pixels in zip(maps, x):
        finer = map.shape[3] // side
        score = map.abs().sum(1)[torch.arange(BATCH), finer * rows + finer // 2, columns * finer + finer // 2].sum()
        j.append(F.normalize(torch.autograd.grad(score, pixels, create_graph=True)[0].flatten(1), dim=1))
    maps[0] = F.adaptive_avg_pool2d(maps[0], side)
    q = [F.normalize(map.square().mean(1).flatten(1), dim=1) for map in maps]
    gap = (j[0] - j[1].detach()).square().sum(1).mean()
    return weights[0] * gap + weights[1] * (q[0] - q[1].detach()).square().mean()


weights = dict(student.named_parameters())


def case(name, method, value, *options):
    r.declare(name, method, options=list(options))
    r.keep(f"{name}/value", np.array([value.item()]))
    found = torch.autograd.grad(value, list(weights.values()), allow_unused=True)
    for key, gradient in zip(weights, found):
        gradient = torch.zeros_like(weights[key]) if gradient is None else gradient
        r.keep(f"{name}/gradient.{key}", gradient[:2] if gradient.numel() > 1000 else gradient)


case("sobolev", "sobolev", sobolev())
case("sobolev-teacher", "sobolev", sobolev("teacher", True), "class=teacher", "reduction=sum")
case("attention", "attention-transfer-gradient", attention())
case("attention-flip", "attention-transfer-gradient", attention(True), "flip=true")
case("lwm", "lwm", lwm())
case("lwm-teacher", "lwm", lwm("teacher"), "class=teacher")
case("lwm-aberhu", "lwm", lwm(zoo=True), "variant=aberhu")
case("hidden", "jacobian-matching", hidden())
case("hidden-alone", "jacobian-matching", hidden((1, 0)), "attention-weight=0")
case("hidden-early", "jacobian-matching", hidden(early=True), "layers=[conv1]", "teacher-layers=[conv2]")


def attack(base, targets, probabilities):
    x = images.clone()
    for _ in range(10):
        x.requires_grad_()
        logits = run(teacher, x)[0]
        scores = logits.softmax(1) if probabilities else logits
        gap = (scores.gather(1, base[:, None]) - scores.gather(1, targets[:, None]))[:, 0]
        g = torch.autograd.grad(-gap.sum(), x)[0]
        active = logits.argmax(1) == base
        if not active.any():
            break
        length = g.flatten(1).norm(dim=1)
        step = torch.where(active, 0.3 * (gap + 1e-4) / length, torch.zeros_like(gap)).detach()
        x = (x.detach() + step[:, None, None, None] * g).clamp(-2.5, 2.5)
    print((run(teacher, x)[0].argmax(1) == targets).tolist(), (x - images).flatten(1).norm(dim=1).tolist())
    return x


base = chosen["teacher"]
targets = (base + torch.tensor([1, 2, 3, 4, 5, 6])) % CLASSES
r.declare("attack", "attack", base=base.tolist(), targets=targets.tolist())
r.keep("attack/logits", attack(base, targets, False).detach())
r.keep("attack/probabilities", attack(base, targets, True).detach())
r.write()
