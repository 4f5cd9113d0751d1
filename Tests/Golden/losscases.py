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
        tensors and gives the loss, or a dict of terms that add up to it; None asks only for finite answers.
        """
        texts = [f"{key.replace('_', '-')}={str(value).lower() if isinstance(value, bool) else value}"
                 for key, value in options.items()]
        leaves = {}
        for name, value in inputs.items():
            value = np.asarray(value)
            assert value.dtype in (np.float32, np.int64), (name, value.dtype)
            self.keep(f"{case}/in/{name}", value)
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

    def labels(self, batch, classes):
        return self.random.integers(0, classes, batch)

    def maps(self, *shape, scale=1.0, relu=True, dead=()):
        """A feature map [B, C, H, W], after a ReLU unless told; `dead` channels are zero everywhere."""
        values = self.normal(*shape, scale=scale)
        values = np.maximum(values, np.float32(0)) if relu else values
        for channel in dead:
            values[:, channel] = 0
        return values
