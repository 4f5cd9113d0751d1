"""PNG and JPEG files with the pixels that Pillow decodes (from 16 bits: the high bytes that were packed), and scaled
and cropped ones.

    C/file      U8, the bytes of the file
    C/pixels    U8 [H, W, C]
    C/image     U8 [height, width, channels], where the case has these options: the largest centred part of the
                picture's pixels with the image's proportions, by Pillow's resize(BILINEAR, box)
"""

import io
import json
import struct
import zlib

import numpy as np
import PIL
from PIL import Image

from golden import HERE, write

random = np.random.Generator(np.random.PCG64(41))
tensors, cases = {}, {}


def smooth(height, width, channels):
    """A picture with slopes and noise, none of whose symmetries hides a swap of axes."""
    rows, columns = np.mgrid[0:height, 0:width]
    layers = [
        110 + 90 * np.sin(rows / (3 + c) + columns / (5 + 2 * c)) + random.normal(0, 12, (height, width))
        for c in range(channels)]
    return np.clip(np.stack(layers, -1), 0, 255).astype(np.uint8)


def add(name, data, pixels, sizes=(), **options):
    tensors[f"{name}/file"] = np.frombuffer(data, np.uint8)
    tensors[f"{name}/pixels"] = pixels if pixels.ndim == 3 else pixels[..., None]
    cases[name] = {"op": "decode", "options": options}
    for height, width in sizes:
        h, w = pixels.shape[:2]
        scale = min(h / height, w / width)
        left, top = (w - width * scale) / 2, (h - height * scale) / 2
        box = (left, top, left + width * scale, top + height * scale)
        image = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR, box=box))
        case = f"{name}-to-{height}x{width}"
        tensors[f"{case}/pixels"] = tensors[f"{name}/pixels"]
        tensors[f"{case}/image"] = image if image.ndim == 3 else image[..., None]
        cases[case] = {"op": "fit", "options": {"height": height, "width": width}}


def saved(picture, form, **options):
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def decoded(data):
    return np.asarray(Image.open(io.BytesIO(data)))


def png(rows, width, height, depth, kind, interlace=0):
    """A PNG of filter-0 rows, for what Pillow does not write."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlace)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


grey, rgb = smooth(9, 14, 1)[..., 0], smooth(11, 7, 3)
add("png-grey", saved(Image.fromarray(grey), "PNG"), grey, [(5, 8), (8, 5), (20, 31), (9, 9)])
add("png-rgb", saved(Image.fromarray(rgb), "PNG"), rgb, [(4, 3), (6, 6), (22, 14), (30, 9)])
bits = Image.fromarray((grey > 110).astype(np.uint8) * 255).convert("1")
add("png-one-bit", saved(bits, "PNG"), np.asarray(bits).astype(np.uint8) * 255)
palette = Image.fromarray(rgb).quantize(11)
add("png-palette", saved(palette, "PNG"), np.asarray(palette.convert("RGB")))
palette.info["transparency"] = 3
add("png-palette-transparent", saved(palette, "PNG", transparency=3), np.asarray(palette.convert("RGB")))
alpha = np.concatenate([rgb, smooth(11, 7, 1)], -1)
add("png-alpha", saved(Image.fromarray(alpha), "PNG"), rgb)
add("png-grey-alpha", saved(Image.merge("LA", [Image.fromarray(grey), Image.fromarray(grey.T.reshape(9, 14))]), "PNG"), grey)
deep = random.integers(0, 65536, (5, 6, 3), np.uint16)
add("png-rgb-16", png([r.astype(">u2").tobytes() for r in deep], 6, 5, 16, 2), (deep >> 8).astype(np.uint8))
add("png-grey-16", png([r.astype(">u2").tobytes() for r in deep[..., 0]], 6, 5, 16, 0), (deep[..., 0] >> 8).astype(np.uint8))
# Adam7: the seven passes of a grey picture, written by hand.
passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
rows = [row.tobytes() for y, x, dy, dx in passes for row in grey[y::dy, x::dx] if row.size]
add("png-interlaced", png(rows, 14, 9, 8, 0, 1), grey)
photo = smooth(21, 34, 3)
for name, picture, options in [
    ("jpeg-rgb", photo, {"quality": 90}), ("jpeg-full-colour", photo, {"quality": 85, "subsampling": 0}),
    ("jpeg-progressive", photo, {"quality": 80, "progressive": True}), ("jpeg-grey", photo[..., 1], {"quality": 70}),
]:
    data = saved(Image.fromarray(picture), "JPEG", **options)
    add(name, data, decoded(data), [(16, 16), (7, 30)] if name == "jpeg-rgb" else [])
exif = Image.Exif()
exif[0x0112] = 6
data = saved(Image.fromarray(photo), "JPEG", exif=exif)
add("jpeg-turned-by-exif", data, decoded(data))

write(HERE / "pictures.safetensors", tensors, {
    "generator": "Tests/Golden/pictures.py", "seed": "41", "pillow": PIL.__version__, "numpy": np.__version__,
    "cases": json.dumps(cases)})
