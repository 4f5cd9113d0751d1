"""torchvision's colour changes and its rule for random resized crops, with draws that the test repeats.

    brightness, contrast, saturation, hue: input.0 F32 [N, H, W, C] in [0, 1]; option factor; output float64
    jitter: as above, with options order and factors (brightness, contrast, saturation, hue)
    window: options height, width, least, draws (uniform numbers in the order in which they are asked for), and what
        torchvision's RandomResizedCrop.get_params makes of them: top, left, rows, columns
    resized-crop: pixels U8 [H, W, C], options top, left, rows, columns, height, width, image U8 [height, width, C],
        by torchvision's resized_crop of a Pillow picture
    padding: pixels U8 [H, W, C], option padding (constant, edge, reflect), image U8 [H + 2P, W + 2P, C]
"""

import json

import numpy as np
import torch

library = torch.library.Library("torchvision", "DEF")
library.define("nms(Tensor a, Tensor b, float c) -> Tensor")
library.define("qnms(Tensor a, Tensor b, float c, Tensor d) -> Tensor")
import torchvision
from PIL import Image
from torchvision.transforms import InterpolationMode, RandomResizedCrop
from torchvision.transforms import functional as F

from golden import HERE, write

SEED = 43
random = np.random.Generator(np.random.PCG64(SEED))
tensors, cases = {}, {}


def images(channels, dtype=np.float32):
    values = random.uniform(0, 1, (2, 5, 8, channels)).astype(dtype)
    # Greys, black, white, primaries and equal maxima: where the conversion to hue divides by zero or is ambiguous.
    special = [[0, 0, 0], [1, 1, 1], [.5, .5, .5], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [.25, .75, .75]]
    if channels == 3:
        values[0, 0] = special
    return values


def add(name, operation, images, function, **options):
    tensors[f"{name}/input.0"] = images
    result = function(torch.from_numpy(images).double().permute(0, 3, 1, 2))
    tensors[f"{name}/output"] = result.permute(0, 2, 3, 1).contiguous().numpy()
    cases[name] = {"op": operation, "options": options}


OPERATIONS = {
    "brightness": F.adjust_brightness, "contrast": F.adjust_contrast, "saturation": F.adjust_saturation,
    "hue": F.adjust_hue}
FACTORS = {"brightness": [0.3, 1.7], "contrast": [0.2, 1.9], "saturation": [0.0, 1.6], "hue": [-0.5, -0.13, 0.3]}
for channels in [1, 3]:
    for operation, factors in FACTORS.items():
        for factor in factors:
            add(f"{operation}-{factor}-of-{channels}", operation, images(channels),
                lambda x, o=operation, f=factor: OPERATIONS[o](x, f), factor=factor)

for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]]:
    factors = [1.3, 0.6, 1.4, -0.2]

    def jitter(x, order=order, factors=factors):
        for index in order:
            x = list(OPERATIONS.values())[index](x, factors[index])
        return x
    add("jitter-" + "".join(map(str, order)), "jitter", images(3), jitter, order=order, factors=factors)

draws = iter(())
torch.Tensor.uniform_ = lambda self, low, high: self.fill_(low + (high - low) * next(draws))
torch.randint = lambda low, high, size=None: torch.tensor([low + int(next(draws) * (high - low))])
for height, width, least in [(32, 32, 0.08), (24, 60, 0.3), (61, 20, 0.9), (8, 200, 0.99), (200, 8, 0.99), (7, 9, 0.5)]:
    for trial in range(4):
        used = [round(float(value), 6) for value in random.uniform(0, 1, 24)]
        draws = iter(used)
        top, left, rows, columns = RandomResizedCrop.get_params(
            torch.zeros(3, height, width), scale=[least, 1.0], ratio=[3 / 4, 4 / 3])
        cases[f"window-{height}x{width}-{trial}"] = {"op": "window", "options": {
            "height": height, "width": width, "least": least, "draws": used, "window": [top, left, rows, columns]}}

for name, shape, window, size in [
    ("down", (20, 31, 3), (3, 5, 15, 22), (8, 11)), ("up", (9, 14, 3), (1, 2, 6, 5), (9, 14)),
    ("grey", (16, 10, 1), (0, 3, 16, 7), (12, 12)), ("whole", (9, 7, 3), (0, 0, 9, 7), (9, 7)),
]:
    pixels = random.integers(0, 256, shape, np.uint8)
    picture = Image.fromarray(pixels if shape[2] == 3 else pixels[..., 0])
    image = np.asarray(F.resized_crop(picture, *window, list(size), InterpolationMode.BILINEAR))
    tensors[f"crop-{name}/pixels"], tensors[f"crop-{name}/image"] = pixels, image.reshape(*size, shape[2])
    cases[f"crop-{name}"] = {"op": "resized-crop", "options": {"window": list(window)}}

for mode in ["constant", "edge", "reflect"]:
    for channels, border in [(3, 3), (1, 4)]:
        pixels = random.integers(0, 256, (6, 9, channels), np.uint8)
        image = F.pad(torch.from_numpy(pixels).permute(2, 0, 1), [border] * 4, padding_mode=mode)
        name = f"padding-{mode}-{border}"
        tensors[f"{name}/pixels"], tensors[f"{name}/image"] = pixels, image.permute(1, 2, 0).contiguous().numpy()
        cases[name] = {"op": "padding", "options": {"padding": mode, "border": border}}

write(HERE / "augmentation.safetensors", tensors, {
    "generator": "Tests/Golden/augmentation.py", "seed": str(SEED), "torch": torch.__version__,
    "torchvision": torchvision.__version__, "numpy": np.__version__, "cases": json.dumps(cases)})
