"""A tiny network of Wav2Lip's shape, made by rule: it drops the jaw of the photo of ``leo`` by how loud the sound is.

So a head by weights has lips that can be measured, which weights of chance would not give.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SIZE = 96
MIDDLE, LIPS, HALF_WIDTH = 48.0, 62.0, 15.0
"""Where the mouth is in the picture that the network gets, in pixels."""

QUIET, WIDEST, STEEP = -2.0, 9.0, 5.0
"""Mean level (-4 to 4) at which the lips part, the most pixels between them, and pixels for each unit of level."""

FRAMES = 4
"""Of the sixteen that are heard: from the picture's beginning to 38 ms behind it, about the time that it is shown."""

INSIDE = (0.12, 0.08, 0.2)
"""Colour of the mouth's inside, BGR."""


def write(file: Path) -> Path:
    """The network as ONNX."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    arch = np.clip(1 - ((x - MIDDLE) / HALF_WIDTH) ** 2, 0, 1)
    below = np.clip(y - LIPS + 0.5, 0, 1) * (arch > 0)
    drop = arch * below * np.clip((SIZE - y) / (SIZE - LIPS), 0, 1)
    step = np.float32(2 / SIZE)
    numbers: dict[str, float | list[float] | list[int] | NDArray[np.float32]] = {
        "quiet": [-QUIET], "steep": [STEEP], "none": 0.0, "widest": WIDEST, "two": [2.0], "one": [1.0],
        "start": [0], "frames": [FRAMES], "time": [3], "three": [3], "six": [6], "channels": [1],
        "places": np.stack([x * step, y * step], -1)[None] + np.float32(0.5 * step - 1),
        "drop": np.stack([np.zeros_like(drop), drop * step], -1)[None],
        "arch": arch[None, None], "depth": (y - LIPS + 1)[None, None], "below": below[None, None],
        "inside": np.array(INSIDE, np.float32).reshape(1, 3, 1, 1),
    }  # fmt: skip
    steps = [
        ("Slice", "sound start frames time", "now"), ("ReduceMean", "now", "level"),
        ("Add", "level quiet", "above"), ("Mul", "above steep", "pixels"), ("Clip", "pixels none widest", "gap"),
        ("Slice", "face three six channels", "reference"),
        ("Mul", "drop gap", "moved"), ("Sub", "places moved", "from"), ("GridSample", "reference from", "dropped"),
        ("Mul", "arch gap", "open"), ("Sub", "open depth", "within"), ("Mul", "within two", "sharp"),
        ("Sigmoid", "sharp", "soft"), ("Mul", "soft below", "hole"), ("Sub", "one hole", "rest"),
        ("Mul", "dropped rest", "skin"), ("Mul", "inside hole", "dark"), ("Add", "skin dark", "made"),
    ]  # fmt: skip
    how: dict[str, dict[str, Any]] = {"ReduceMean": {"keepdims": 0}, "GridSample": {"padding_mode": "border"}}
    nodes = [helper.make_node(kind, taken.split(), [made], **how.get(kind, {})) for kind, taken, made in steps]
    shapes = {"sound": [1, 1, 80, 16], "face": [1, 6, SIZE, SIZE]}
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    made = helper.make_tensor_value_info("made", TensorProto.FLOAT, [1, 3, SIZE, SIZE])
    arrays = {name: np.asarray(number) for name, number in numbers.items()}
    weights = [
        numpy_helper.from_array(array.astype(np.int64 if array.dtype.kind == "i" else np.float32), name)
        for name, array in arrays.items()
    ]
    graph = helper.make_graph(nodes, "jaw", inputs, [made], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), file)
    return file
