"""A process that is started again takes the channel as it went on air, whatever its files say by then."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.kept_channel import KeptCatalogue, channel_for_child, keep_channel
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


def test_what_is_changed_in_the_file_waits_for_a_restart_of_the_channel(file: Path, tmp_path: Path) -> None:
    on_air = load_channel(file)
    keep_channel(on_air, tmp_path)
    more = "canvas: {width: 1080, height: 1920, fps: 30}\noutputs: [{kind: recording, name: new, folder: kept}]\n"
    file.write_text(f"{file.read_text()}\n{more}")
    (tmp_path / "goods.yaml").write_text((tmp_path / "goods.yaml").read_text().replace("shop: ", "shop: New ", 1))
    assert channel_for_child(file, tmp_path) == on_air
    restarted = load_channel(file)
    keep_channel(restarted, tmp_path)
    found = channel_for_child(file, tmp_path)
    assert (found.canvas.fps, found.outputs[0].name) == (30, "new")
    assert found.items.shop.startswith("New ")


def test_the_file_is_read_where_nothing_was_kept(file: Path, tmp_path: Path) -> None:
    assert channel_for_child(file, tmp_path) == load_channel(file)


@pytest.mark.parametrize("how", ["gone", "broken"])
def test_what_was_kept_is_taken_while_the_catalogue_is_gone_or_broken(file: Path, tmp_path: Path, how: str) -> None:
    loaded = load_channel(file)
    keep_channel(loaded, tmp_path)
    newer = loaded.items.model_copy(update={"shop": "Newer"})
    KeptCatalogue(tmp_path).keep(newer)
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
