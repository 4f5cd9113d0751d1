"""What the generators of distillation losses share.

A file of losses holds cases. Case C has its inputs as C/in/NAME (F32 or I64, PyTorch's axis order, names as in the
contract of `kdscope loss`), float64 gradients C/gradient/NAME for every student tensor and parameter, and an entry in the
JSON text `__metadata__["cases"]`: {C: {"op": method, "options": {"options": [texts KEY=VALUE], "terms": [names], "values": [numbers], "loss":
number, "finite-only": bool}}}. Cases that are only asked to stay finite have no golden values: PyTorch's own are not
finite there, or depend on rounding.

Each formula is written in PyTorch from the definition, in float64, never from the Swift code.
"""

import numpy as np
import torch
from golden import Recorder


class LossRecorder(Recorder):
    def case(self, case, method, inputs, function=None, **options):
        """Records one case of a loss.

        `inputs` maps names to arrays (float32 or int64). `function` takes the inputs as a dict of float64 (or int64)
        tensors and gives the loss, or a dict of terms that add up to it; None asks only for finite answers. An input of
        -inf is a class that is masked: the function gets -1e30 there, which has the same probability, 0, and no 0 * inf.
        """
        texts = [f"{key.replace('_', '-')}={str(value).lower() if isinstance(value, bool) else value}"
                 for key, value in options.items()]
        leaves = {}
        for name, value in inputs.items():
            value = np.asarray(value)
            assert value.dtype in (np.float32, np.int64), (name, value.dtype)
            self.keep(f"{case}/in/{name}", value)
            if value.dtype == np.float32:
                value = np.where(np.isneginf(value), np.float32(-1e30), value)
            leaf = torch.from_numpy(value.astype(np.float64) if value.dtype == np.float32 else value)
            differentiated = name.startswith(("student.", "parameters."))
            leaves[name] = leaf.requires_grad_() if differentiated and value.dtype == np.float32 else leaf
        if function is None:
            self.declare(case, method, **{"options": texts, "finite-only": True})
            return
        result = function(leaves)
        terms = result if isinstance(result, dict) else {}
        loss = sum(result.values()) if terms else result
        assert loss.dtype == torch.float64 and torch.isfinite(loss), case
        asked = [name for name, leaf in leaves.items() if leaf.requires_grad]
        found = torch.autograd.grad(loss, [leaves[name] for name in asked], allow_unused=True)
        for name, gradient in zip(asked, found):
            gradient = torch.zeros_like(leaves[name]) if gradient is None else gradient
            assert torch.isfinite(gradient).all(), (case, name)
            self.keep(f"{case}/gradient/{name}", gradient)
        self.declare(case, method, **{
            "options": texts, "finite-only": False, "loss": loss.item(), "terms": list(terms),
            "values": [value.item() for value in terms.values()]})

    def logits(self, batch, classes, scale=2.0):
        return self.normal(batch, classes, scale=scale)

    def masked(self, inputs, sides, value, suffix="logits"):
        """The same with a class of each image masked by `value` in the logits of the given sides; the first class among them."""
        result = dict(inputs)
        for place, name in enumerate(sorted(name for name in inputs if name.split(".")[-1] == suffix)):
            if name.split(".")[0].removeprefix("further-").removesuffix("s") not in sides:
                continue
            logits = inputs[name].copy()
            # Which class is a matter of the image, so that both sides mask the same one.
            for image, row in enumerate(logits):
                row[0 if image % 2 == 0 else (3 * image + 1) % len(row)] = value
            result[name] = logits
        return result

    def certain(self, inputs):
        """A teacher that is sure of one class of each image, the label of every second one."""
        result = dict(inputs)
        for name in inputs:
            if name.startswith("teacher") and name.endswith("logits"):
                result[name] = np.zeros_like(inputs[name])
                for image, row in enumerate(result[name]):
                    label = inputs["labels"][image % len(inputs["labels"])] if "labels" in inputs else image
                    row[(label + image % 2) % len(row)] = 100
        return result

    def cold(self, inputs):
        """Logits of which some lie close together near 300, the others near 0: divided by 0.05 they are in the thousands."""
        result = dict(inputs)
        for name in inputs:
            if name.endswith("logits"):
                near = self.random.random(inputs[name].shape) < 0.5
                near[:, 1] = True
                result[name] = np.where(near, 300 + self.normal(*inputs[name].shape, scale=0.05), inputs[name]).astype("f4")
        return result

    def labels(self, batch, classes):
        return self.random.integers(0, classes, batch)

    def maps(self, *shape, scale=1.0, relu=True, dead=()):
        """A feature map [B, C, H, W], after a ReLU unless told; `dead` channels are zero everywhere."""
        values = self.normal(*shape, scale=scale)
        values = np.maximum(values, np.float32(0)) if relu else values
        for channel in dead:
            values[:, channel] = 0
        return values
