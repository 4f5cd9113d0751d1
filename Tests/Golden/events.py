"""Writes events.tfevents: a TensorBoard event file put together from the format's description alone (TFRecord framing
with masked CRC-32C, protobuf fields by their numbers), and asks TensorBoard's own reader what it finds there.

Run: python3 Tests/Golden/events.py        writes the file and checks what TensorBoard reads in it
     python3 Tests/Golden/events.py DIR    prints what TensorBoard reads in a folder
Recorded with tensorboard 2.21.0, which is needed for the check alone. EventRecordTests builds the same records again.
"""

import base64
import struct
import sys
import tempfile
from pathlib import Path

TIME = 1_700_000_000.25
# A picture of two pixels.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR42mP4zwAE/wEHAAH/PX2MSQAAAABJRU5ErkJggg==")


def crc32c(data):
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0x82F63B78 if rest & 1 else 0)
    return rest ^ 0xFFFFFFFF


def masked(data):
    check = crc32c(data)
    return ((check >> 15 | check << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(payload):
    length = struct.pack("<Q", len(payload))
    return length + struct.pack("<I", masked(length)) + payload + struct.pack("<I", masked(payload))


def varint(value):
    out = b""
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def double(number, value):
    return varint(number << 3 | 1) + struct.pack("<d", value)


def event(time, step, *values):
    body = double(1, time) + (field(2, step) if step else b"")
    return record(body + field(5, b"".join(field(1, value) for value in values)))


def scalar(tag, value):
    return field(1, tag) + varint(2 << 3 | 5) + struct.pack("<f", value)


def text(tag, markdown):
    tensor = field(1, 7) + field(2, field(2, field(1, 1))) + field(8, markdown)
    return field(1, tag) + field(8, tensor) + field(9, field(1, field(1, "text")))


def image(tag, width, height, png):
    return field(1, tag) + field(4, field(1, height) + field(2, width) + field(3, 3) + field(4, png))


def read(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(str(folder), size_guidance={"scalars": 0, "images": 0, "tensors": 0})
    found.Reload()
    return found


def show(found):
    for tag in found.Tags()["scalars"]:
        print(tag, [(e.step, e.value) for e in found.Scalars(tag)])
    for tag in found.Tags()["images"]:
        print(tag, [(e.step, e.width, e.height, len(e.encoded_image_string)) for e in found.Images(tag)])
    for tag in found.Tags()["tensors"]:
        print(tag, [(e.step, e.tensor_proto.string_val) for e in found.Tensors(tag)])


if len(sys.argv) > 1:
    show(read(sys.argv[1]))
    sys.exit()

assert crc32c(b"123456789") == 0xE3069283
data = record(double(1, TIME) + field(3, "brain.Event:2"))
data += event(TIME, 0, text("recipe", "    name: tiny\n"))
data += event(TIME + 1, 1, scalar("loss/labels", 2.5), scalar("development/accuracy", 0.125))
data += event(TIME + 2, 300, scalar("step/labels", 1 / 3))
data += event(TIME + 3, 2**33, scalar("loss/ε", -1e-30))
data += event(TIME + 4, 0, image("figure/two pixels", 2, 1, PNG))
path = Path(__file__).resolve().with_suffix(".tfevents")
path.write_bytes(data)
print(path.name, len(data), "bytes")

with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "events.out.tfevents.1700000000.host").write_bytes(data + data[:20])
    found = read(folder)
    show(found)
    assert [(e.step, e.value, e.wall_time) for e in found.Scalars("loss/labels")] == [(1, 2.5, TIME + 1)]
    assert found.Scalars("development/accuracy")[0].value == 0.125
    assert found.Scalars("step/labels")[0].step == 300
    assert found.Scalars("loss/ε")[0].step == 2**33
    picture = found.Images("figure/two pixels")[0]
    assert (picture.width, picture.height, picture.encoded_image_string) == (2, 1, PNG)
    assert list(found.Tensors("recipe")[0].tensor_proto.string_val) == [b"    name: tiny\n"]
    assert found.summary_metadata["recipe"].plugin_data.plugin_name == "text"
