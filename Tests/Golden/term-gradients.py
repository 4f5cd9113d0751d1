"""Cosines and norms of the gradients of loss terms (written to term-gradients.safetensors).

Run: python3 Tests/Golden/term-gradients.py

Student and teacher are cnn2 for 16×16 images; C/student.NAME and C/teacher.NAME are their weights and statistics (F16,
exact), C/images [N, C, H, W] and labels n mod 10. The student runs in training mode, the teacher in evaluation mode.
C/values: cross-entropy with the labels, and softened logits (`kd`, option temperature). C/gradients has a row for each
of option groups: cosine of both gradients, norm of kd's, norm of the labels', over all trainable weights (`all`) and
over those of each first part of a name. All in float64.
"""

import numpy as np
import torch
import torch.nn.functional as F
from golden import Recorder
from networks import build, recorded

BATCH, SIZE, CLASSES, TEMPERATURE = 6, 16, 10, 4
r = Recorder("term-gradients", seed=977)


student, teacher = (
    recorded(r, f"kd/{role}", build("cnn2", CLASSES, 3, SIZE, SIZE)) for role in ("student", "teacher")
)
student.train()
teacher.eval()
pixels = r.normal(BATCH, 3, SIZE, SIZE, half=True)
r.keep("kd/images", pixels)
images = torch.from_numpy(pixels.astype(np.float64))

logits = student(images)
with torch.no_grad():
    wanted = teacher(images)
cross_entropy = F.cross_entropy(logits, torch.arange(BATCH) % CLASSES)
log_p, log_q = F.log_softmax(logits / TEMPERATURE, 1), F.log_softmax(wanted / TEMPERATURE, 1)
kd = TEMPERATURE**2 * (log_q.exp() * (log_q - log_p)).sum(1).mean()

names = [name for name, _ in student.named_parameters()]
weights = [weight for _, weight in student.named_parameters()]
of_labels = torch.autograd.grad(cross_entropy, weights, retain_graph=True)
of_kd = torch.autograd.grad(kd, weights)
groups = ["all"] + list(dict.fromkeys(name.split(".")[0] for name in names))
rows = []
for group in groups:
    inside = [i for i, name in enumerate(names) if group in ("all", name.split(".")[0])]
    a = torch.cat([of_kd[i].flatten() for i in inside])
    b = torch.cat([of_labels[i].flatten() for i in inside])
    rows.append([(a @ b / a.norm() / b.norm()).item(), a.norm().item(), b.norm().item()])
    print(group, rows[-1])
r.declare("kd", "term-gradients", groups=groups, temperature=TEMPERATURE)
r.keep("kd/values", np.array([cross_entropy.item(), kd.item()]))
r.keep("kd/gradients", np.array(rows))
r.write()
