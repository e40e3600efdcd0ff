"""Tiny networks of Wav2Lip's shape, made of a few operators."""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from engine.settings.weights import sha256_of

LOUDER = 0.1
"""What the test network adds to the picture for each unit of the sound's mean level."""


def save(file: Path, nodes: list[onnx.NodeProto], constants: dict[str, list[int] | float], **shapes: list[int]) -> Path:
    """A model whose inputs have ``shapes``, in this order, and whose output is "made"."""
    values = [
        helper.make_tensor(name, TensorProto.INT64, [len(value)], value)
        if isinstance(value, list)
        else helper.make_tensor(name, TensorProto.FLOAT, [], [value])
        for name, value in constants.items()
    ]
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]
    made = helper.make_tensor_value_info("made", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "head", inputs, [made], values)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), file)
    return file


def talking(file: Path, size: int = 96, *, face_first: bool = False) -> Path:
    """The reference, brighter the louder the sound is."""
    nodes = [
        helper.make_node("Slice", ["face", "three", "six", "channels"], ["reference"]),
        helper.make_node("ReduceMean", ["sound"], ["level"], keepdims=0),
        helper.make_node("Mul", ["level", "louder"], ["light"]),
        helper.make_node("Add", ["reference", "light"], ["made"]),
    ]
    constants: dict[str, list[int] | float] = {"three": [3], "six": [6], "channels": [1], "louder": LOUDER}
    shapes = {"sound": [1, 1, 80, 16], "face": [1, 6, size, size]}
    return save(file, nodes, constants, **(dict(reversed(shapes.items())) if face_first else shapes))


def echoing(file: Path, first: int, sound: list[int] | None = None, face: list[int] | None = None) -> Path:
    """Three of the six channels that it gets, from ``first`` on: 0 the masked face, 3 the reference."""
    nodes = [
        helper.make_node("Slice", ["face", "begin", "end", "channels"], ["part"]),
        helper.make_node("ReduceMean", ["sound"], ["level"], keepdims=0),
        helper.make_node("Mul", ["level", "none"], ["nothing"]),
        helper.make_node("Add", ["part", "nothing"], ["made"]),
    ]
    constants: dict[str, list[int] | float] = {"begin": [first], "end": [first + 3], "channels": [1], "none": 0.0}
    return save(file, nodes, constants, sound=sound or [1, 1, 80, 16], face=face or [1, 6, 96, 96])


def head_file(folder: Path, weights: Path, photo: Path, /, **changed: str | None) -> Path:
    rows = {
        "kind": "wav2lip", "photo": str(photo), "weights": weights.name, "sha256": sha256_of(weights),
        "licence": "made by this test", "commercial": "allowed",
    } | changed  # fmt: skip
    file = folder / "ann.yaml"
    file.write_text("".join(f"{key}: {value}\n" for key, value in rows.items() if value is not None))
    return file
