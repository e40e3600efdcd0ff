"""What a merchant reads when something is wrong: file, line, key, and what would be right."""

from __future__ import annotations

import io
import json
import socket
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import moderngl
import pytest
from ruamel.yaml import YAML

from engine.avatar.body_file import write_body
from engine.avatar.gltf import import_model
from engine.cli import EXIT_BAD_INPUT, main
from engine.settings.consent import local_today
from scripts.bodies.mascot import write_mascot
from tests.avatar.zips import altered

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def channel(tmp_path: Path) -> Path:
    """Mia's files in a folder of their own, with absolute paths."""
    text = (ROOT / "avatars" / "mia.yaml").read_text()
    text = text.replace("bodies/mia.ehb", str(ROOT / "avatars" / "bodies" / "mia.ehb"))
    text = text.replace("../assets/catalogue/demo.yaml", "demo.yaml")
    (tmp_path / "mia.yaml").write_text(text)
    items = (ROOT / "assets" / "catalogue" / "demo.yaml").read_text()
    (tmp_path / "demo.yaml").write_text(items.replace("../products/", f"{ROOT}/assets/products/"))
    return tmp_path / "mia.yaml"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["everhost", *arguments])
    return main()


def change(file: Path, old: str, new: str) -> int:
    """Replace the first ``old`` and return its line."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_the_demo_channel_is_good(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "check", str(ROOT / "avatars" / "mia.yaml")) == 0
    out = capsys.readouterr().out
    assert "12 products" in out
    assert "with prices in USD." in out


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (EOFError(), 1)])
def test_whoever_breaks_off_at_the_password_sees_no_traceback(
    error: BaseException,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken_off(*_: object) -> str:
        raise error

    monkeypatch.setenv("EVERHOST_STATE_DIR", str(tmp_path))
    monkeypatch.setattr("getpass.getpass", broken_off)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    assert run(monkeypatch, "user", "add", "anna") == status
    assert "Traceback" not in capsys.readouterr().err


def test_a_path_that_is_no_text_is_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    printed = io.TextIOWrapper(io.BytesIO(), "utf-8")
    monkeypatch.setattr(sys, "stdout", printed)
    (tmp_path / "a.csv").write_text("name,price,stock,material\nMug,$5,1,clay\n")
    odd = tmp_path / "\udcc9.csv"
    (tmp_path / "a.csv").rename(odd)
    assert run(monkeypatch, "catalogue", "import", str(odd), "--shop", "A") == 0
    printed.flush()
    assert rb"\udcc9.csv: 1 products" in printed.buffer.getvalue()  # type: ignore[attr-defined]


def test_all_mistakes_of_both_files_are_told_at_once(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = channel.with_name("demo.yaml")
    price = change(demo, "price: 19.99", "price: -19.99")
    picture = change(demo, "lamp.png", "lamb.png")
    speed = change(channel, "speed: 1.0", "speed: 9")
    assert run(monkeypatch, "check", str(channel)) == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert f"line {price}  " in told
    assert f"line {picture}  " in told
    assert "lamb.png" in told
    assert f"line {speed}  " in told
    assert "Traceback" not in told


def test_an_unknown_voice_names_those_there_are(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = change(channel, "name: heart", "name: hart")
    assert run(monkeypatch, "check", str(channel)) == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert f"line {line}  " in told
    assert "heart" in told


def test_two_products_with_one_id(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = channel.with_name("demo.yaml")
    yaml = YAML()
    items = yaml.load(demo.read_text())
    items["products"][1]["id"] = items["products"][0]["id"]
    with demo.open("w") as out:
        yaml.dump(items, out)
    assert run(monkeypatch, "check", str(channel)) == EXIT_BAD_INPUT
    assert "bottle" in capsys.readouterr().err


def test_a_catalogue_that_is_not_yaml(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    channel.with_name("demo.yaml").write_text("shop: Northwind\nproducts: [a, b\nlast: 1\n")
    assert run(monkeypatch, "check", str(channel)) == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert "demo.yaml" in told
    assert "line 3  " in told
    assert "Traceback" not in told


def test_a_port_in_use_is_told_with_another_to_take(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        line = change(channel, "port: 8080", f"port: {port}")
        assert run(monkeypatch, "run", str(channel)) == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert f"line {line}  " in told
    assert f"port {port} cannot be opened" in told
    assert str(port + 1) in told


def test_a_body_that_is_no_body(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (channel.parent / "body.ehb").write_bytes(b"not a body")
    change(channel, str(ROOT / "avatars" / "bodies" / "mia.ehb"), "body.ehb")
    assert run(monkeypatch, "check", str(channel)) == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert "body.ehb" in told
    assert "Traceback" not in told


def test_a_body_of_another_version(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(channel.parent / "body.ehb", "w") as archive:
        archive.writestr("header.json", json.dumps({"format": "everhost-body", "version": 1}))
    line = change(channel, str(ROOT / "avatars" / "bodies" / "mia.ehb"), "body.ehb")
    assert run(monkeypatch, "check", str(channel)) == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert f"line {line}  body: " in told
    assert "body file version 1, this Everhost reads version 2; bake it again" in told


def test_a_body_whose_licence_forbids_selling_needs_the_right(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_mascot(channel.parent / "momo.vrm", 0.3, commercial=False)
    body, _ = import_model(channel.parent / "momo.vrm", "granted by Ann", lambda share, what: None, draft=True)
    write_body(channel.parent / "momo.ehb", body)
    line = change(channel, str(ROOT / "avatars" / "bodies" / "mia.ehb"), "momo.ehb")
    assert run(monkeypatch, "check", str(channel)) == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert f"line {line}  body_rights: " in told
    assert "licence does not allow selling with it: it does not allow commercial use" in told
    assert "body_rights" in told
    change(channel, "body: momo.ehb", 'body: momo.ehb\nbody_rights: "granted by Ann"')
    assert run(monkeypatch, "check", str(channel)) == 0


def test_a_consent_that_soon_ends_is_told(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    day = local_today() + timedelta(days=6)

    def change_day(entries: dict[str, bytes]) -> None:
        told = json.loads(entries["header.json"])
        told["consent"]["until"] = str(day)
        entries["header.json"] = json.dumps(told).encode()

    altered(ROOT / "tests" / "avatar" / "photo" / "leo.ehp", channel.parent / "leo.ehp", change_day)
    change(channel, str(ROOT / "avatars" / "bodies" / "mia.ehb"), "leo.ehp")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert run(monkeypatch, "check", str(channel)) == 0
    assert f"leo.ehp: the consent of Leo, a host of our own ends after {day}; ask" in capsys.readouterr().out


def test_missing_graphics_name_the_packages(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:
        raise Exception("libEGL.so not loaded")  # noqa: TRY002

    monkeypatch.setattr(moderngl, "create_context", refuse)
    assert run(monkeypatch, "check", str(channel)) == EXIT_BAD_INPUT
    assert "apt-get install libegl1 libgl1 libgl1-mesa-dri" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("stuido", "did you mean “studio”?"),
        ("beach", "use one of: studio, shop, seasonal, spring, winter, or the path"),
    ],
)
def test_an_unknown_backdrop_is_told_with_its_line(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, hint: str
) -> None:
    line = change(channel, "backdrop: studio", f"backdrop: {name}")
    assert run(monkeypatch, "check", str(channel)) == EXIT_BAD_INPUT
    told = capsys.readouterr().err
    assert f"line {line}  canvas.backdrop: there is no backdrop “{name}”" in told
    assert hint in told


def test_a_video_must_be_mp4_and_have_a_folder(
    channel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for out, why in (("x.avi", "must end in .mp4"), ("/nowhere/x.mp4", "does not exist")):
        with pytest.raises(SystemExit) as ended:
            run(monkeypatch, "render", str(channel), "--out", out)
        assert ended.value.code == 2
        assert why in capsys.readouterr().err


def test_say_makes_a_video_of_the_sentence(channel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVERHOST_STATE_DIR", str(tmp_path / "state"))
    out = tmp_path / "hello.mp4"
    assert run(monkeypatch, "say", str(channel), "Hello there.", "--out", str(out)) == 0
    assert out.stat().st_size > 20_000
