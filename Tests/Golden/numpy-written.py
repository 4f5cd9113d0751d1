"""Writes numpy-written.npz with numpy.savez: the arrays that NumPyWriterTests builds again. Their .npy files lie inside, so
one file holds both writers against numpy's own bytes.

Run: python3 Tests/Golden/numpy-written.py        writes the file
     python3 Tests/Golden/numpy-written.py FILE   prints what numpy reads in FILE (.npy or .npz)
Recorded with numpy 2.4.6 and Python 3.11's zipfile.
"""

import sys
from pathlib import Path

import numpy as np

if len(sys.argv) > 1:
    found = np.load(sys.argv[1], allow_pickle=False)
    for name, array in found.items() if hasattr(found, "items") else [("array", found)]:
        print(name, array.dtype, array.shape, array.ravel().tolist()[:8])
    sys.exit()

arrays = {
    "logits": (np.arange(30, dtype=np.float32).reshape(3, 10) / 8 - 1),
    "double": np.array([0.1, -1e300, np.inf]),
    "half": np.array([1.5, -0.0, 6e-8, 65504], dtype=np.float16),
    "scalar": np.array(-7, dtype=np.int64),
    "empty": np.zeros((2, 0, 5), dtype=np.float32),
    "mask": np.array([[True], [False]]),
    "bytes": np.array([0, 127, 255], dtype=np.uint8),
    "shorts": np.array([-32768, 32767], dtype=np.int16),
    "layer1/é.weight": np.arange(24, dtype=np.int32).reshape(2, 3, 2, 2),
    "eight.dimensions": np.ones((1, 1, 1, 1, 1, 1, 1, 123456), dtype=np.int8)[..., :3],
}
path = Path(__file__).resolve().with_suffix(".npz")
np.savez(path, **arrays)
print(path.name, path.stat().st_size, "bytes")
