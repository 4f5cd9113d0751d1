"""Pillow's operations as strong views use them (multi-level logit distillation, CVPR 2023).

    C/pixels    U8 [H, W, C]
    C/image     U8 [H, W, C], what the operation of the option `operation` makes of it with the option `strength`;
                for cut-outs the options side, x and y are in pixels
"""

import json

import numpy as np
import PIL
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from golden import HERE, write

SEED = 47
random = np.random.Generator(np.random.PCG64(SEED))
tensors, cases = {}, {}


def picture(height, width, channels, low=0, high=255):
    """Slopes and noise within limits."""
    rows, columns = np.mgrid[0:height, 0:width]
    layers = [
        low + (high - low) * (0.5 + 0.4 * np.sin(rows / (2 + c) + columns / (3 + 2 * c)))
        + random.normal(0, 9, (height, width)) for c in range(channels)]
    pixels = np.clip(np.stack(layers, -1), low, high).astype(np.uint8)
    return pixels


def as_image(pixels):
    return Image.fromarray(pixels if pixels.shape[2] == 3 else pixels[..., 0])


def add(name, operation, pixels, function, **options):
    image = np.asarray(function(as_image(pixels)))
    tensors[f"{name}/pixels"] = pixels
    tensors[f"{name}/image"] = image if image.ndim == 3 else image[..., None]
    cases[name] = {"op": operation, "options": options}


def affine(*numbers):
    return lambda image: image.transform(image.size, Image.Transform.AFFINE, numbers)


def operations(height, width):
    yield "autocontrast", 0.5, ImageOps.autocontrast
    yield "equalize", 0.5, ImageOps.equalize
    yield "identity", 0.5, lambda image: image
    for strength in (0.05, 0.4, 0.95):
        yield "brightness", strength, lambda image, s=strength: ImageEnhance.Brightness(image).enhance(s)
        yield "colour", strength, lambda image, s=strength: ImageEnhance.Color(image).enhance(s)
        yield "contrast", strength, lambda image, s=strength: ImageEnhance.Contrast(image).enhance(s)
        yield "sharpness", strength, lambda image, s=strength: ImageEnhance.Sharpness(image).enhance(s)
    for strength in (4.0, 6.7, 8.0):
        yield "posterize", strength, lambda image, s=strength: ImageOps.posterize(image, int(s))
    for strength in (0.0, 97.3, 256.0):
        yield "solarize", strength, lambda image, s=strength: ImageOps.solarize(image, s)
    for strength in (-30.0, -7.3, 0.0, 21.9):
        yield "rotate", strength, lambda image, s=strength: image.rotate(s)
    for strength in (-0.3, 0.123, 0.2871):
        yield "shear-x", strength, affine(1, strength, 0, 0, 1, 0)
        yield "shear-y", strength, affine(1, 0, 0, strength, 1, 0)
        yield "translate-x", strength, affine(1, 0, strength * width, 0, 1, 0)
        yield "translate-y", strength, affine(1, 0, 0, 0, 1, strength * height)


for height, width, channels in [(16, 20, 3), (12, 17, 1)]:
    for operation, strength, function in operations(height, width):
        pixels = picture(height, width, channels, *((40, 180) if operation == "autocontrast" else (0, 255)))
        add(f"{operation}-{strength}-of-{channels}", operation, pixels, function, strength=strength)
add("equalize-flat", "equalize", np.full((6, 5, 3), 90, np.uint8), ImageOps.equalize, strength=0.0)
add("autocontrast-flat", "autocontrast", np.full((6, 5, 3), 90, np.uint8), ImageOps.autocontrast, strength=0.0)


def cut_out(side, x, y):
    def function(image):
        if side <= 0:
            return image
        width, height = image.size
        left, top = int(max(0, x - side / 2)), int(max(0, y - side / 2))
        corner = (left, top, min(width, left + side), min(height, top + side))
        image = image.copy()
        ImageDraw.Draw(image).rectangle(corner, (125, 123, 114) if image.mode == "RGB" else 123)
        return image

    return function


for place, (side, x, y) in enumerate([(11.3, 16.2, 9.7), (15.9, 1.2, 31.4), (0.0, 5.0, 5.0), (3.2, 23.9, 0.1)]):
    for channels in (1, 3):
        add(f"cut-out-{place}-of-{channels}", "cut-out", picture(32, 24, channels), cut_out(side, x, y),
            side=side, x=x, y=y)

metadata = {"cases": json.dumps(cases, separators=(",", ":")), "generator": "Tests/Golden/strong-views.py", "seed": str(SEED),
            "pillow": PIL.__version__, "numpy": np.__version__}
write(HERE / "strong-views.safetensors", tensors, metadata)
