"""The language model that a channel names, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.script.llm import BACKENDS, ModelMissingError, missing
from engine.script.llm.backends import BackendRegistry
from engine.settings import SettingsError, Writer, load_channel

ROOT = Path(__file__).resolve().parents[2]


def channel_file(folder: Path, writer: str) -> Path:
    text = (ROOT / "avatars" / "mia.yaml").read_text("utf-8")
    text = text.replace("../assets", f"{ROOT}/assets").replace("bodies/", f"{ROOT}/avatars/bodies/")
    file = folder / "ann.yaml"
    file.write_text(f"{text}\nwriter:\n{writer}", "utf-8")
    return file


def test_without_the_key_the_templates_write(tmp_path: Path) -> None:
    assert load_channel(channel_file(tmp_path, "  kind: template\n")).writer == Writer()
    assert missing(Writer(), {}) == {}


def test_a_gguf_is_looked_for_beside_the_file(tmp_path: Path) -> None:
    channel = load_channel(channel_file(tmp_path, "  kind: gguf\n  model: models/a.gguf\n"))
    assert channel.writer.model == str(tmp_path / "models" / "a.gguf")
    assert "make llm" in missing(channel.writer, {})["model"]


@pytest.mark.parametrize(
    ("written", "key", "message"),
    [
        ("  kind: oracle\n", "writer.kind", "“oracle” is not allowed"),
        ("  share: 2\n", "writer.share", "“2” is not allowed"),
        ("  modle: x\n", "writer.modle", "not a key"),
        ("  kind: endpoint\n  model: m\n  address: http://example.com/v1\n", "writer.address", "neither an https"),
        ("  kind: endpoint\n  model: m\n  address: https://u:p@example.com\n", "writer.address", "without user, key"),
        ("  kind: endpoint\n  model: m\n  address: http://127.0.0.1.evil.example/\n", "writer.address", "neither"),
        ("  kind: endpoint\n  key_env: 'a b'\n", "writer.key_env", "“a b”"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, written: str, key: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_channel(channel_file(tmp_path, written))
    assert [problem.key for problem in caught.value.problems] == [key]
    assert message in caught.value.problems[0].message


@pytest.mark.parametrize(
    "address",
    ["https://api.example.com/v1/", "http://127.0.0.1:8000/v1", "http://localhost:11434/v1", "http://[::1]:1"],
)
def test_https_and_this_machine_are_allowed(address: str) -> None:
    assert Writer(kind="endpoint", address=address).address == address.rstrip("/")


def test_what_an_endpoint_lacks() -> None:
    bare = Writer(kind="endpoint", key_env="SOME_KEY")
    assert missing(bare, {}).keys() == {"model", "address", "key_env"}
    ready = Writer(kind="endpoint", model="m", address="https://a.example", key_env="SOME_KEY", pitches="whole")
    assert missing(ready, {"SOME_KEY": "k"}) == {}
    assert "pitches" in missing(Writer(kind="gguf", model="m", pitches="whole"), {})
    with pytest.raises(ModelMissingError, match="SOME_KEY is not set"):
        BACKENDS.make(ready, {})


def test_missing_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert missing(Writer(kind="gguf", model="m"), {})["kind"].endswith('pip install "everhost[llm]"')
    assert missing(Writer(kind="transformers", model="m"), {})["kind"].endswith('pip install "everhost[torch]"')


def test_backends_are_known_once() -> None:
    registry = BackendRegistry()
    registry.add("gguf", lambda *_: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(ValueError, match="already a writer “gguf”"):
        registry.add("gguf", lambda *_: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(ModelMissingError, match="no writer “endpoint”; there are: gguf"):
        registry.make(Writer(kind="endpoint"), {})
