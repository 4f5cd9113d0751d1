#!/usr/bin/env python3
"""Breaks sound inputs of kdscope at random and watches what the program does with them.

    python3 Tests/Mutation/mutate.py .build/release/kdscope [--count 1000] [--seed 1] [--keep FOLDER] [--only WORD]

Makes small sound inputs of every kind (pictures, arrays, IDX, CIFAR, safetensors, loss inputs, CSV tables, recipes, a
finished run), breaks one file of one of them in each trial, and asks the program about it. A trial passes if the
program ends by itself within 20 s of work with exit code 0, 1 or 2, takes at most 1 GiB, prints at most two lines to standard
error where it refuses, and sends no control character to the terminal. Failing inputs are kept with their command.

Needs NumPy and Pillow. Ends with 1 if a trial failed, or if a sound input was refused.
"""

import argparse
import gzip
import json
import os
import random
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from PIL import Image

# Of processor time, so that other work on the machine is not taken for a hang; waiting for nothing counts on the clock.
LIMIT_SECONDS = 20
LIMIT_WAITING = 120
LIMIT_BYTES = 1 << 30


# Sound inputs. Each maker returns the commands that read what it made; {} is the folder.


def pictures(folder, generator):
    for split, count in (("train", 8), ("test", 3)):
        for index, name in enumerate(("cat", "dog", "owl")):
            target = folder / "pictures" / split / name
            target.mkdir(parents=True)
            for number in range(count):
                pixels = generator.integers(0, 255, (12, 14, 3), dtype=np.uint8)
                pixels[..., index] = 250
                kind = ("png", "jpg", "png")[number % 3]
                Image.fromarray(pixels).save(target / f"{number}.{kind}")
    sets = ["--set", "data.path={}/pictures", "--set", "data.size=12", "--set", "data.development=3"]
    recipe = """name: small
data: { set: image-folder, path: pictures, size: 12, development: 3, masks: box }
teacher: { model: resnet8, epochs: 1 }
student: { model: resnet8 }
distillation: [ { method: kd, weight: 0.9, temperature: 4 }, { method: dkd, weight: 1 } ]
training: { epochs: 1, batch: 8, schedule: { kind: cosine } }
analysis: { layers: [layer1], probe-images: 2, epochs: [1], thresholds: [0.1, 0.4], draws: 2, iterations: 4, grid: 4 }
seeds: 1
threads: 1
"""
    (folder / "small.yaml").write_text(recipe)
    return sets


def arrays(folder, generator):
    images = generator.integers(0, 255, (24, 8, 8, 3), dtype=np.uint8)
    labels = np.arange(24) % 3
    np.savez(folder / "train.npz", images=images, labels=labels)
    np.savez_compressed(folder / "test.npz", images=images[:9], labels=labels[:9])
    np.save(folder / "asked.npy", generator.normal(size=(3, 3, 12, 12)).astype(np.float32))


def idx(folder, generator):
    target = folder / "idx"
    target.mkdir()
    for split, count in (("train", 30), ("t10k", 12)):
        images = struct.pack(">IIII", 0x803, count, 28, 28) + generator.integers(0, 255, count * 784, dtype=np.uint8).tobytes()
        labels = struct.pack(">II", 0x801, count) + bytes(i % 10 for i in range(count))
        for name, content in ((f"{split}-images-idx3-ubyte", images), (f"{split}-labels-idx1-ubyte", labels)):
            if split == "train":
                (target / (name + ".gz")).write_bytes(gzip.compress(content))
            else:
                (target / name).write_bytes(content)


def cifar(folder, generator):
    target = folder / "cifar"
    target.mkdir()
    def records(count):
        return b"".join(
            bytes([i % 10]) + generator.integers(0, 255, 3072, dtype=np.uint8).tobytes() for i in range(count))
    for number in range(1, 6):
        (target / f"data_batch_{number}.bin").write_bytes(records(20))
    (target / "test_batch.bin").write_bytes(records(20))


def losses(folder, generator):
    def tensors(path, entries):
        header, body = {}, b""
        for name, values in entries.items():
            raw = values.tobytes()
            kind = {"float32": "F32", "int64": "I64"}[str(values.dtype)]
            header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [len(body), len(body) + len(raw)]}
            body += raw
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    logits = lambda: generator.normal(size=(4, 5)).astype(np.float32)
    tensors(folder / "logits.safetensors", {
        "student.logits": logits(), "teacher.logits": logits(), "labels": np.arange(4, dtype=np.int64)})
    maps = lambda: generator.normal(size=(4, 3, 4, 4)).astype(np.float32)
    tensors(folder / "features.safetensors", {
        "student.features.0": maps(), "teacher.features.0": maps(), "student.features.1": maps(),
        "teacher.features.1": maps()})


def tables(folder, generator):
    rows = ["epoch,role,accuracy,lower,upper"]
    for role in ("baseline", "student"):
        for epoch in range(8):
            value = epoch / 10
            rows.append(f"{epoch},{role},{value},{value - 0.05},{value + 0.05}")
    (folder / "table.csv").write_text("\n".join(rows) + "\n")
    (folder / "semicolon.csv").write_text("\n".join(row.replace(",", ";") for row in rows) + "\n")


class World:
    """The sound inputs, and the commands that read them."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        generator = np.random.default_rng(7)
        sets = pictures(folder, generator)
        for make in (arrays, idx, cifar, losses, tables):
            make(folder, generator)
        run = subprocess.run(
            [program, "run", "small.yaml", "--out", ".", "--quiet"], cwd=folder, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"the sound run failed: {run.stderr}")
        weights = "runs/small/seed-1/student/epoch-001.safetensors"
        shutil.copy(folder / weights, folder / "net.safetensors")
        shutil.copy(folder / "runs/small/seed-1/baseline/epoch-001.safetensors", folder / "other.safetensors")
        run_files = [str(p.relative_to(folder)) for p in (folder / "runs").rglob("*") if p.is_file()]
        picture_files = [str(p.relative_to(folder)) for p in (folder / "pictures").rglob("*") if p.is_file()]
        idx_files = [str(p.relative_to(folder)) for p in (folder / "idx").iterdir()]
        cifar_files = [str(p.relative_to(folder)) for p in (folder / "cifar").iterdir()]
        data_of = lambda name, *rest: ["--data", name, *[w for r in rest for w in ("--set", r)]]
        array_set = data_of("arrays", "data.path=train.npz", "data.test-path=test.npz")
        folder_set = ["--data", "image-folder"] + [w.replace("{}/", "") for w in sets]
        quick = ["--quiet", "--threads", "1"]
        # (what is broken, command). Commands that change the folder work in a copy.
        self.cases = [
            (["net.safetensors"], ["probe", "summary", "net.safetensors"]),
            (["net.safetensors"], ["probe", "layers", "net.safetensors"]),
            (["net.safetensors"], ["probe", "accuracy", "net.safetensors", *folder_set]),
            (["net.safetensors", "other.safetensors"], ["diff", "net.safetensors", "other.safetensors"]),
            (["net.safetensors", "other.safetensors"],
             ["probe", "compare", "net.safetensors", "other.safetensors", *folder_set]),
            (["net.safetensors", "asked.npy"], ["probe", "logits", "net.safetensors", "--images", "asked.npy"]),
            (picture_files, ["probe", "logits", "net.safetensors", "--images", "pictures/test/cat"]),
            (picture_files, ["probe", "accuracy", "net.safetensors", *folder_set]),
            (["train.npz", "test.npz"], ["recipe", "--check", "arrays.yaml"]),
            (["train.npz", "test.npz"], ["train", "arrays.yaml", "--role", "baseline", "--out", "o", *quick]),
            (idx_files, ["train", "idx.yaml", "--role", "baseline", "--out", "o", *quick]),
            (cifar_files, ["train", "cifar.yaml", "--role", "baseline", "--out", "o", *quick]),
            (["logits.safetensors"], ["loss", "kd", "--inputs", "logits.safetensors", "--json"]),
            (["logits.safetensors"], ["loss", "dkd", "--inputs", "logits.safetensors", "--gradients", "g.safetensors"]),
            (["features.safetensors"], ["loss", "attention-transfer", "--inputs", "features.safetensors"]),
            (["features.safetensors"], ["loss", "similarity-preserving", "--inputs", "features.safetensors"]),
            (["table.csv"], ["plot", "table.csv", "--out", "t.png"]),
            (["semicolon.csv"], ["plot", "semicolon.csv", "--out", "t.png"]),
            (["small.yaml"], ["recipe", "--check", "small.yaml"]),
            (["small.yaml"], ["run", "small.yaml", "--out", "o", *quick]),
            (["arrays.yaml"], ["recipe", "--check", "arrays.yaml"]),
            (run_files, ["report", "runs/small", *quick[:1]]),
            (run_files, ["run", "small.yaml", "--resume", "--out", ".", *quick]),
            (run_files, ["analyze", "runs/small", "--quiet"]),
            (run_files, ["runs", "show", "small"]),
            (run_files, ["runs"]),
            (picture_files + ["pictures/train/cat/0.png"], ["run", "small.yaml", "--resume", "--out", ".", *quick]),
        ]
        tail = """teacher: { model: cnn2, epochs: 1 }
student: { model: cnn2 }
distillation: [ { method: kd } ]
training: { epochs: 1, batch: 8 }
analysis: { probe-images: 2, grid: 4 }
seeds: 1
threads: 1
"""
        for name, data in (
            ("arrays", "{ set: arrays, path: train.npz, test-path: test.npz, development: 3, masks: box }"),
            ("idx", "{ set: fashion-mnist, path: idx, development: 10 }"),
            ("cifar", "{ set: cifar10, path: cifar, development: 10 }"),
        ):
            (folder / f"{name}.yaml").write_text(f"name: {name}\ndata: {data}\n{tail}")


# Ways of breaking bytes.

NUMBERS = [b"0", b"-1", b"1e308", b"nan", b"-inf", b"9223372036854775807", b"18446744073709551616", b"1e-320", b"", b"0x7f"]
WORDS = [b"null", b"true", b"[]", b"{}", b'""', b"\x1b[31mred\x1b[0m", b"\xe2\x80\xae", b"\xff\xfe", b"\r", b"\t", b"- ", b": ", b"&a *a", b"!!python/object:os.system", b"../../etc/passwd", b"\x00"]


def broken(content, dice):
    data = bytearray(content)
    for _ in range(dice.choice([1, 1, 1, 2, 4, 16])):
        way = dice.randrange(12)
        place = dice.randrange(len(data)) if data else 0
        if way == 0 and data:
            data[place] ^= 1 << dice.randrange(8)
        elif way == 1:
            del data[place:]
        elif way == 2 and data:
            data[place:place + 8] = dice.choice(
                [b"\xff" * 8, b"\x00" * 8, struct.pack("<q", -1), struct.pack("<q", 2**62), struct.pack(">I", 2**31)])
        elif way == 3 and data:
            end = min(len(data), place + dice.randrange(1, 200))
            del data[place:end]
        elif way == 4 and data:
            end = min(len(data), place + dice.randrange(1, 200))
            data[end:end] = data[place:end] * dice.choice([1, 2, 50])
        elif way == 5:
            numbers = list(re.finditer(rb"-?\d+(\.\d+)?", bytes(data[:20000])))
            if numbers:
                found = dice.choice(numbers)
                data[found.start():found.end()] = dice.choice(NUMBERS)
        elif way == 6:
            data[place:place] = dice.choice(WORDS)
        elif way == 7:
            lines = bytes(data).split(b"\n")
            if len(lines) > 1:
                lines.pop(dice.randrange(len(lines)))
                data = bytearray(b"\n".join(lines))
        elif way == 8:
            lines = bytes(data).split(b"\n")
            dice.shuffle(lines)
            data = bytearray(b"\n".join(lines))
        elif way == 9:
            data += bytes(dice.randrange(256) for _ in range(dice.randrange(1, 300)))
        elif way == 10 and data:
            words = list(re.finditer(rb"[A-Za-z_.-]{3,}", bytes(data[:20000])))
            if words:
                found = dice.choice(words)
                data[found.start():found.end()] = dice.choice(WORDS + [b"x" * 100000, found.group()[::-1]])
        elif way == 11 and data:
            data[:min(len(data), dice.choice([4, 8, 64]))] = dice.choice(
                [b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\x1f\x8b\x08", b"<!DOCTYPE html>", b"version https://git-lfs", b"\x93NUMPY\x01\x00"])
    return bytes(data)


def break_file(path, dice):
    """Breaks one file; returns what was done in words."""
    way = dice.randrange(20)
    if way == 0:
        path.unlink()
        return "removed"
    if way == 1:
        path.write_bytes(b"")
        return "emptied"
    if way == 2:
        path.unlink()
        path.mkdir()
        return "made a folder"
    if way == 3:
        path.unlink()
        os.mkfifo(path)
        return "made a pipe"
    if way == 4:
        size = path.stat().st_size
        os.truncate(path, size + dice.choice([1 << 20, 3 << 30]))
        return "made long and sparse"
    if way == 5:
        others = [p for p in path.parent.iterdir() if p.is_file() and p != path]
        if others:
            shutil.copy(dice.choice(others), path)
            return "exchanged for its neighbour"
    if way == 6:
        path.chmod(0)
        return "made unreadable"
    path.write_bytes(broken(path.read_bytes(), dice))
    return "broken"


def control_characters(text):
    return re.findall(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]", text)


def trial(world, target, command):
    """Runs one command; returns (problem or None, exit code, standard error)."""
    def limits():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS))
    start = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(
            [world.program, *command], cwd=target, stdin=subprocess.DEVNULL, stdout=out, stderr=err, preexec_fn=limits,
            env={**os.environ, "NO_COLOR": "1"})
        timer = threading.Timer(LIMIT_WAITING, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = 0
        seconds = time.monotonic() - start
        out.seek(0), err.seek(0)
        output, errors = out.read(), err.read()
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return (f"hangs ({seconds:.0f} s)" if name == "SIGKILL" and seconds > LIMIT_SECONDS - 1 else f"died of {name}"), -1, errors
    code = os.WEXITSTATUS(status)
    if code not in (0, 1, 2):
        return f"exit code {code}", code, errors
    if usage.ru_maxrss * 1024 > LIMIT_BYTES:
        return f"took {usage.ru_maxrss // 1024} MiB", code, errors
    found = control_characters(errors) or ("--json" not in command and control_characters(output))
    if found:
        return f"control character {found[0]!r}", code, errors
    if code == 2 and len(errors.strip().split(b"\n")) > 2:
        return f"{len(errors.strip().splitlines())} lines of error", code, errors
    if code and not errors.strip() and command[0] != "diff":
        return f"exit code {code} without a word", code, errors
    if len(errors) > 20_000:
        return f"{len(errors)} bytes of error", code, errors
    return None, code, errors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", default="mutations", help="folder for failing inputs")
    parser.add_argument("--only", default="", help="only commands that hold this word")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    keep = Path(options.keep).absolute()
    with tempfile.TemporaryDirectory() as scratch:
        sound = Path(scratch) / "sound"
        sound.mkdir()
        world = World(program, sound)
        cases = [case for case in world.cases if options.only in " ".join(case[1])]
        failures, codes = 0, {}
        for files, command in cases:
            target = Path(scratch) / "copy"
            shutil.copytree(sound, target)
            problem, code, errors = trial(world, target, command)
            if problem or code not in ((0, 1) if command[0] == "diff" else (0,)):
                failures += 1
                print(f"SOUND {' '.join(command)}: {problem or code}: {errors.decode(errors='replace').strip()}")
            shutil.rmtree(target)
        for number in range(options.count):
            dice = random.Random(options.seed * 1_000_003 + number)
            files, command = dice.choice(cases)
            target = Path(scratch) / "copy"
            shutil.copytree(sound, target)
            file = dice.choice(sorted(set(files)))
            what = break_file(target / file, dice)
            problem, code, errors = trial(world, target, command)
            codes[code] = codes.get(code, 0) + 1
            if problem:
                failures += 1
                place = keep / f"{options.seed}-{number}"
                shutil.rmtree(place, ignore_errors=True)
                keep.mkdir(parents=True, exist_ok=True)
                print(f"{options.seed}-{number}: {file} {what}: {problem}: kdscope {' '.join(command)}", flush=True)
                print(f"    {errors[-300:]!r}", flush=True)
                for pipe in target.rglob("*"):
                    if pipe.is_fifo():
                        pipe.unlink()
                    elif pipe.is_file() and pipe.stat().st_size > 1 << 28:
                        os.truncate(pipe, 0)
                shutil.copytree(target, place)
            shutil.rmtree(target, ignore_errors=True)
        print(f"{options.count} broken inputs, {failures} failures, exit codes {dict(sorted(codes.items()))}")
        sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
