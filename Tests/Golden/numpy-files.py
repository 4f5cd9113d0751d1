"""Files as NumPy writes them, and the arrays in them in C order.

    C/file      U8, the bytes of the .npy file
    C/values    the array (numbers as int64 or float64; of complex ones pairs)

`archive-stored`, `archive-deflated` and `archive-zip64` are .npz files with the arrays `images` and `labels`, and one of
Python objects, `bad`; their values are in `archive/images` and `archive/labels`.
"""

import io
import json
import zipfile

import numpy as np
from numpy.lib import format as npy

from golden import HERE, write

random = np.random.Generator(np.random.PCG64(47))
tensors, cases = {}, {}


def values(array):
    if array.dtype.kind == "c":
        return np.stack([array.real, array.imag], -1).astype(np.float64)
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


def add(name, data, array):
    tensors[f"{name}/file"] = np.frombuffer(data, np.uint8)
    tensors[f"{name}/values"] = np.ascontiguousarray(values(array))
    cases[name] = {"op": "array", "options": {"shape": list(array.shape)}}


def saved(array, version=None):
    buffer = io.BytesIO()
    npy.write_array(buffer, array, version=version)
    return buffer.getvalue()


for code in ["<f4", ">f4", "<f8", ">f8", "<f2", ">f2", "<i8", ">i8", "<i4", ">i4", "<i2", ">i2", "|i1", "|u1", "<u2",
             ">u2", "<u4", ">u4", "<u8", ">u8", "|b1", "<c8", ">c8"]:
    kind = np.dtype(code)
    numbers = random.normal(0, 50, (2, 3))
    array = (numbers > 0 if code == "|b1" else numbers + 1j * numbers[::-1] if kind.kind == "c"
             else np.abs(numbers) if kind.kind == "u" else numbers).astype(kind)
    add(code[1:] + {"<": "-little", ">": "-big", "|": ""}[code[0]], saved(array), array)
for version in [(1, 0), (2, 0), (3, 0)]:
    array = np.arange(4, dtype="<i4")
    add(f"version-{version[0]}", saved(array, version), array)
for name, shape in [("scalar", ()), ("one", (1,)), ("empty", (2, 0, 3)), ("long", (2, 1, 3, 1, 2))]:
    array = random.normal(size=shape).astype("<f4") if shape else np.array(2.5, "<f4")
    add(name, saved(array), array)
for code in ["<i2", ">f8"]:
    array = np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype(code))
    add("fortran-" + code[1:], saved(array), array)
# Python 2 wrote long numbers, and its headers were aligned to 16 bytes.
header = b"{'descr': '<i4', 'fortran_order': False, 'shape': (3L,), }"
header += b" " * (-(10 + len(header) + 1) % 16) + b"\n"
array = np.arange(3, dtype="<i4")
add("python-2", b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header + array.tobytes(), array)

images, labels = random.integers(0, 256, (5, 4, 6, 3)).astype(np.uint8), np.array([1, 0, 2, 1, 0], np.int64)
for name, method, wide in [("stored", zipfile.ZIP_STORED, False), ("deflated", zipfile.ZIP_DEFLATED, False),
                           ("zip64", zipfile.ZIP_DEFLATED, True)]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for key, data in [("bad", np.array([None, {}], object)), ("images", images), ("labels", labels)]:
            info = zipfile.ZipInfo(f"{key}.npy")
            info.compress_type = method
            with archive.open(info, "w", force_zip64=wide) as file:
                npy.write_array(file, data)
    tensors[f"archive-{name}/file"] = np.frombuffer(buffer.getvalue(), np.uint8)
    cases[f"archive-{name}"] = {"op": "archive", "options": {}}
buffer = io.BytesIO()
np.savez_compressed(buffer, images=images, labels=labels)
tensors["archive-savez/file"] = np.frombuffer(buffer.getvalue(), np.uint8)
cases["archive-savez"] = {"op": "archive", "options": {}}
tensors["archive/images"], tensors["archive/labels"] = images, labels

write(HERE / "numpy-files.safetensors", tensors, {
    "generator": "Tests/Golden/numpy-files.py", "seed": "47", "numpy": np.__version__, "cases": json.dumps(cases)})
