"""A process that is started again while the files are broken takes the channel as it went on air."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.kept_channel import channel_for_child, keep_catalogue, keep_channel
from engine.settings import Channel, SettingsError, load_channel
from tests.server.conftest import make_channel


@pytest.fixture
def file(tmp_path: Path) -> Path:
    source = Path(__file__).resolve().parents[2] / "avatars"
    text = (source / "xiaomei.yaml").read_text().replace("bodies/", f"{source}/bodies/")
    goods = tmp_path / "goods.yaml"
    text = "\n".join("catalogue: goods.yaml" if line.startswith("catalogue:") else line for line in text.splitlines())
    (tmp_path / "host.yaml").write_text(text)
    first = load_channel(source / "xiaomei.yaml")
    goods.write_text(first.catalogue.read_text().replace("../products/", f"{first.catalogue.parent.parent}/products/"))
    return tmp_path / "host.yaml"


def test_the_files_are_read_while_they_are_good(file: Path, tmp_path: Path) -> None:
    loaded = load_channel(file)
    keep_channel(loaded.model_copy(update={"name": "Kept"}), tmp_path)
    assert channel_for_child(file, tmp_path).name == loaded.name


@pytest.mark.parametrize("how", ["gone", "broken"])
def test_what_was_kept_is_taken_while_the_catalogue_is_gone_or_broken(file: Path, tmp_path: Path, how: str) -> None:
    loaded = load_channel(file)
    keep_channel(loaded, tmp_path)
    newer = loaded.items.model_copy(update={"shop": "Newer"})
    keep_catalogue(newer, tmp_path)
    (tmp_path / "goods.yaml").unlink() if how == "gone" else (tmp_path / "goods.yaml").write_text("products: [")
    assert channel_for_child(file, tmp_path).items == newer


def test_without_anything_kept_the_mistake_is_told(file: Path, tmp_path: Path) -> None:
    (tmp_path / "goods.yaml").unlink()
    with pytest.raises(SettingsError):
        channel_for_child(file, tmp_path)


def test_it_is_for_its_user_alone_and_holds_the_secrets(tmp_path: Path) -> None:
    channel: Channel = make_channel(tmp_path, 1)
    keep_channel(channel, tmp_path)
    assert oct((tmp_path / "channel").stat().st_mode)[-3:] == "600"
