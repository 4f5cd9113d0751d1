"""Golden values of decompositions of matrices (written to decompositions.safetensors).

Run: python3 Tests/Golden/decompositions.py

`singular-values`, `left-vectors` [B, R, K], `right-vectors` [B, C, K] of matrices [B, R, C]; `low-rank`: U₁ s₁ V₁ᵀ, of
the first pair alone. `eigenvalues` and `eigenvectors` of X + Xᵀ. `solution` of A X = B. Vectors have their entry of
largest magnitude positive: in V for singular vectors.
"""

import torch
from golden import Recorder

r = Recorder("decompositions", seed=313)


def signs(vectors):
    """±1 for each column, [B, 1, K]."""
    place = vectors.detach().abs().argmax(-2, keepdim=True)
    return vectors.detach().gather(-2, place).sign()


def svd(x):
    u, s, vt = torch.linalg.svd(x, full_matrices=False)
    v = vt.mT
    sign = signs(v)
    return u * sign, s, v * sign


def low_rank(x):
    u, s, v = svd(x)
    return u[..., :1] * s[..., None, :1] @ v[..., :1].mT


for shape in ((3, 5, 3), (2, 3, 6), (1, 4, 4), (2, 1, 5), (2, 6, 1), (1, 12, 8)):
    name = "x".join(map(str, shape))
    matrices = r.normal(*shape)
    r.add(f"singular-values-{name}", "singular-values", [matrices], lambda x: svd(x)[1])
    r.add(f"left-vectors-{name}", "left-vectors", [matrices], lambda x: svd(x)[0])
    r.add(f"right-vectors-{name}", "right-vectors", [matrices], lambda x: svd(x)[2])
    r.add(f"low-rank-{name}", "low-rank", [matrices], low_rank)
for shape in ((3, 4, 4), (1, 1, 1), (2, 7, 7)):
    name = "x".join(map(str, shape[:2]))
    matrices = r.normal(*shape)
    r.add(f"eigenvalues-{name}", "eigenvalues", [matrices], lambda x: torch.linalg.eigh(x + x.mT)[0])

    def vectors(x):
        v = torch.linalg.eigh(x + x.mT)[1]
        return v * signs(v)

    r.add(f"eigenvectors-{name}", "eigenvectors", [matrices], vectors)
for shape, columns in (((3, 4, 4), 2), ((1, 1, 1), 3), ((2, 6, 6), 1)):
    name = "x".join(map(str, shape[:2])) + f"-{columns}"
    r.add(f"solution-{name}", "solution", [r.normal(*shape), r.normal(*shape[:2], columns)], torch.linalg.solve)

r.write()
