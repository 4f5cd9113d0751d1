"""Golden values of the whole of SemCKD: attention, projectors and loss in training mode (written to semckd.safetensors).

Run: python3 Tests/Golden/semckd.py. After the definitions in Chen et al., AAAI 2021, section 3, and their released code.
Names of parameters are those of the method; features are `student.I` and `teacher.J` in NCHW.
"""

import torch
import torch.nn.functional as F
from golden import Recorder

torch.set_num_threads(1)
r = Recorder("semckd", seed=407)

BATCH = 8
STUDENT = [(4, 6, 6), (5, 3, 4)]
TEACHER = [(3, 6, 6), (6, 4, 3), (2, 2, 2)]

leaves = {}
for side, shapes in (("student", STUDENT), ("teacher", TEACHER)):
    for place, shape in enumerate(shapes):
        leaves[f"{side}.{place}"] = r.normal(BATCH, *shape).clip(0)
width = BATCH // 4
for part, count in (("query", len(STUDENT)), ("key", len(TEACHER))):
    for place in range(count):
        for layer, (inputs, outputs) in enumerate(((BATCH, 2 * width), (2 * width, width))):
            name = f"attention.{part}.{place}.{layer}"
            leaves[f"{name}.weight"] = r.normal(outputs, inputs, scale=0.3)
            leaves[f"{name}.bias"] = r.normal(outputs, scale=0.3)
for i, (inputs, *_) in enumerate(STUDENT):
    for j, (outputs, *_) in enumerate(TEACHER):
        middle = 2 * outputs
        sizes = ((inputs, middle, 1), (middle, middle, 3), (middle, outputs, 1))
        for layer, (a, b, kernel) in enumerate(sizes):
            name = f"projector.{i}.{j}"
            leaves[f"{name}.conv{layer + 1}.weight"] = r.normal(b, a, kernel, kernel, scale=0.4)
            if layer < 2:
                leaves[f"{name}.bn{layer + 1}.weight"] = 1 + r.normal(b, scale=0.2)
                leaves[f"{name}.bn{layer + 1}.bias"] = r.normal(b, scale=0.2)

x = {name: torch.from_numpy(value).double().requires_grad_(not name.startswith("teacher"))
     for name, value in leaves.items()}


def embedded(maps, part):
    vectors = []
    for place, features in enumerate(maps):
        flat = features.flatten(1)
        hidden = flat @ flat.T
        for layer in range(2):
            prefix = f"attention.{part}.{place}.{layer}"
            hidden = F.linear(hidden, x[f"{prefix}.weight"], x[f"{prefix}.bias"])
            hidden = F.relu(hidden) if layer == 0 else hidden
        vectors.append(F.normalize(hidden, dim=1))
    return torch.stack(vectors, 1)


def projected(features, i, j):
    prefix = f"projector.{i}.{j}"
    for layer in range(3):
        features = F.conv2d(features, x[f"{prefix}.conv{layer + 1}.weight"], padding="same")
        if layer < 2:
            scale, shift = (x[f"{prefix}.bn{layer + 1}.{kind}"] for kind in ("weight", "bias"))
            features = F.relu(F.batch_norm(features, None, None, scale, shift, training=True))
    return features


own, other = ([x[f"{side}.{place}"] for place in range(len(shapes))]
              for side, shapes in (("student", STUDENT), ("teacher", TEACHER)))
shares = (embedded(own, "query") @ embedded(other, "key").transpose(1, 2)).softmax(2)
loss = 0
for i, s in enumerate(own):
    for j, t in enumerate(other):
        size = [min(a, b) for a, b in zip(s.shape[2:], t.shape[2:])]
        a, b = (F.adaptive_avg_pool2d(value, size) for value in (s, t))
        loss = loss + (shares[:, i, j] * (projected(a, i, j) - b).square().mean((1, 2, 3))).sum()
loss = loss / (BATCH * len(own))

names = [name for name, leaf in x.items() if leaf.requires_grad]
for name, value in leaves.items():
    r.keep(f"in/{name}", value)
for name, gradient in zip(names, torch.autograd.grad(loss, [x[name] for name in names])):
    r.keep(f"gradient/{name}", gradient)
r.keep("loss", loss.detach().reshape(1))
r.write()
