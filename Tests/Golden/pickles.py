"""CIFAR's Python version in small: batches and names as Python 2 and 3 pickle them.

    C/file      U8, the bytes of the pickle
    C/data      U8 [N, 3072] of a batch
    C/labels    I64, of the key that the case's options name

`python2-…` have Python 2's strings and NumPy 1's module names, as the archives of 2009 have; the others are what
pickle.dump of Python 3 writes of the same dictionary.
"""

import io
import json
import pickle

import numpy as np

from golden import HERE, write

random = np.random.Generator(np.random.PCG64(61))
tensors, cases = {}, {}


class Python2(pickle._Pickler):
    """Bytes and texts as Python 2's cPickle wrote its strings, protocol 2."""

    dispatch = dict(pickle._Pickler.dispatch)

    def __init__(self, file):
        super().__init__(file, protocol=2)

    def save_string(self, value):
        data = value if isinstance(value, bytes) else value.encode()
        head = b"U" + bytes([len(data)]) if len(data) < 256 else b"T" + len(data).to_bytes(4, "little")
        self.write(head + data)
        self.memoize(value)

    dispatch[bytes] = dispatch[str] = save_string

    def save_global(self, value, name=None):
        module = value.__module__.replace("numpy._core", "numpy.core")
        self.write(b"c" + module.encode() + b"\n" + (name or value.__name__).encode() + b"\n")
        self.memoize(value)

    dispatch[type] = save_global
    dispatch[type(np.zeros)] = save_global


def python2(value):
    buffer = io.BytesIO()
    Python2(buffer).dump(value)
    return buffer.getvalue()


def add(name, data, batch=None, key=""):
    tensors[f"{name}/file"] = np.frombuffer(data, np.uint8)
    if batch is not None:
        tensors[f"{name}/data"] = batch["data"]
        tensors[f"{name}/labels"] = np.array(batch[key], np.int64)
    cases[name] = {"op": "batch" if batch else "names", "options": {"key": key}}


def batch(count, **labels):
    names = [f"image_s_{index:06d}.png" for index in range(count)]
    return {"batch_label": "training batch 1 of 5", "data": random.integers(0, 256, (count, 3072), np.uint8), **labels,
            "filenames": names}


def as_bytes(value):
    if isinstance(value, dict):
        return {as_bytes(k): as_bytes(v) for k, v in value.items()}
    if isinstance(value, list):
        return [as_bytes(v) for v in value]
    return value.encode() if isinstance(value, str) else value


ten = batch(3, labels=[6, 0, 9])
hundred = batch(2, coarse_labels=[19, 3], fine_labels=[99, 0])
meta = {"num_cases_per_batch": 10000, "label_names": [f"thing {index}" for index in range(10)], "num_vis": 3072}
hundred_meta = {"fine_label_names": [f"fine_{i}" for i in range(100)], "coarse_label_names": [f"kind_{i}" for i in range(20)]}
add("python2-10", python2(ten), ten, "labels")
add("python2-100-fine", python2(hundred), hundred, "fine_labels")
add("python2-100-coarse", python2(hundred), hundred, "coarse_labels")
add("python2-meta", python2(meta))
add("python2-100-meta", python2(hundred_meta))
for protocol in range(2, 6):
    add(f"protocol-{protocol}", pickle.dumps(ten, protocol), ten, "labels")
    add(f"protocol-{protocol}-bytes", pickle.dumps(as_bytes(ten), protocol), ten, "labels")
    add(f"protocol-{protocol}-meta", pickle.dumps(meta, protocol))
write(HERE / "pickles.safetensors", tensors, {
    "generator": "Tests/Golden/pickles.py", "seed": "61", "numpy": np.__version__, "cases": json.dumps(cases)})
