"""Golden values of second derivatives (written to second-derivatives.safetensors).

Run: python3 Tests/Golden/second-derivatives.py

Each case is a loss of sources C/input.K (the first is the image batch, then weights and biases in order), with C/vector.K
and C/product.K, the Hessian of the loss times the vectors of all sources at once, and C/loss. Weights are [O, I, H, W],
images [N, C, H, W]. Option labels. Option network says what is computed:

mlp-relu, mlp-tanh         linear, activation, linear, cross-entropy
cnn                        convolution, batch norm (training), ReLU, pooling, convolution with stride, batch norm, ReLU,
                           global average, linear, cross-entropy; pooling is maximum or average by option pooling
softened                   KL of softened logits against given ones (constant C/target), option temperature
normalized                 layer norm of a linear map, group norm of a convolution, cross-entropy
"""

import torch
import torch.nn.functional as F
from golden import Recorder

r = Recorder("second-derivatives", seed=314)


def product(case, network, values, loss, labels, target=None, **options):
    sources = [torch.from_numpy(value).double().requires_grad_() for value in values]
    vectors = [r.normal(*value.shape) for value in values]
    r.declare(case, "hessian-vector-product", network=network, labels=labels, **options)
    value = loss(*sources)
    slopes = torch.autograd.grad(value, sources, create_graph=True)
    total = sum((slope * torch.from_numpy(vector).double()).sum() for slope, vector in zip(slopes, vectors))
    products = torch.autograd.grad(total, sources, allow_unused=True)
    r.keep(f"{case}/loss", value)
    if target is not None:
        r.keep(f"{case}/target", target)
    for place, (value, vector, found) in enumerate(zip(values, vectors, products)):
        r.keep(f"{case}/input.{place}", value)
        r.keep(f"{case}/vector.{place}", vector)
        r.keep(f"{case}/product.{place}", torch.zeros(value.shape).double() if found is None else found)


def mlp(activation, labels):
    def loss(x, w1, b1, w2, b2):
        hidden = F.linear(x, w1, b1)
        assert hidden.abs().min() > 1e-4
        return F.cross_entropy(F.linear(activation(hidden), w2, b2), torch.tensor(labels))
    return loss


def mlp_values(batch, width, hidden, classes):
    return [r.normal(batch, width), r.normal(hidden, width, scale=0.5), r.normal(hidden, scale=0.3),
            r.normal(classes, hidden, scale=0.5), r.normal(classes, scale=0.3)]


for name, batch in (("", 6), ("-one", 1)):
    labels = [k % 4 for k in range(batch)]
    product(f"mlp-relu{name}", "mlp-relu", mlp_values(batch, 7, 9, 4), mlp(F.relu, labels), labels)
    product(f"mlp-tanh{name}", "mlp-tanh", mlp_values(batch, 7, 9, 4), mlp(torch.tanh, labels), labels)


def cnn(pooling, labels):
    def loss(x, w1, b1, a1, s1, w2, a2, s2, w3, b3):
        y = F.relu(F.batch_norm(F.conv2d(x, w1, b1, padding=1), None, None, a1, s1, training=True))
        y = (F.max_pool2d if pooling == "maximum" else F.avg_pool2d)(y, 2, stride=2, padding=1)
        y = F.relu(F.batch_norm(F.conv2d(y, w2, stride=2, padding=1), None, None, a2, s2, training=True))
        return F.cross_entropy(F.linear(y.mean((2, 3)), w3, b3), torch.tensor(labels))
    return loss


for name, pooling, batch, height, width in (
    ("cnn-maximum", "maximum", 3, 7, 6), ("cnn-average", "average", 3, 6, 8), ("cnn-one", "maximum", 1, 6, 5),
):
    labels = [k % 3 for k in range(batch)]
    values = [
        r.normal(batch, 2, height, width), r.normal(4, 2, 3, 3, scale=0.4), r.normal(4, scale=0.2),
        r.normal(4, scale=0.2, shift=1), r.normal(4, scale=0.2, shift=0.3), r.normal(5, 4, 3, 3, scale=0.3),
        r.normal(5, scale=0.2, shift=1), r.normal(5, scale=0.2, shift=0.3), r.normal(3, 5, scale=0.5), r.normal(3)]
    product(name, "cnn", values, cnn(pooling, labels), labels, pooling=pooling)

target = r.normal(4, 5, scale=2)


def softened(x, w):
    teacher = torch.from_numpy(target).double()
    return 9 * F.kl_div((F.linear(x, w) / 3).log_softmax(1), (teacher / 3).softmax(1), reduction="batchmean")


product("softened", "softened", [r.normal(4, 6), r.normal(5, 6)], softened, [], target=target, temperature=3)


def normalized(x, w1, a1, s1, w2, a2, s2):
    y = torch.tanh(F.group_norm(F.conv2d(x, w1, padding=1), 2, a1, s1))
    y = F.layer_norm(F.linear(y.mean((2, 3)), w2), (6,), a2, s2)
    return F.cross_entropy(y, torch.tensor([1, 5]))


product(
    "normalized", "normalized",
    [r.normal(2, 3, 5, 4), r.normal(4, 3, 3, 3, scale=0.4), r.normal(4, scale=0.2, shift=1), r.normal(4, scale=0.2),
     r.normal(6, 4), r.normal(6, scale=0.2, shift=1), r.normal(6, scale=0.2)], normalized, [1, 5])

r.write(layout="NCHW")
