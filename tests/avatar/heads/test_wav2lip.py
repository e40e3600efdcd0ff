"""Weights are loaded only where they have Wav2Lip's shape, and get what such networks were trained with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.avatar.heads.contract import HeadError
from engine.avatar.heads.networks import open_network
from engine.avatar.heads.wav2lip import Wav2Lip
from engine.flow import SAMPLE_RATE
from tests.avatar.heads.networks import LOUDER, echoing, save, talking

FACE = np.random.default_rng(1).integers(40, 200, (96, 96, 3), dtype=np.uint8)
REFERENCE = np.random.default_rng(2).integers(40, 200, (96, 96, 3), dtype=np.uint8)
LEVELS = np.full((80, 16), 1.5, np.float32)


def test_the_lower_half_of_the_face_is_hidden_from_the_network(tmp_path: Path) -> None:
    masked = Wav2Lip(open_network(echoing(tmp_path / "a.onnx", 0))).generate(LEVELS, FACE, REFERENCE)
    assert (masked[:48] == FACE[:48]).all()
    assert not masked[48:].any()


def test_the_reference_is_shown_whole(tmp_path: Path) -> None:
    assert (Wav2Lip(open_network(echoing(tmp_path / "a.onnx", 3))).generate(LEVELS, FACE, REFERENCE) == REFERENCE).all()


@pytest.mark.parametrize("face_first", [False, True])
def test_the_sound_reaches_the_network_whatever_the_order_of_its_inputs(tmp_path: Path, face_first: bool) -> None:
    generator = Wav2Lip(open_network(talking(tmp_path / "a.onnx", face_first=face_first)))
    made = generator.generate(LEVELS, FACE, REFERENCE).astype(int)
    assert np.abs(made - REFERENCE - 255 * LOUDER * 1.5).max() <= 1
    noise = np.random.default_rng(1).normal(0, 0.2, SAMPLE_RATE).astype(np.float32)
    assert generator.features(noise, 0).mean() > generator.features(0 * noise, 0).mean() + 2


def test_a_larger_variant_of_the_shape(tmp_path: Path) -> None:
    generator = Wav2Lip(open_network(talking(tmp_path / "a.onnx", 192)))
    assert generator.size == 192
    large = np.zeros((192, 192, 3), np.uint8)
    assert generator.generate(LEVELS, large, large).shape == (192, 192, 3)


@pytest.mark.parametrize(
    ("sound", "face", "why"),
    [
        (
            [1, 1, 80, 20],
            [1, 6, 96, 96],
            r"takes \(1, 1, 80, 16\) and \(1, 6, 96, 96\); this one takes \(1, 1, 80, 20\)",
        ),
        ([1, 1, 80, 16], [1, 9, 96, 96], "this one takes"),
        ([1, 1, 80, 16], [1, 6, 96, 128], "its face is 96 by 128 pixels"),
        ([1, 1, 80, 16], [1, 6, 32, 32], "its face is 32 by 32 pixels"),
    ],
)
def test_another_shape_is_refused(tmp_path: Path, sound: list[int], face: list[int], why: str) -> None:
    with pytest.raises(HeadError, match=why):
        Wav2Lip(open_network(echoing(tmp_path / "a.onnx", 0, sound, face)))


def test_another_output_is_refused(tmp_path: Path) -> None:
    node = onnx.helper.make_node("Identity", ["face"], ["made"])
    file = save(tmp_path / "a.onnx", [node], {}, sound=[1, 1, 80, 16], face=[1, 6, 96, 96])
    with pytest.raises(HeadError, match=r"gives \(1, 6, 96, 96\), not a picture \(1, 3, 96, 96\)"):
        Wav2Lip(open_network(file))


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    nodes = [
        onnx.helper.make_node("Slice", ["face", "three", "six", "channels"], ["part"]),
        onnx.helper.make_node("Div", ["part", "none"], ["made"]),
    ]
    constants: dict[str, list[int] | float] = {"three": [3], "six": [6], "channels": [1], "none": 0.0}
    file = save(tmp_path / "a.onnx", nodes, constants, sound=[1, 1, 80, 16], face=[1, 6, 96, 96])
    with pytest.raises(HeadError, match="numbers that are none"):
        Wav2Lip(open_network(file))


def test_weights_in_other_files_and_damaged_ones_are_refused(tmp_path: Path) -> None:
    file = talking(tmp_path / "a.onnx")
    model = onnx.load(file)
    node = model.graph.node.add()
    node.op_type = "Identity"
    big = onnx.numpy_helper.from_array(np.zeros((64, 64), np.float32), "outside")
    model.graph.initializer.append(big)
    onnx.external_data_helper.set_external_data(model.graph.initializer[-1], "../../etc/passwd")
    model.graph.initializer[-1].ClearField("raw_data")
    (tmp_path / "b.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(HeadError, match=r"b\.onnx keeps its weights in other files"):
        open_network(tmp_path / "b.onnx")
    (tmp_path / "c.onnx").write_bytes(file.read_bytes()[:100])
    with pytest.raises(HeadError, match=r"c\.onnx (is a damaged ONNX file|cannot be run)"):
        open_network(tmp_path / "c.onnx")


def outside(name: str = "outside") -> onnx.TensorProto:
    """A tensor whose values lie in another file."""
    tensor = onnx.numpy_helper.from_array(np.zeros((64, 64), np.float32), name)
    onnx.external_data_helper.set_external_data(tensor, "../../etc/passwd")
    tensor.ClearField("raw_data")
    return tensor


def constant(model: onnx.ModelProto) -> None:
    model.graph.node.append(onnx.helper.make_node("Constant", [], ["there"], value=outside()))


def branch(model: onnx.ModelProto) -> None:
    result = onnx.helper.make_tensor_value_info("chosen", onnx.TensorProto.FLOAT, [64, 64])
    inner = onnx.helper.make_node("Constant", [], ["chosen"], value=outside())
    graph = onnx.helper.make_graph([inner], "branch", [], [result])
    model.graph.node.append(onnx.helper.make_node("If", ["yes"], ["there"], then_branch=graph, else_branch=graph))


def sparse(model: onnx.ModelProto) -> None:
    indices = onnx.numpy_helper.from_array(np.zeros(1, np.int64), "indices")
    model.graph.sparse_initializer.append(onnx.helper.make_sparse_tensor(outside(), indices, [64, 64]))


def function(model: onnx.ModelProto) -> None:
    node = onnx.helper.make_node("Constant", [], ["there"], value=outside())
    opset = [onnx.helper.make_opsetid("", 17)]
    model.functions.append(onnx.helper.make_function("own", "f", [], ["there"], [node], opset))


@pytest.mark.parametrize("hide", [constant, branch, sparse, function])
def test_weights_in_other_files_are_found_wherever_a_file_names_them(
    tmp_path: Path, hide: Callable[[onnx.ModelProto], None]
) -> None:
    model = onnx.load(talking(tmp_path / "a.onnx"))
    hide(model)
    (tmp_path / "b.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(HeadError, match=r"b\.onnx keeps its weights in other files"):
        open_network(tmp_path / "b.onnx")
