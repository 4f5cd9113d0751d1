"""Checkpoints as PyTorch users save them, with the tensors that they hold. Run: python3 Tests/Golden/foreign-files.py

Writes the files to Tests/Golden/foreign/ and what is in them to foreign-files.safetensors: tensor `FILE|NAME` holds
the contiguous values of NAME (after the common prefix that our reader strips) in FILE, in the file's own type, for those
types that safetensors has. `__metadata__` entry `FILE` is a JSON object: `format`, `key`, `prefix`, `skipped` (paths of
what is no tensor), `names` in order. A file of Tests/Golden/foreign/ without such an entry must be refused.
"""

import argparse
import collections
import json
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

FOLDER = Path(__file__).parent / "foreign"
expected: dict[str, torch.Tensor] = {}
facts: dict[str, str] = {}


def seeded(*shape, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    values = torch.randn(shape, generator=generator)
    return values.to(dtype) if dtype.is_floating_point else (values * 50).to(dtype)


def tensors_of(state):
    return {name: value for name, value in state.items() if isinstance(value, torch.Tensor)}


def note(name, state, kind, key=None, prefix="", skipped=()):
    """Writes down what a file holds."""
    for tensor, value in tensors_of(state).items():
        value = value.detach().resolve_conj().resolve_neg().contiguous().clone()
        expected[f"{name}|{tensor.removeprefix(prefix)}"] = value
    facts[name] = json.dumps({
        "format": kind, "key": key, "prefix": prefix or None, "skipped": list(skipped),
        "names": [tensor.removeprefix(prefix) for tensor in tensors_of(state)]})


def both(name, content, state, key=None, prefix="", skipped=(), protocols=(2,)):
    """One content in both layouts."""
    for protocol in protocols:
        mark = "" if protocol == 2 else f"-protocol{protocol}"
        for layout, zipped, ending in (("zip", True, "pth"), ("legacy", False, "pt")):
            file = f"{name}{mark}-{layout}.{ending}"
            torch.save(content, FOLDER / file, _use_new_zipfile_serialization=zipped, pickle_protocol=protocol)
            note(file, state, f"pytorch-{layout}", key, prefix, skipped)


def rezip(source, target, method=zipfile.ZIP_STORED, change=lambda name, data: data, keep=lambda name: True):
    """The same records, or some of them, in an archive that zipfile wrote."""
    with zipfile.ZipFile(FOLDER / source) as old, zipfile.ZipFile(FOLDER / target, "w", method) as new:
        for entry in filter(lambda entry: keep(entry.filename), old.infolist()):
            new.writestr(zipfile.ZipInfo(entry.filename), change(entry.filename, old.read(entry)), method)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(3, 4, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(4)
        self.fc = torch.nn.Linear(4, 5)

    def forward(self, x):
        return self.fc(self.bn1(self.conv1(x)).relu().mean((2, 3)))


def main():
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    torch.manual_seed(0)
    net = Net()
    state = net.state_dict()

    both("state-dict", state, state, protocols=(2, 4))
    both("plain-dict", dict(state), state)
    both("parameters", {n: torch.nn.Parameter(p.detach()) for n, p in net.named_parameters()}, dict(net.named_parameters()))
    for prefix in ("module.", "_orig_mod.", "model.", "backbone.", "module._orig_mod."):
        content = collections.OrderedDict((prefix + n, v) for n, v in state.items())
        both("prefix-" + prefix.replace(".", "-").strip("-"), content, content, prefix=prefix)

    # Every type, and every way a tensor may lie in its storage.
    types = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
             torch.uint8, torch.bool]
    content = {f"a.{str(t).split('.')[1]}": seeded(3, 2, seed=i, dtype=t) for i, t in enumerate(types)}
    both("types", content, content)
    newer = {f"a.{str(t).split('.')[1]}": seeded(3, 2, seed=i).abs().mul(10).to(t)
             for i, t in enumerate([torch.uint16, torch.uint32, torch.uint64, torch.float8_e4m3fn, torch.float8_e5m2])}
    torch.save(newer, FOLDER / "newer-types-zip.pth")
    note("newer-types-zip.pth", newer, "pytorch-zip")
    base = seeded(6, 5, 4, seed=9)
    views = {
        "transposed": base.transpose(0, 2), "sliced": base[1:5:2, ::3], "offset": base[3:], "expanded": base[:1, :1].expand(3, 4, 4),
        "channels_last": seeded(2, 3, 4, 4, seed=3).to(memory_format=torch.channels_last), "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3), "one": torch.ones(1),
    }
    both("views", views, views)
    tied = seeded(4, 3, seed=1)
    tied_state = {"embedding.weight": tied, "head.weight": tied, "head.bias": tied[0]}
    both("tied", tied_state, tied_state)
    deep = {"w": seeded(*([1] * 20), 2, 3, seed=5)}
    both("rank-22", deep, deep)

    # What training scripts put beside the weights.
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    net(torch.randn(2, 3, 8, 8)).sum().backward()
    optimizer.step()
    state = net.state_dict()
    beside = {
        "epoch": 7, "best_acc1": 91.5, "arch": "resnet20", "args": argparse.Namespace(lr=0.1, layers=[3, 4]),
        "optimizer": optimizer.state_dict(), "history": np.linspace(0, 1, 4), "best": np.float64(0.9), "count": np.int64(3),
        "shape": torch.Size([1, 2]), "device": torch.device("cpu"), "dtype": torch.float16, "names": {"a", "b"},
        "big": 1 << 70, "bytes": b"ab", "complex": 1 + 2j, "none": None, "flags": (True, False), "counter": collections.Counter("aab"),
    }
    for key in ("state_dict", "model_state_dict", "model", "net", "network", "params", "weights", "ema"):
        content = {**beside, key: state} if key in ("state_dict", "model_state_dict") else {"epoch": 3, key: state}
        skipped = ("args", "history", "best", "count") if "args" in content else ()
        both("training-" + key, content, state, key=key, skipped=skipped)
    lightning = {
        "epoch": 3, "global_step": 100, "pytorch-lightning_version": "2.4.0",
        "state_dict": collections.OrderedDict(("model." + n, v) for n, v in state.items()),
        "optimizer_states": [optimizer.state_dict()], "lr_schedulers": [], "hparams_name": "kwargs",
        "hyper_parameters": {"lr": 0.1, "net": argparse.Namespace(depth=20)}, "loops": {"fit_loop": {"state_dict": {}}},
        "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(0.9)}},
    }
    both("lightning", lightning, lightning["state_dict"], key="state_dict", prefix="model.", skipped=("hyper_parameters.net", "callbacks.ModelCheckpoint.best_model_score"))
    nested = {"backbone": dict(state), "head": {"weight": seeded(2, 2), "bias": seeded(2, seed=4)}}
    joined = {f"backbone.{n}": v for n, v in state.items()} | {"head.weight": nested["head"]["weight"], "head.bias": nested["head"]["bias"]}
    both("nested", {"model": nested}, joined, key="model")
    data_parallel = {"state_dict": collections.OrderedDict(("module." + n, v) for n, v in state.items()), "best_prec1": 91.7}
    both("data-parallel", data_parallel, data_parallel["state_dict"], key="state_dict", prefix="module.")

    # Whole modules: their classes are not here, and are not needed. The old layout would store PyTorch's source.
    def without_source(_):
        raise OSError("left out")
    torch.serialization.get_source_lines_and_file = without_source
    both("whole-module", net, state)
    sequential = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU(), torch.nn.Linear(2, 2))
    both("whole-sequential", sequential, sequential.state_dict())
    both("module-in-dict", {"epoch": 1, "model": net}, state, key="model")

    net.eval()
    # The code in them that is PyTorch's, and the source that it came from, are left out: weights need neither.
    for name, script in ("traced.pt", torch.jit.trace(net, torch.zeros(1, 3, 8, 8))), ("scripted.pt", torch.jit.script(net)):
        script.save(FOLDER / "whole.pt")
        rezip("whole.pt", name, keep=lambda entry: not entry.endswith(".debug_pkl") and "/__torch__/torch/" not in entry)
        (FOLDER / "whole.pt").unlink()
        note(name, state, "torchscript")

    # The same archive as other tools write it.
    rezip("state-dict-zip.pth", "deflated.pth", zipfile.ZIP_DEFLATED)
    note("deflated.pth", state_of("state-dict-zip.pth"), "pytorch-zip")
    rezip("state-dict-zip.pth", "rezipped.pth")
    note("rezipped.pth", state_of("state-dict-zip.pth"), "pytorch-zip")

    def swapped(name, data):
        if name.endswith("/byteorder"):
            return b"big"
        if "/data/" in name:
            width = 8 if len(data) == 8 else 4
            return np.frombuffer(data, f"<u{width}").astype(f">u{width}").tobytes()
        return data
    rezip("state-dict-zip.pth", "big-endian.pth", change=swapped)
    note("big-endian.pth", state_of("state-dict-zip.pth"), "pytorch-zip")

    # safetensors in shards, and NumPy archives.
    names = list(state)
    shards = {"model-00001-of-00002.safetensors": names[:3], "model-00002-of-00002.safetensors": names[3:]}
    for file, part in shards.items():
        save_file({n: state[n].contiguous() for n in part}, FOLDER / file, {"format": "pt"})
    index = {"metadata": {"total_size": sum(v.nbytes for v in state.values())},
             "weight_map": {n: f for f, part in shards.items() for n in part}}
    (FOLDER / "model.safetensors.index.json").write_text(json.dumps(index, indent=2))
    note("model.safetensors.index.json", state, "safetensors-sharded")
    for file, part in shards.items():
        note(file, {n: state[n] for n in part}, "safetensors")
    arrays = {n: v.numpy() for n, v in state.items()}
    np.savez(FOLDER / "arrays.npz", **arrays)
    note("arrays.npz", state, "npz")
    np.savez_compressed(FOLDER / "compressed.npz", **{"module." + n: v for n, v in arrays.items()})
    note("compressed.npz", {"module." + n: v for n, v in state.items()}, "npz", prefix="module.")

    # Tensors that are no weights, beside them, and weights beside which there is another map.
    torch.save({"state_dict": state, "queue": seeded(4, 4), "shadow_params": [seeded(3), seeded(2)]}, FOLDER / "beside-tensors.pth")
    note("beside-tensors.pth", state, "pytorch-zip", key="state_dict", skipped=("queue", "shadow_params"))
    torch.save({**state, "epoch": 3, "extra": {"class_weights": torch.ones(10)}}, FOLDER / "weights-at-the-top.pth")
    note("weights-at-the-top.pth", state, "pytorch-zip")
    torch.save({"params": {"lr": torch.tensor(0.1)}, "my_net": state}, FOLDER / "map-of-numbers.pth")
    note("map-of-numbers.pth", state, "pytorch-zip", key="my_net", skipped=("params.lr",))
    means = {"mean": torch.zeros(3), "std": torch.ones(3)}
    torch.save({"state_dict": means, "net": state}, FOLDER / "few-under-a-usual-name.pth")
    note("few-under-a-usual-name.pth", state, "pytorch-zip", key="net")

    # Copies of a network beside it, two in one map, and several in a list.
    copy = {name: value + 1 for name, value in state.items()}
    torch.save({**state, "epoch": 3, "ema_state": copy}, FOLDER / "copy-beside.pth")
    note("copy-beside.pth", state, "pytorch-zip")
    torch.save({**state, "x": copy, "y": copy}, FOLDER / "copies-beside.pth")
    note("copies-beside.pth", state, "pytorch-zip")
    halves = {f"student.{n}": v for n, v in state.items()} | {f"teacher.{n}": v for n, v in copy.items()}
    torch.save(halves, FOLDER / "two-in-one-map.pth")
    note("two-in-one-map.pth", halves, "pytorch-zip")
    torch.save({"a": {"b": state}, "a.b": copy}, FOLDER / "refused-two-spellings.pth")
    torch.save({"models": [state, copy]}, FOLDER / "refused-list-of-maps.pth")
    torch.save({**state, None: seeded(2), "list": [seeded(2)], "dots": ...}, FOLDER / "nameless.pth")
    note("nameless.pth", state, "pytorch-zip", skipped=("the file", "list"))
    averaged = torch.optim.swa_utils.AveragedModel(net).state_dict()
    torch.save(averaged, FOLDER / "averaged.pth")
    note("averaged.pth", averaged, "pytorch-zip", prefix="module.")

    # Must be refused: several candidates, none, a tensor that depends on what is skipped.
    torch.save({"first": dict(state), "second": dict(state)}, FOLDER / "refused-two-candidates.pth")
    torch.save({"optimizer": optimizer.state_dict(), "epoch": 2}, FOLDER / "refused-optimizer-only.pth")
    torch.save([1, 2, 3], FOLDER / "refused-no-tensors.pth")
    torch.save({"w": torch.quantize_per_tensor(seeded(3), 0.1, 0, torch.qint8)}, FOLDER / "refused-quantised.pth")
    torch.save({"w": seeded(3), "s": torch.sparse_coo_tensor([[0], [1]], [2.0], (3, 3))}, FOLDER / "refused-sparse.pth")
    torch.save({"w": seeded(3), "c": torch.zeros(3, dtype=torch.complex32)}, FOLDER / "refused-complex32.pth")
    torch.save({"w": seeded(3).numpy()}, FOLDER / "refused-numpy.pth")
    torch.save({1: seeded(2), "1": seeded(2)}, FOLDER / "refused-same-names.pth")

    save_file(expected, Path(__file__).with_suffix(".safetensors"), {**facts, "torch": torch.__version__, "numpy": np.__version__})
    print(len(facts), "files,", sum(f.stat().st_size for f in FOLDER.iterdir()), "bytes,", len(expected), "tensors")


def state_of(file):
    return torch.load(FOLDER / file, weights_only=True)


main()
