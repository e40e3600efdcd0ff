"""Heads by weights: what a network of Wav2Lip's full size costs here, and what of the picture it changes.

The network has random weights in the layers of the paper's generator (36 million), so its time is the real one's and
its mouths are none.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.avatar import Body, Heard, open_body
from engine.avatar.heads import HeadBody
from engine.flow import CURVES, SAMPLE_RATE, Floats
from engine.settings.channel import Canvas
from engine.settings.weights import sha256_of

ROOT = Path(__file__).resolve().parent.parent.parent
PHOTO = ROOT / "tests" / "avatar" / "photo" / "leo.ehp"
CANVAS = Canvas()
TIMED = 50
MOST_CPU_MS = 12.0
"""Of the photo and the pasting, without the network (as for photos)."""

FACE = ((6, 16, 7, 1, 3, 0), (16, 32, 3, 2, 1, 2), (32, 64, 3, 2, 1, 3), (64, 128, 3, 2, 1, 2), (128, 256, 3, 2, 1, 2),
        (256, 512, 3, 2, 1, 1), (512, 512, 3, 1, 0, 0))  # fmt: skip
"""Channels in and out, kernel, stride, padding, and residual layers behind it."""

SOUND = ((1, 32, 3, (1, 1), 1, 2), (32, 64, 3, (3, 1), 1, 2), (64, 128, 3, (3, 3), 1, 2), (128, 256, 3, (3, 2), 1, 1),
         (256, 512, 3, (1, 1), 0, 0))  # fmt: skip
UP = ((1024, 512, 1, 0, 1), (1024, 512, 2, 1, 2), (768, 384, 2, 1, 2), (512, 256, 2, 1, 2), (320, 128, 2, 1, 2),
      (160, 64, 2, 1, 2))  # fmt: skip
"""The decoder's steps: channels in and out, stride, padding, residual layers; each takes an encoder's step beside."""


class _Maker:
    """Collects the nodes and weights of a graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._chance = np.random.default_rng(1)

    def add(self, kind: str, taken: list[str], **how: Any) -> str:
        made = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, taken, [made], **how))
        return made

    def conv(self, x: str, shape: tuple[int, ...], kind: str = "Conv", beside: str = "", **how: Any) -> str:
        """A convolution with bias, what is added beside, and its ReLU."""
        name = f"w{len(self.weights)}"
        fan = shape[1] * shape[2] * shape[3] if kind == "Conv" else shape[0] * shape[2] * shape[3] / 4
        weight = (self._chance.normal(0, (1.4 / fan) ** 0.5, shape)).astype(np.float32)
        bias = np.zeros(shape[0] if kind == "Conv" else shape[1], np.float32)
        self.weights += [numpy_helper.from_array(weight, name), numpy_helper.from_array(bias, name + "b")]
        made = self.add(kind, [x, name, name + "b"], **how)
        return self.add("Relu", [self.add("Add", [made, beside]) if beside else made])

    def residuals(self, x: str, channels: int, count: int) -> str:
        for _ in range(count):
            x = self.conv(x, (channels, channels, 3, 3), pads=[1] * 4, beside=x)
        return x


def full_size(file: Path) -> Path:
    """A network with the layers of Wav2Lip's generator and random weights."""
    made = _Maker()
    x, steps = "face", []
    for taken, given, kernel, stride, padding, more in FACE:
        x = made.conv(x, (given, taken, kernel, kernel), strides=[stride] * 2, pads=[padding] * 4)
        x = made.residuals(x, given, more)
        steps.append(x)
    sound = "sound"
    for taken, given, kernel, strides, padding, more in SOUND:
        sound = made.conv(sound, (given, taken, kernel, kernel), strides=list(strides), pads=[padding] * 4)
        sound = made.residuals(sound, given, more)
    x = made.conv(sound, (512, 512, 1, 1))
    for taken, given, stride, padding, more in UP:
        x = made.add("Concat", [x, steps.pop()], axis=1)
        out = [1, 1] if stride == 2 else [0, 0]
        x = made.conv(
            x, (taken, given, 3, 3), "ConvTranspose", strides=[stride] * 2, pads=[padding] * 4, output_padding=out
        )
        x = made.residuals(x, given, more)
    x = made.add("Concat", [x, steps.pop()], axis=1)
    x = made.conv(x, (32, 80, 3, 3), pads=[1] * 4)
    made.weights.append(numpy_helper.from_array(np.full((3, 32, 1, 1), 0.01, np.float32), "last"))
    x = made.add("Sigmoid", [made.add("Conv", [x, "last"])])
    shapes = {"sound": [1, 1, 80, 16], "face": [1, 6, 96, 96]}
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    out = helper.make_tensor_value_info(x, TensorProto.FLOAT, [1, 3, 96, 96])
    graph = helper.make_graph(made.nodes, "wav2lip", inputs, [out], made.weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), file)
    return file


def measure() -> dict[str, Any]:
    """CPU a picture of the network, of the rest, and of the photo alone; how often the network draws."""
    with tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        weights = full_size(folder / "full.onnx")
        head = folder / "head.yaml"
        head.write_text(
            f"kind: wav2lip\nphoto: {PHOTO}\nweights: full.onnx\nsha256: {sha256_of(weights)}\n"
            "licence: random weights of this benchmark\ncommercial: allowed\n"
        )
        body, photo = open_body(head, CANVAS), open_body(PHOTO, CANVAS)
        assert isinstance(body, HeadBody)
        sound = np.random.default_rng(2).normal(0, 0.1, 4 * SAMPLE_RATE).astype(np.float32)
        cost_ms = body.cost_s * 1000
        alone = cpu_ms(photo, None)
        whole = cpu_ms(body, sound)
        report = {
            "weights_mb": round(weights.stat().st_size / 1e6, 1),
            "network_cpu_ms": round(cost_ms, 1),
            "drawn_on_one_picture_of": body.stride if body.hears else None,
            "photo_alone_cpu_ms": round(alone, 2),
            "head_cpu_ms_a_picture": round(whole, 2),
            "note": body.note,
        }
        body.close()
        photo.close()
    rest = whole - (cost_ms / body.stride if body.hears else 0)
    report["without_the_network_cpu_ms"] = round(rest, 2)
    report["missed"] = [] if rest <= MOST_CPU_MS else ["without_the_network_cpu_ms"]
    return report


def cpu_ms(body: Body, sound: Floats | None) -> float:
    """CPU a picture over ``TIMED`` pictures that follow each other."""
    canvas, row = np.full((CANVAS.height, CANVAS.width, 3), 90, np.uint8), np.zeros(len(CURVES), np.float32)
    began = 0.0
    for picture in range(-5, TIMED):
        if picture == 0:
            began = time.thread_time()
        heard = Heard(sound, SAMPLE_RATE + picture * SAMPLE_RATE // CANVAS.fps) if sound is not None else None
        body.paint(row, canvas, heard=heard)
    return (time.thread_time() - began) / TIMED * 1000
