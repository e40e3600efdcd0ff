"""What ``make zh`` does about files that are damaged: it fetches them again, and only then says that all is there."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from engine.speech.kokoro_voices import STYLES_BYTES

ROOT = Path(__file__).resolve().parents[2]
MODEL = b"a model"
VOICE = bytes(STYLES_BYTES)


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, with a small model and one voice to fetch; ``fetched`` is what it asked for."""
    spec = importlib.util.spec_from_file_location("fetch_kokoro", ROOT / "scripts" / "fetch_kokoro.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    made.fetched = []

    def model_and_vocab(_: Path) -> tuple[bytes, dict[str, int]]:
        made.fetched.append("model")
        return MODEL, {"a": 1}

    def voices(_: Path) -> dict[str, bytes]:
        made.fetched.append("voices")
        return {"af_heart.bin": VOICE, "zf_xiaoxiao.bin": VOICE}

    for name, value in {
        "TARGET": tmp_path / "kokoro",
        "MODEL_SHA256": hashlib.sha256(MODEL).hexdigest(),
        "LANGUAGES": {"af_heart": frozenset({"en"}), "zf_xiaoxiao": frozenset({"zh"})},
        "model_and_vocab": model_and_vocab,
        "voices": voices,
    }.items():
        monkeypatch.setattr(made, name, value)
    return made


def files(script: ModuleType) -> dict[str, int]:
    return {str(f.relative_to(script.TARGET)): f.stat().st_size for f in script.TARGET.rglob("*") if f.is_file()}


def test_all_is_fetched_once(script: ModuleType) -> None:
    assert (script.main(), script.main(), script.fetched) == (0, 0, ["model", "voices"])
    assert files(script) == {
        "model.onnx": len(MODEL), "vocab.json": 8, "voices/af_heart.bin": STYLES_BYTES,
        "voices/zf_xiaoxiao.bin": STYLES_BYTES, "complete": len(script.COMPLETE),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "cut", "again"),
    [
        ("voices/zf_xiaoxiao.bin", b"x", ["voices"]),
        ("voices/zf_xiaoxiao.bin", None, ["voices"]),
        ("model.onnx", b"a modal", ["model"]),
        ("vocab.json", b"", ["model"]),
    ],
)
def test_what_is_damaged_or_gone_is_fetched_again(
    script: ModuleType, name: str, cut: bytes | None, again: list[str]
) -> None:
    script.main()
    whole = files(script)
    script.fetched.clear()
    file = script.TARGET / name
    if cut is None:
        file.unlink()
    else:
        file.write_bytes(cut)
    script.main()
    assert (script.fetched, files(script)) == (again, whole)


def test_what_was_broken_off_is_gone_on_with_and_nothing_is_half_there(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:1])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            script.main()
    assert not [name for name in files(script) if not name.endswith(".part")]
    script.main()
    assert files(script)["voices/zf_xiaoxiao.bin"] == STYLES_BYTES
    assert not [name for name in files(script) if name.endswith(".part")]
