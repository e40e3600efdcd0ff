"""Head files: what is wrong, on which line, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.avatar import BodyError, open_body
from engine.avatar.heads.head_file import load_head
from engine.settings import SettingsError
from engine.settings.channel import Canvas
from tests.avatar.heads.networks import head_file, talking
from tests.settings.test_weights import plain_pickle, safetensors, torch_zip

PHOTO = Path(__file__).parents[1] / "photo" / "leo.ehp"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return talking(tmp_path / "net.onnx")


def test_a_good_file(tmp_path: Path, weights: Path) -> None:
    head = load_head(head_file(tmp_path, weights, PHOTO))
    assert (head.weights, head.photo) == (weights, PHOTO)


@pytest.mark.parametrize(
    ("changed", "line", "key", "message"),
    [
        ({"kind": "wav2lips"}, 1, "kind", "not allowed"),
        ({"photo": "no.ehp"}, 2, "photo", "there is no photo package at"),
        ({"photo": "~nobodyhere/ann.ehp"}, 2, "photo", "~nobodyhere/ann.ehp"),
        ({"photo": "a" * 300 + ".ehp"}, 2, "photo", "there is no photo package at"),
        ({"photo": '"a\\0b.ehp"'}, 2, "photo", "there is no photo package at"),
        ({"weights": "~nobodyhere/net.onnx"}, 3, "weights", "there are no weights at"),
        ({"weights": "a" * 300 + ".onnx"}, 3, "weights", "cannot be read: File name too long"),
        ({"weights": "no.onnx"}, 3, "weights", "there are no weights at"),
        (
            {"weights": "evil.onnx"},
            3,
            "weights",
            "is a pickle, in which any program can hide; only onnx is loaded",
        ),
        ({"weights": "wav2lip.pth"}, 3, "weights", "is a pickle"),
        ({"weights": "a.safetensors"}, 3, "weights", "is no onnx file"),
        ({"weights": "a.pt"}, 3, "weights", "a.pt is TorchScript, a program that could also write files; only onnx"),
        ({"sha256": "1" + "0" * 62 + "a"}, 4, "sha256", "not the file whose hash is written down"),
        ({"sha256": "abc"}, 4, "sha256", "not written right"),
        ({"licence": None}, 1, "licence", "missing"),
        ({"commercial": "maybe"}, 6, "commercial", "not allowed"),
        ({"commercial": "forbidden"}, 6, "commercial", "does not allow selling with them"),
        ({"commercial": "forbidden", "rights": '" "'}, 6, "commercial", "does not allow selling with them"),
        ({"licence": "for research use only"}, 6, "commercial", "does not sound as if it allowed selling"),
        ({"licence": "CC BY-NC 4.0"}, 6, "commercial", "does not sound as if it allowed selling"),
        ({"licence": "CC_BY_NC"}, 6, "commercial", "does not sound as if it allowed selling"),
        ({"licence": "not for commercial use"}, 6, "commercial", "does not sound as if it allowed selling"),
        ({"licence": "research purposes"}, 6, "commercial", "does not sound as if it allowed selling"),
        ({"licence": "禁止用于营利目的"}, 6, "commercial", "does not sound as if it allowed selling"),
        ({"licence": "仅供学习交流"}, 6, "commercial", "does not sound as if it allowed selling"),
    ],
)
def test_wrong_files(tmp_path: Path, weights: Path, changed: dict[str, str], line: int, key: str, message: str) -> None:
    for name in ("evil.onnx", "wav2lip.pth"):
        plain_pickle(tmp_path / name)
    safetensors(tmp_path / "a.safetensors")
    torch_zip(tmp_path / "a.pt", "data.pkl", "constants.pkl", "code/m.py")
    file = head_file(tmp_path, weights, PHOTO, **changed)
    with pytest.raises(SettingsError) as caught:
        load_head(file)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.key) == (file, line, key)
    assert message in problem.message
    with pytest.raises(BodyError, match=key):
        open_body(file, Canvas())


def test_the_right_is_stated_in_the_head_or_in_the_channel(tmp_path: Path, weights: Path) -> None:
    licence = {"licence": "for research use only", "commercial": "forbidden"}
    right = "granted by Sync Labs, contract of 2026-05-01"
    assert load_head(head_file(tmp_path, weights, PHOTO, rights=right, **licence)).rights == right
    assert load_head(head_file(tmp_path, weights, PHOTO, **licence), right).commercial == "forbidden"
