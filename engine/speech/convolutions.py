"""Integer convolutions of a model as products of matrices, which give the same numbers in a third of the time.

onnxruntime multiplies unsigned bytes by unsigned bytes in ``ConvInteger``, for which processors have no instruction;
``MatMulInteger`` with signed weights uses theirs (VNNI). A convolution of *k* taps is one product: the *k* shifted
inputs side by side, times the weights.

Processors without VNNI (most x86 servers before 2020, AMD's before Zen 4) add products of unsigned and signed bytes in
16 bits, cut off at the end of their range: a voice gets hoarse. There all weights become unsigned, which is slower and
exact. onnxruntime's own option for that fails where nodes share weights, as Kokoro's do.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

_TO_THE_END = 2**62


_SIGNED: dict[str, tuple[int, ...]] = {"MatMulInteger": (1, 3), "DynamicQuantizeLSTM": (1, 2, 9, 11)}
"""Inputs of a node that are weights and their zero points."""


@functools.cache
def loses_bits() -> bool:
    """Whether this processor's product of unsigned and signed bytes is wrong where the sums are large."""
    weights = numpy_helper.from_array(np.full((64, 16), 127, np.int8), "w")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["x", "w"], ["y"])],
        "probe",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [1, 64])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [1, 16])],
        [weights],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": np.full((1, 64), 255, np.uint8)})
    return bool((found != 64 * 255 * 127).any())


def with_exact_weights(model: onnx.ModelProto) -> int:
    """Make, in place, the signed weights of integer products unsigned, which changes no result; returns how many.

    A product that names no zero point keeps its weights: its zero would be another.
    """
    used = set[str]()
    for node in model.graph.node:
        named = [node.input[i] for i in _SIGNED.get(node.op_type, ()) if i < len(node.input) and node.input[i]]
        if len(named) == len(_SIGNED.get(node.op_type, ())):
            used |= set(named)
    changed = 0
    for initializer in model.graph.initializer:
        if initializer.name in used and initializer.data_type == TensorProto.INT8:
            raised = (numpy_helper.to_array(initializer).astype(np.int16) + 128).astype(np.uint8)
            initializer.CopyFrom(numpy_helper.from_array(raised, initializer.name))
            changed += 1
    return changed


def as_products(model: onnx.ModelProto) -> int:
    """Rewrite, in place, each one-dimensional ``ConvInteger`` of stride 1 and one group; returns their number."""
    graph = model.graph
    stored = {initializer.name: initializer for initializer in graph.initializer}
    nodes: list[onnx.NodeProto] = []
    rewritten = 0
    for node in graph.node:
        made = _product(node, stored, graph) if node.op_type == "ConvInteger" else None
        nodes += made or [node]
        rewritten += made is not None
    del graph.node[:]
    graph.node.extend(nodes)
    used = {name for node in graph.node for name in node.input}
    kept = [initializer for initializer in graph.initializer if initializer.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return rewritten


def _product(
    conv: onnx.NodeProto, stored: dict[str, onnx.TensorProto], graph: onnx.GraphProto
) -> list[onnx.NodeProto] | None:
    """The nodes that stand for ``conv``; None where it is of another kind. Weights are ``(out, in, taps)`` uint8."""
    settings: dict[str, Any] = {a.name: helper.get_attribute_value(a) for a in conv.attribute}
    weights, zero = (numpy_helper.to_array(stored[conv.input[i]]).astype(np.int16) for i in (1, 3))
    if weights.ndim != 3 or settings.get("group", 1) != 1 or list(settings.get("strides", [1])) != [1]:
        return None
    name, taps = conv.output[0], weights.shape[2]
    (apart,) = settings.get("dilations", [1])
    before, behind = settings.get("pads", [0, 0])
    columns = (weights - 128).astype(np.int8).transpose(2, 1, 0).reshape(-1, weights.shape[0])

    def constant(what: str, value: Any) -> str:
        graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(value), f"{name}/{what}"))
        return f"{name}/{what}"

    nodes = [
        helper.make_node("Transpose", [conv.input[0]], [f"{name}/rows"], perm=[0, 2, 1]),
        helper.make_node(
            "Pad",
            [f"{name}/rows", constant("pads", np.array([0, before, 0, 0, behind, 0], np.int64)), conv.input[2]],
            [f"{name}/padded"],
        ),
    ]
    centre = constant("zero", (zero - 128).astype(np.int8))
    axis = constant("axis", np.array([1], np.int64))
    for tap in range(taps):
        first = constant(f"first{tap}", np.array([tap * apart], np.int64))
        end = constant(f"end{tap}", np.array([-(taps - 1 - tap) * apart or _TO_THE_END], np.int64))
        nodes.append(helper.make_node("Slice", [f"{name}/padded", first, end, axis], [f"{name}/tap{tap}"]))
    nodes += [
        helper.make_node("Concat", [f"{name}/tap{tap}" for tap in range(taps)], [f"{name}/taps"], axis=2),
        helper.make_node(
            "MatMulInteger",
            [
                f"{name}/taps",
                constant("weights", columns),
                conv.input[2],
                centre,
            ],
            [f"{name}/product"],
        ),
        helper.make_node("Transpose", [f"{name}/product"], [name], perm=[0, 2, 1]),
    ]
    return nodes
