from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from engine.speech.convolutions import as_products, loses_bits, with_exact_weights


def model(taps: int, apart: int, pads: list[int], stride: int = 1) -> onnx.ModelProto:
    weights = np.random.default_rng(taps).integers(0, 256, (5, 3, taps)).astype(np.uint8)
    conv = helper.make_node(
        "ConvInteger",
        ["x", "w", "xz", "wz"],
        ["y"],
        dilations=[apart],
        pads=pads,
        strides=[stride],
        kernel_shape=[taps],
    )
    graph = helper.make_graph(
        [conv],
        "one",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [1, 3, "n"]),
         helper.make_tensor_value_info("xz", TensorProto.UINT8, [])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [1, 5, "m"])],
        [numpy_helper.from_array(weights, "w"), numpy_helper.from_array(np.array(131, np.uint8), "wz")],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def run(made: onnx.ModelProto, x: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x, "xz": np.array(117, np.uint8)})[0]


@pytest.mark.parametrize(("taps", "apart", "pads"), [(1, 1, [0, 0]), (3, 1, [1, 1]), (7, 3, [9, 9]), (11, 5, [25, 25])])
def test_the_numbers_are_the_same(taps, apart, pads):
    x = np.random.default_rng(1).integers(0, 256, (1, 3, 90)).astype(np.uint8)
    plain = model(taps, apart, pads)
    wanted = run(plain, x)
    assert as_products(plain) == 1
    assert not [n for n in plain.graph.node if n.op_type == "ConvInteger"]
    assert loses_bits() or np.array_equal(run(plain, x), wanted)
    assert with_exact_weights(plain) == 2, "weights and their zero point"
    assert np.array_equal(run(plain, x), wanted), "on every processor"


def test_other_convolutions_stay():
    strided = model(3, 1, [1, 1], stride=2)
    assert as_products(strided) == 0
    assert [n.op_type for n in strided.graph.node] == ["ConvInteger"]
