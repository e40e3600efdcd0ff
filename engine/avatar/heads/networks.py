"""Weights that a merchant brings, loaded: ONNX by ONNX Runtime. Never a pickle, nor TorchScript: both are programs.

They run on one thread of the caller: the stage's other work and the encoder need the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime

from engine.avatar.heads.contract import HeadError, Network
from engine.flow import Floats


class OnnxNetwork:
    """A file that ONNX Runtime runs."""

    def __init__(self, file: Path) -> None:
        _refuse_outside_data(file)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(file), options, providers=_providers())
        except Exception as error:
            raise HeadError(f"{file.name} cannot be run: {_first_line(error)}") from error
        taken = self._session.get_inputs()
        self._names = [each.name for each in taken]
        self.inputs = tuple(tuple(n if isinstance(n, int) else None for n in each.shape) for each in taken)

    def run(self, *arrays: Floats) -> Floats:
        """See ``Network``."""
        try:
            return np.asarray(self._session.run(None, dict(zip(self._names, arrays, strict=True)))[0], np.float32)
        except Exception as error:
            raise HeadError(f"the network fails: {_first_line(error)}") from error


def open_network(file: Path) -> Network:
    """The network in a file whose hash was checked. Raises HeadError."""
    return OnnxNetwork(file)


def _refuse_outside_data(file: Path) -> None:
    """Weights in other files would be read from wherever the file says, and have no hash that was checked."""
    try:
        model = onnx.load(str(file), load_external_data=False)
    except Exception as error:
        raise HeadError(f"{file.name} is a damaged ONNX file") from error
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data for tensor in _tensors(model)):
        raise HeadError(f"{file.name} keeps its weights in other files; save it in one")


def _tensors(message: Any) -> Iterator[onnx.TensorProto]:
    """Every tensor of an ONNX file: of its graph, constants, sparse ones, and of inner graphs and functions."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for each in [value] if hasattr(value, "ListFields") else value:
            if isinstance(each, onnx.TensorProto):
                yield each
            else:
                yield from _tensors(each)


def _providers() -> list[str]:
    """A graphics card where ONNX Runtime has one, else the CPU."""
    return [name for name in onnxruntime.get_available_providers() if name in _PROVIDERS]


_PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
