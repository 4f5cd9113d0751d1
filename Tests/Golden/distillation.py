"""Golden values of distillation methods (written to distillation.safetensors).

Run: python3 Tests/Golden/distillation.py

`feature-l2`: inputs student and teacher feature, mean squared error over all elements; with a third input, the weight
of a projection without bias that is applied to the student's feature: [O, I, 1, 1] to maps, [O, I] to vectors. The
teacher's feature is a constant. Softened logits (`kd`) are in losses.py.
"""

import torch.nn.functional as F
from golden import Recorder

r = Recorder("distillation", seed=311)


def error(student, teacher, weight=None):
    if weight is None:
        return F.mse_loss(student, teacher)
    projected = F.conv2d(student, weight) if weight.dim() == 4 else F.linear(student, weight)
    return F.mse_loss(projected, teacher)


for kind, student, teacher, scale in (
    ("map", (3, 5, 4, 4), (3, 5, 4, 4), 1), ("vector", (4, 6), (4, 6), 1),
    ("map-one-image", (1, 5, 4, 4), (1, 5, 4, 4), 1), ("map-large", (3, 5, 4, 4), (3, 5, 4, 4), 30),
    ("map-projected", (3, 5, 4, 4), (3, 7, 4, 4), 1), ("vector-projected", (4, 6), (4, 9), 1),
):
    inputs = [r.normal(*student, scale=scale), r.normal(*teacher, scale=scale)]
    if student != teacher:
        inputs.append(r.normal(teacher[1], student[1], *([1, 1] if len(student) == 4 else []), scale=0.4))
    r.add(f"feature-l2-{kind}", "feature-l2", inputs, error, constants=(1,))

r.write()
