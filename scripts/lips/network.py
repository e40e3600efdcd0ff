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

WIDTH = 112
STEPS = (1, 2, 4, 8, 16, 1, 2, 4)
"""How many frames back the layers look, once and twice: 760 ms in all."""

STATE = 2 * sum(STEPS)
DROPOUT = 0.1
OPSET, IR_VERSION = 17, 9
EPSILON = 1e-5


class LookBack(nn.Module):
    """What a frame and those ``step`` and ``2 * step`` before it say together, added to the frame."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.wide = nn.Linear(3 * WIDTH, WIDTH)
        self.back = nn.Linear(WIDTH, WIDTH)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``(batch, frames, WIDTH)`` to the same; before the first frame there is nothing (zeros)."""
        seen = self.norm(x)
        padded = nn.functional.pad(seen, (0, 0, 2 * self.step, 0))
        frames = x.shape[1]
        three = torch.cat([padded[:, k * self.step : k * self.step + frames] for k in range(3)], 2)
        return x + self.dropout(self.back(torch.relu(self.wide(three))))


class LipModel(nn.Module):
    """Frames ``(batch, frames, BANDS)`` to logits of visemes, of the mouth's curves, and of what is held."""

    def __init__(self, mean: Floats, spread: Floats) -> None:
        """``mean`` and ``spread`` of each band of the training speech."""
        super().__init__()
        self.register_buffer("mean", torch.from_numpy(mean))
        self.register_buffer("spread", torch.from_numpy(spread))
        self.entry = nn.Linear(BANDS, WIDTH)
        self.layers = nn.ModuleList(LookBack(step) for step in STEPS)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.heads = nn.ModuleList(nn.Linear(WIDTH, n) for n in (len(VISEMES), len(MOUTH_CURVES), 2))

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Each output of shape ``(batch, frames, width)``."""
        x = self.entry((mel - self.mean) / self.spread)
        for layer in self.layers:
            x = layer(x)
        x = self.norm(x)
        return tuple(head(x) for head in self.heads)


def write_onnx(model: LipModel, file: Path) -> None:
    """The graph: ``mel (frames, BANDS)`` and ``state (STATE, WIDTH)`` in; probabilities, curves, held and state out.

    The state is what each layer saw of the last ``2 * step`` frames, one layer below the other.
    """
    weights = {name: value.detach().numpy() for name, value in model.state_dict().items()}
    stored: dict[str, onnx.TensorProto] = {}
    nodes: list[onnx.NodeProto] = []

    def keep(name: str, value: Any) -> str:
        stored[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def number(value: int) -> str:
        return keep(f"n{value}", np.array([value], np.int64))

    def node(kind: str, inputs: list[str], outputs: list[str], **settings: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, outputs, **settings))
        return outputs[0]

    def learnt(name: str) -> list[str]:
        return [keep(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias")]

    def linear(name: str, source: str) -> str:
        return node("Gemm", [source, *learnt(name)], [f"{name}.y"], transB=1)

    def norm(name: str, source: str) -> str:
        return node("LayerNormalization", [source, *learnt(name)], [f"{name}.y"], axis=-1, epsilon=EPSILON)

    def rows(source: str, first: int, last: int, out: str) -> str:
        """``last``: 0 for the end."""
        return node("Slice", [source, number(first), number(last or 2**31), number(0)], [out])

    node("Sub", ["mel", keep("mean", weights["mean"])], ["centred"])
    node("Div", ["centred", keep("spread", weights["spread"])], ["scaled"])
    x, below, states = linear("entry", "scaled"), 0, []
    for i, step in enumerate(STEPS):
        name = f"layers.{i}"
        old = rows("state", below, below + 2 * step, f"{name}.old")
        below += 2 * step
        known = node("Concat", [old, norm(f"{name}.norm", x)], [f"{name}.known"], axis=0)
        three = [
            rows(known, 0, -2 * step, f"{name}.first"),
            rows(known, step, -step, f"{name}.second"),
            rows(known, 2 * step, 0, f"{name}.third"),
        ]
        states.append(rows(known, -2 * step, 0, f"{name}.kept"))
        together = node("Concat", three, [f"{name}.three"], axis=1)
        active = node("Relu", [linear(f"{name}.wide", together)], [f"{name}.active"])
        x = node("Add", [x, linear(f"{name}.back", active)], [f"{name}.out"])
    node("Concat", states, ["state_out"], axis=0)
    x = norm("norm", x)
    for i, (kind, out) in enumerate((("Softmax", "visemes"), ("Sigmoid", "mouth"), ("Sigmoid", "held"))):
        node(kind, [linear(f"heads.{i}", x)], [out], **({"axis": 1} if kind == "Softmax" else {}))
    widths = {"visemes": len(VISEMES), "mouth": len(MOUTH_CURVES), "held": 2}
    graph = helper.make_graph(
        nodes,
        "lips",
        [
            helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["frames", BANDS]),
            helper.make_tensor_value_info("state", TensorProto.FLOAT, [STATE, WIDTH]),
        ],
        [
            *(helper.make_tensor_value_info(n, TensorProto.FLOAT, ["frames", w]) for n, w in widths.items()),
            helper.make_tensor_value_info("state_out", TensorProto.FLOAT, [STATE, WIDTH]),
        ],
        list(stored.values()),
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(made)
    file.write_bytes(made.SerializeToString())


def read_onnx(model: LipModel, file: Path) -> None:
    """Give ``model`` the weights of a graph that ``write_onnx`` wrote."""
    stored = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(file).graph.initializer}
    model.load_state_dict({name: stored[name] for name in model.state_dict()})
