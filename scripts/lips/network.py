"""The network in torch, and its weights as the ONNX graph that ``engine.motion.lip_network`` runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from engine.flow import Floats
from engine.motion.mel import BANDS
from engine.motion.visemes import MOUTH_CURVES, VISEMES

ENTRY = 64
HIDDEN = 112
LAYERS = 2
DROPOUT = 0.15
OPSET, IR_VERSION = 17, 9


class LipModel(nn.Module):
    """Frames ``(batch, frames, BANDS)`` to logits of visemes, of the mouth's curves, and of what is held."""

    def __init__(self, mean: Floats, spread: Floats) -> None:
        """``mean`` and ``spread`` of each band of the training speech."""
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("spread", torch.from_numpy(spread))
        self.entry = nn.Linear(BANDS, ENTRY)
        self.layers = nn.ModuleList(nn.GRU(HIDDEN if i else ENTRY, HIDDEN, batch_first=True) for i in range(LAYERS))
        self.dropout = nn.Dropout(DROPOUT)
        self.heads = nn.ModuleList(nn.Linear(HIDDEN, n) for n in (len(VISEMES), len(MOUTH_CURVES), 2))

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Each output of shape ``(batch, frames, width)``."""
        x = self.dropout(torch.relu(self.entry((mel - self.mean) / self.spread)))
        for layer in self.layers:
            x = self.dropout(layer(x)[0])
        return tuple(head(x) for head in self.heads)


def write_onnx(model: LipModel, file: Path) -> None:
    """The graph: ``mel (frames, BANDS)`` and ``state`` in; probabilities, curves, held and the new state out."""
    weights = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    stored: list[onnx.TensorProto] = []
    nodes: list[onnx.NodeProto] = []

    def keep(name: str, value: Any) -> str:
        stored.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(kind: str, inputs: list[str], outputs: list[str], **settings: Any) -> None:
        nodes.append(helper.make_node(kind, inputs, outputs, **settings))

    def linear(name: str, source: str, out: str) -> None:
        node("Gemm", [source, keep(f"{name}.w", weights[f"{name}.weight"]), keep(f"{name}.b", weights[f"{name}.bias"])],
             [out], transB=1)  # fmt: skip

    node("Sub", ["mel", keep("mean", weights["mean"])], ["centred"])
    node("Div", ["centred", keep("spread", weights["spread"])], ["scaled"])
    linear("entry", "scaled", "entered")
    node("Relu", ["entered"], ["x0"])
    one = keep("one", np.array([1], np.int64))
    node("Unsqueeze", ["x0", one], ["rows0"])
    node("Split", ["state", keep("sizes", np.ones(LAYERS, np.int64))], [f"h{i}" for i in range(LAYERS)], axis=0)
    for i in range(LAYERS):
        w, r, b = _gru(weights, f"layers.{i}")
        node("GRU", [f"rows{i}", keep(f"w{i}", w), keep(f"r{i}", r), keep(f"b{i}", b), "", f"h{i}"],
             [f"y{i}", f"last{i}"], hidden_size=HIDDEN, linear_before_reset=1)  # fmt: skip
        node("Squeeze", [f"y{i}", one], [f"rows{i + 1}"])
    node("Concat", [f"last{i}" for i in range(LAYERS)], ["state_out"], axis=0)
    node("Squeeze", [f"rows{LAYERS}", one], ["x"])
    for i, (kind, out) in enumerate((("Softmax", "visemes"), ("Sigmoid", "mouth"), ("Sigmoid", "held"))):
        linear(f"heads.{i}", "x", f"logits{i}")
        node(kind, [f"logits{i}"], [out], **({"axis": 1} if kind == "Softmax" else {}))
    state = [LAYERS, 1, HIDDEN]
    widths = {"visemes": len(VISEMES), "mouth": len(MOUTH_CURVES), "held": 2}
    graph = helper.make_graph(
        nodes,
        "lips",
        [
            helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["frames", BANDS]),
            helper.make_tensor_value_info("state", TensorProto.FLOAT, state),
        ],
        [
            *(helper.make_tensor_value_info(n, TensorProto.FLOAT, ["frames", w]) for n, w in widths.items()),
            helper.make_tensor_value_info("state_out", TensorProto.FLOAT, state),
        ],
        stored,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(made)
    file.write_bytes(made.SerializeToString())


def read_onnx(model: LipModel, file: Path) -> None:
    """Give ``model`` the weights of a graph that ``write_onnx`` wrote."""
    stored = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(file).graph.initializer}
    weights = {"mean": stored["mean"], "spread": stored["spread"]}
    for name in ("entry", *(f"heads.{i}" for i in range(3))):
        weights |= {f"{name}.weight": stored[f"{name}.w"], f"{name}.bias": stored[f"{name}.b"]}
    for i in range(LAYERS):
        inner, outer = stored[f"b{i}"][0].chunk(2)
        parts = {"weight_ih": stored[f"w{i}"][0], "weight_hh": stored[f"r{i}"][0], "bias_ih": inner, "bias_hh": outer}
        for part, value in parts.items():
            update, reset, new = value.chunk(3)
            weights[f"layers.{i}.{part}_l0"] = torch.cat([reset, update, new])
    model.load_state_dict(weights)


def _gru(weights: dict[str, Floats], name: str) -> tuple[Floats, Floats, Floats]:
    """A layer's weights as ONNX wants them: one direction, gates in the order update, reset, new (torch: r, z, n)."""

    def ordered(value: Floats) -> Floats:
        reset, update, new = np.split(value, 3)
        return np.concatenate([update, reset, new])

    inner, outer = ordered(weights[f"{name}.weight_ih_l0"]), ordered(weights[f"{name}.weight_hh_l0"])
    bias = np.concatenate([ordered(weights[f"{name}.bias_ih_l0"]), ordered(weights[f"{name}.bias_hh_l0"])])
    return inner[None], outer[None], bias[None]
