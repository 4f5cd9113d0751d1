"""Methods with trained parts, for methods.py: ResNet-20 taught by ResNet-56, as a user of PyTorch would write them."""

import torch
import torch.nn as nn
import torch.nn.functional as F

WIDTHS = (16, 32, 64)


class Contrast(nn.Module):
    """CRD's heads and memories: 128 values, 50,000 rows, 16,384 negatives of other classes."""

    def __init__(self, rows=50_000, width=128, negatives=16_384):
        super().__init__()
        self.heads = nn.ModuleList([nn.Linear(64, width), nn.Linear(64, width)])
        bound = 1 / (width / 3) ** 0.5
        for name in ("student", "teacher"):
            self.register_buffer(name, (torch.rand(rows, width) * 2 - 1) * bound)
        self.rows, self.negatives, self.normalizers = rows, negatives, None

    def forward(self, _logits, _targets, own, other, indices):
        v = [F.normalize(head(x)) for head, x in zip(self.heads, (own.pooled, other.pooled))]
        chosen = torch.randint(self.rows, (len(indices), self.negatives + 1))
        chosen[:, 0] = indices
        scores = []
        for embedding, memory in ((v[0], self.teacher), (v[1], self.student)):
            rows = memory.index_select(0, chosen.flatten()).view(len(indices), self.negatives + 1, -1)
            scores.append(torch.exp(torch.bmm(rows, embedding[:, :, None]).squeeze(2) / 0.07))
        if self.normalizers is None:
            self.normalizers = [self.rows * score.mean().item() for score in scores]
        share, loss = self.negatives / self.rows, 0
        for score, z in zip(scores, self.normalizers):
            p = score / z
            loss = loss - (
                (p[:, 0] / (p[:, 0] + share + 1e-7)).log().sum()
                + (share / (p[:, 1:] + share + 1e-7)).log().sum()) / len(indices)
        with torch.no_grad():
            for memory, embedding in ((self.student, v[0]), (self.teacher, v[1])):
                memory[indices] = F.normalize((memory[indices] + embedding) / 2)
        return loss


def linear(inputs, outputs, bias=True):
    return nn.Sequential(nn.Linear(inputs, outputs, bias=bias), nn.BatchNorm1d(outputs))


class AttentionMatching(nn.Module):
    """AFD: queries of 27 blocks of the teacher, keys of 9 of the student, width 128."""

    def __init__(self, width=128):
        super().__init__()
        own, other = ([w for w in WIDTHS for _ in range(n)] for n in (3, 9))
        self.queries = nn.ModuleList(linear(w, width) for w in other)
        self.keys = nn.ModuleList(linear(w, width) for w in own)
        self.bilinear = linear(width, width * len(other))
        self.places = nn.ParameterList(nn.Parameter(torch.randn(n, width) / 8) for n in (len(other), len(own)))

    def forward(self, _logits, _targets, own, other, _indices):
        students, teachers = own.blocks, other.blocks
        query = torch.stack([layer(t.mean((2, 3))) for layer, t in zip(self.queries, teachers)], 1)
        key = torch.stack([F.relu(layer(s.mean((2, 3)))) for layer, s in zip(self.keys, students)], 1)
        batch, columns, width = key.shape
        joined = self.bilinear(key.flatten(0, 1)).view(batch, columns, len(teachers), width)
        products = torch.einsum("bijq,bjq->bji", joined, query) + self.places[0] @ self.places[1].t()
        shares = (products / width**0.5).softmax(2)
        energies = [s.pow(2).mean(1, keepdim=True) for s in students]
        pooled = {size: torch.stack([
            F.normalize(F.adaptive_avg_pool2d(e, size).flatten(1)) for e in energies], 1) for size in (32, 16, 8)}
        loss = 0
        for place, t in enumerate(teachers):
            target = F.normalize(t.pow(2).mean(1).flatten(1))
            errors = (pooled[t.shape[2]] - target[:, None]).pow(2).mean(2)
            loss = loss + (errors * shares[:, place]).sum() / batch
        return loss


class Fusion(nn.Module):
    def __init__(self, inputs, outputs, middle, fuses):
        super().__init__()
        self.reduce = nn.Sequential(nn.Conv2d(inputs, middle, 1, bias=False), nn.BatchNorm2d(middle))
        self.expand = nn.Sequential(nn.Conv2d(middle, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.attention = nn.Conv2d(2 * middle, 2, 1) if fuses else None

    def forward(self, x, deeper, size):
        x = self.reduce(x)
        if self.attention is not None:
            y = F.interpolate(deeper, x.shape[2:], mode="nearest")
            z = torch.sigmoid(self.attention(torch.cat((x, y), 1)))
            x = x * z[:, :1] + y * z[:, 1:]
        if x.shape[2] != size:
            x = F.interpolate(x, (size, size), mode="nearest")
        return self.expand(x), x


class KnowledgeReview(nn.Module):
    """Review-KD: four levels from the pooled map to the first stage, 64 channels between them."""

    def __init__(self):
        super().__init__()
        levels = (WIDTHS[-1],) + WIDTHS[::-1]
        self.fusions = nn.ModuleList(Fusion(w, w, WIDTHS[-1], place > 0) for place, w in enumerate(levels))

    def forward(self, _logits, _targets, own, other, _indices):
        def levels(tap):
            return [tap.pooled[:, :, None, None]] + tap.stages[::-1]
        loss, deeper = 0, None
        for fusion, x, target in zip(self.fusions, levels(own), levels(other)):
            made, deeper = fusion(x, deeper, target.shape[2])
            sum, weights = F.mse_loss(made, target), 1
            for power, cells in enumerate((4, 2, 1)):
                if cells < made.shape[2]:
                    sum = sum + 0.5 ** (power + 1) * F.mse_loss(
                        F.adaptive_avg_pool2d(made, cells), F.adaptive_avg_pool2d(target, cells))
                    weights += 0.5 ** (power + 1)
            loss = loss + sum / weights
        return loss


def vectors(x, count):
    """The first right singular vectors of each image's places × channels."""
    return torch.linalg.svd(x.flatten(2).transpose(1, 2), full_matrices=False)[2][:, :count].transpose(1, 2)


def aligned(x, target):
    """The student's vector, one of its first four, that lies nearest to the teacher's, turned to it."""
    candidates = vectors(x, 4)
    cosines = candidates.detach().transpose(1, 2) @ target
    best = cosines.abs() == cosines.abs().amax(1, keepdim=True)
    return (candidates @ (best * cosines.sign())).squeeze(2)


def stage_vectors(own, other):
    """The first singular vector of each stage, the student's and the teacher's."""
    with torch.no_grad():
        targets = [vectors(x, 1) for x in other.stages]
    return [aligned(x, t) for x, t in zip(own.stages, targets)], [t.squeeze(2) for t in targets]


def kdsvd(_logits, _targets, own, other, *_):
    """How the first singular vectors of neighbouring stages lie to each other; with one, its weight is 1."""
    mine, targets = stage_vectors(own, other)

    def table(v, place):
        return torch.exp((v[place + 1][:, :, None] - v[place][:, None]).pow(2) / -8)
    return sum((table(mine, place) - table(targets, place)).pow(2).sum() / len(own.pooled)
               for place in range(len(targets) - 1))


class HeadGraph(nn.Module):
    """MHGD: 8 heads between the three stages; the student's loss and the attention's own, which learns beside it."""

    # The student's gradients are limited by those of the labels.
    is_limited = True

    def __init__(self, heads=8):
        super().__init__()
        self.heads = heads
        self.parts = nn.ModuleList()
        for lower, upper in zip(WIDTHS, WIDTHS[1:]):
            width = (lower + upper) // 2
            self.parts.append(nn.ModuleDict({
                "sender": linear(upper, width * heads, False), "receiver": linear(lower, width * heads, False),
                "content": linear(lower, width, False), "output": nn.Linear(width * heads, upper)}))

    def graphs(self, part, lower, upper):
        def split(x):
            return x.view(len(x), -1, self.heads).permute(2, 0, 1)
        return split(part["sender"](upper)) @ split(part["receiver"](lower)).transpose(1, 2)

    def forward(self, _logits, _targets, own, other, _indices):
        mine, targets = stage_vectors(own, other)
        loss = 0
        for place, part in enumerate(self.parts):
            part.requires_grad_(False).eval()
            s, t = (self.graphs(part, v[place], v[place + 1]).tanh().log_softmax(2) for v in (mine, targets))
            loss = loss + (s.exp() * (s - t)).sum()
            part.requires_grad_(True).train()
            shares = self.graphs(part, targets[place], targets[place + 1]).softmax(2)
            noise = torch.randn(self.heads, len(shares[0]), 1)
            shares = shares * (noise > noise.mean(0))
            gathered = (shares @ F.relu(part["content"](targets[place]))).permute(1, 0, 2).flatten(1)
            made = F.normalize(part["output"](gathered))
            loss = loss + 1 - (made * targets[place + 1]).sum(1).mean()
        return loss
