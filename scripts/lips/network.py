"""The network in torch, and its weights as the ONNX graph that ``engine.motion.lip_network`` runs."""

from __future__ import annotations

from collections.abc import Sequence
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
HEADS = {"visemes": "Softmax", "mouth": "Sigmoid", "held": "Sigmoid"}
"""What is said, and what makes it of logits."""

WIDTHS = (len(VISEMES), len(MOUTH_CURVES), 2)
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
        self.heads = nn.ModuleList(nn.Linear(WIDTH, n) for n in WIDTHS)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Each output of shape ``(batch, frames, width)``."""
        x = self.entry((mel - self.mean) / self.spread)
        for layer in self.layers:
            x = layer(x)
        x = self.norm(x)
        return tuple(head(x) for head in self.heads)


class _Graph:
    """The graph as it grows: nodes, and what is stored with it. Each step returns the name of what it gives."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.stored: dict[str, onnx.TensorProto] = {}

    def keep(self, name: str, value: Any) -> str:
        self.stored[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, kind: str, inputs: list[str], out: str, **settings: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [out], **settings))
        return out

    def rows(self, source: str, first: int, last: int, out: str) -> str:
        """``last``: 0 for the end."""
        return self.node("Slice", [source, self._number(first), self._number(last or 2**31), self._number(0)], out)

    def _number(self, value: int) -> str:
        return self.keep(f"n{value}", np.array([value], np.int64))


class _Member:
    """One model's part of the graph; all its names begin with its own."""

    def __init__(self, graph: _Graph, name: str, model: LipModel) -> None:
        self._graph, self._name = graph, name
        self._weights = {each: value.detach().numpy() for each, value in model.state_dict().items()}

    def hear(self, state_row: int) -> tuple[list[str], list[str]]:
        """The outputs of ``HEADS``, and the states, whose old ones lie in ``state`` from ``state_row`` on."""
        g, name = self._graph, self._name
        centred = g.node("Sub", ["mel", g.keep(f"{name}.mean", self._weights["mean"])], f"{name}.centred")
        scaled = g.node("Div", [centred, g.keep(f"{name}.spread", self._weights["spread"])], f"{name}.scaled")
        x, states = self._linear("entry", scaled), []
        for i, step in enumerate(STEPS):
            old = g.rows("state", state_row, state_row + 2 * step, f"{name}.layers.{i}.old")
            state_row += 2 * step
            x, state = self._look_back(f"layers.{i}", step, x, old)
            states.append(state)
        x = self._norm("norm", x)
        said = []
        for i, (out, kind) in enumerate(HEADS.items()):
            settings = {"axis": 1} if kind == "Softmax" else {}
            said.append(g.node(kind, [self._linear(f"heads.{i}", x)], f"{name}.{out}", **settings))
        return said, states

    def _linear(self, part: str, source: str) -> str:
        return self._graph.node("Gemm", [source, *self._learnt(part)], f"{self._name}.{part}.y", transB=1)

    def _norm(self, part: str, source: str) -> str:
        out = f"{self._name}.{part}.y"
        return self._graph.node("LayerNormalization", [source, *self._learnt(part)], out, axis=-1, epsilon=EPSILON)

    def _look_back(self, part: str, step: int, x: str, old: str) -> tuple[str, str]:
        """A layer of ``LookBack``, which saw ``old`` before: what it gives, and what it has seen then."""
        g, name = self._graph, f"{self._name}.{part}"
        known = g.node("Concat", [old, self._norm(f"{part}.norm", x)], f"{name}.known", axis=0)
        three = [
            g.rows(known, 0, -2 * step, f"{name}.first"),
            g.rows(known, step, -step, f"{name}.second"),
            g.rows(known, 2 * step, 0, f"{name}.third"),
        ]
        together = g.node("Concat", three, f"{name}.three", axis=1)
        active = g.node("Relu", [self._linear(f"{part}.wide", together)], f"{name}.active")
        out = g.node("Add", [x, self._linear(f"{part}.back", active)], f"{name}.out")
        return out, g.rows(known, -2 * step, 0, f"{name}.kept")

    def _learnt(self, part: str) -> list[str]:
        """Weights and bias. They are stored in half precision, and computed with in full."""
        names = []
        for kind in ("weight", "bias"):
            name = f"{self._name}.{part}.{kind}"
            stored = self._graph.keep(f"{name}.half", self._weights[f"{part}.{kind}"].astype(np.float16))
            names.append(self._graph.node("Cast", [stored], name, to=TensorProto.FLOAT))
        return names


def write_onnx(models: Sequence[LipModel], file: Path) -> None:
    """The graph: ``mel (frames, BANDS)`` and ``state`` in; probabilities, curves, held and state out.

    Each model hears the same, and what they say is averaged. The state, ``(STATE, WIDTH)`` a model, is what each layer
    saw of the last ``2 * step`` frames, one layer below the other.
    """
    g = _Graph()
    said, states = [], []
    for i, model in enumerate(models):
        outputs, kept = _Member(g, f"m{i}", model).hear(i * STATE)
        said.append(outputs)
        states += kept
    g.node("Concat", states, "state_out", axis=0)
    for out, each in zip(HEADS, zip(*said, strict=True), strict=True):
        g.node("Mean", list(each), out)

    def floats(name: str, *shape: int | str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    rows = len(models) * STATE
    graph = helper.make_graph(
        g.nodes,
        "lips",
        [floats("mel", "frames", BANDS), floats("state", rows, WIDTH)],
        [*(floats(name, "frames", n) for name, n in zip(HEADS, WIDTHS, strict=True)), floats("state_out", rows, WIDTH)],
        list(g.stored.values()),
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(made)
    file.write_bytes(made.SerializeToString())
