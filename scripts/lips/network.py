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


class _Graph:
    """The graph as it grows: nodes, and what is stored with it. Each step returns the name of what it gives."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.stored: dict[str, onnx.TensorProto] = {}

    def keep(self, name: str, value: Any) -> str:
        self.stored[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, kind: str, inputs: list[str], out: str, **settings: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [out], **settings))
        return out

    def linear(self, name: str, source: str) -> str:
        return self.node("Gemm", [source, *self._learnt(name)], f"{name}.y", transB=1)

    def norm(self, name: str, source: str) -> str:
        return self.node("LayerNormalization", [source, *self._learnt(name)], f"{name}.y", axis=-1, epsilon=EPSILON)

    def rows(self, source: str, first: int, last: int, out: str) -> str:
        """``last``: 0 for the end."""
        return self.node("Slice", [source, self._number(first), self._number(last or 2**31), self._number(0)], out)

    def look_back(self, name: str, step: int, x: str, old: str) -> tuple[str, str]:
        """A layer of ``LookBack``, which saw ``old`` before: what it gives, and what it has seen then."""
        known = self.node("Concat", [old, self.norm(f"{name}.norm", x)], f"{name}.known", axis=0)
        three = [
            self.rows(known, 0, -2 * step, f"{name}.first"),
            self.rows(known, step, -step, f"{name}.second"),
            self.rows(known, 2 * step, 0, f"{name}.third"),
        ]
        together = self.node("Concat", three, f"{name}.three", axis=1)
        active = self.node("Relu", [self.linear(f"{name}.wide", together)], f"{name}.active")
        out = self.node("Add", [x, self.linear(f"{name}.back", active)], f"{name}.out")
        return out, self.rows(known, -2 * step, 0, f"{name}.kept")

    def _number(self, value: int) -> str:
        return self.keep(f"n{value}", np.array([value], np.int64))

    def _learnt(self, name: str) -> list[str]:
        return [self.keep(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias")]


def write_onnx(model: LipModel, file: Path) -> None:
    """The graph: ``mel (frames, BANDS)`` and ``state (STATE, WIDTH)`` in; probabilities, curves, held and state out.

    The state is what each layer saw of the last ``2 * step`` frames, one layer below the other.
    """
    g = _Graph({name: value.detach().numpy() for name, value in model.state_dict().items()})
    g.node("Sub", ["mel", g.keep("mean", g.weights["mean"])], "centred")
    g.node("Div", ["centred", g.keep("spread", g.weights["spread"])], "scaled")
    x, below, states = g.linear("entry", "scaled"), 0, []
    for i, step in enumerate(STEPS):
        old = g.rows("state", below, below + 2 * step, f"layers.{i}.old")
        below += 2 * step
        x, state = g.look_back(f"layers.{i}", step, x, old)
        states.append(state)
    g.node("Concat", states, "state_out", axis=0)
    x = g.norm("norm", x)
    for i, (kind, out) in enumerate((("Softmax", "visemes"), ("Sigmoid", "mouth"), ("Sigmoid", "held"))):
        g.node(kind, [g.linear(f"heads.{i}", x)], out, **({"axis": 1} if kind == "Softmax" else {}))

    def floats(name: str, *shape: int | str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    widths = {"visemes": len(VISEMES), "mouth": len(MOUTH_CURVES), "held": 2}
    graph = helper.make_graph(
        g.nodes,
        "lips",
        [floats("mel", "frames", BANDS), floats("state", STATE, WIDTH)],
        [*(floats(name, "frames", width) for name, width in widths.items()), floats("state_out", STATE, WIDTH)],
        list(g.stored.values()),
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(made)
    file.write_bytes(made.SerializeToString())


def read_onnx(model: LipModel, file: Path) -> None:
    """Give ``model`` the weights of a graph that ``write_onnx`` wrote."""
    stored = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in onnx.load(file).graph.initializer}
    model.load_state_dict({name: stored[name] for name in model.state_dict()})
