"""The converter says what is wrong with a checkpoint, whatever its reader stumbles over. It runs with torch of Coqui's
own environment, in whose place stand a reader and a writer of the test's own.
"""

from __future__ import annotations

import importlib.util
import pickle
import sys
from pathlib import Path
from types import ModuleType

import pytest

from engine.speech.coqui import place


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    torch, safetensors, saving = ModuleType("torch"), ModuleType("safetensors"), ModuleType("safetensors.torch")
    torch.Tensor = bytes  # type: ignore[attr-defined]
    saving.save_file = None  # type: ignore[attr-defined]
    for name, module in {"torch": torch, "safetensors": safetensors, "safetensors.torch": saving}.items():
        monkeypatch.setitem(sys.modules, name, module)
    return torch


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (IndexError("pop from empty list"), "it is damaged or no checkpoint (pop from empty list)"),
        (RuntimeError(), "it is damaged or no checkpoint (RuntimeError)"),
        (AttributeError("no\nsuch thing"), "it is damaged or no checkpoint (no)"),
        (FileNotFoundError(2, "No such file or directory"), "it cannot be read: No such file or directory"),
        (pickle.UnpicklingError("posix.system"), "it holds more than tensors and plain data, so it is not opened"),
    ],
)
def test_a_garbled_checkpoint_is_told_in_one_line(
    reader: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], raised: Exception, told: str
) -> None:
    def load(*_: object, **__: object) -> None:
        raise raised

    reader.load = load  # type: ignore[attr-defined]
    spec = importlib.util.spec_from_file_location("coqui_convert", place.CONVERT)
    assert spec is not None
    assert spec.loader is not None
    convert = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(convert)
    assert convert.main(str(tmp_path / "a.pth"), str(tmp_path / "a.safetensors")) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(told)
