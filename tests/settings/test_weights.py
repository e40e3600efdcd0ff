"""What a file of weights is, told by what is in it; pickles never pass, whatever they are called."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.settings.weights import format_of, sha256_of, why_not_weights


def safetensors(file: Path) -> Path:
    header = json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    file.write_bytes(len(header).to_bytes(8, "little") + header + np.ones(2, "<f4").tobytes())
    return file


def onnx_file(file: Path) -> Path:
    value = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    out = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([node], "g", [value], [out])), file)
    return file


def torch_zip(file: Path, *names: str) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(f"archive/{name}", b"x")
    return file


def plain_pickle(file: Path) -> Path:
    file.write_bytes(pickle.dumps({"a": 1}))
    return file


@pytest.mark.parametrize(
    ("make", "name", "found"),
    [
        (safetensors, "a.safetensors", "safetensors"),
        (safetensors, "a.pth", "safetensors"),
        (onnx_file, "a.onnx", "onnx"),
        (plain_pickle, "a.safetensors", "pickle"),
        (plain_pickle, "a.onnx", "pickle"),
        (lambda f: torch_zip(f, "data.pkl", "version", "data/0"), "a.safetensors", "pickle"),
        (lambda f: torch_zip(f, "data.pkl", "constants.pkl", "code/m.py"), "a.pt", "TorchScript"),
        (lambda f: torch_zip(f, "readme"), "a.zip", "unknown"),
    ],
)
def test_what_it_is_is_told_by_its_content(tmp_path: Path, make, name: str, found: str) -> None:
    assert format_of(make(tmp_path / name)) == found


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"", "unknown"), (b"hello", "unknown"), (b"\xff" * 8 + b"{}      ", "unknown"), (b"PK", "unknown")],
)
def test_rubbish_is_nothing(tmp_path: Path, content: bytes, found: str) -> None:
    file = tmp_path / "a.safetensors"
    file.write_bytes(content)
    assert format_of(file) == found


def test_a_header_of_brackets_is_nothing(tmp_path: Path) -> None:
    header = b'{"a":' + b"[" * 200_000
    file = tmp_path / "a.safetensors"
    file.write_bytes(len(header).to_bytes(8, "little") + header)
    assert why_not_weights(file, sha256_of(file), ("safetensors",)) == "a.safetensors is no safetensors file"


def test_only_what_is_wanted_with_its_hash_may_be_loaded(tmp_path: Path) -> None:
    file = safetensors(tmp_path / "a.safetensors")
    good = sha256_of(file)
    assert why_not_weights(file, good, ("safetensors",)) == ""
    assert why_not_weights(file, good, ("onnx",)) == "a.safetensors is no onnx file"
    assert "not the file whose hash is written down" in why_not_weights(file, "0" * 64, ("safetensors",))
    assert "there are no weights at" in why_not_weights(tmp_path / "b", good, ("safetensors",))
    evil = plain_pickle(tmp_path / "c.safetensors")
    why = why_not_weights(evil, sha256_of(evil), ("safetensors", "onnx"))
    assert why == "c.safetensors is a pickle, in which any program can hide; only safetensors or onnx is loaded"
