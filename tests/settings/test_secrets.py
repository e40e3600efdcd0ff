"""Secrets that are kept on the machine."""

from __future__ import annotations

import errno
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.settings import SettingsError, load_channel
from engine.settings.secrets import (
    SecretError,
    free_secret_name,
    keep_secret,
    kept_secrets,
    secret_name,
    secrets_place,
)
from engine.settings.state import STATE_DIR_VARIABLE

CANARY = "canary-9f2-key"
ROOT = Path(__file__).resolve().parents[2]


def test_a_secret_is_kept_for_its_user_only(tmp_path: Path) -> None:
    file = secrets_place(tmp_path / "state")
    keep_secret(file, "MIA_TUBE_KEY", CANARY)
    keep_secret(file, "OTHER", "x")
    assert kept_secrets(file) == {"MIA_TUBE_KEY": CANARY, "OTHER": "x"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("lower", "x"), ("", "x"), ("A B", "x"), ("A", ""), ("A", "x\ny"), ("A", "x" * 1001)],
)
def test_what_cannot_be_one_is_refused_without_being_told(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SecretError) as told:
        keep_secret(secrets_place(tmp_path), name, value)
    assert value in {"", "x"} or value not in str(told.value)
    assert not secrets_place(tmp_path).exists()


def test_a_broken_file_holds_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    secrets_place(tmp_path).write_text('{"A": "' + CANARY)
    assert kept_secrets(secrets_place(tmp_path)) == {}
    assert CANARY not in caplog.text


def test_a_channel_finds_it_and_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(tmp_path))
    file = tmp_path / "c.yaml"
    file.write_text(
        f"name: Ann\nbody: x.ehb\ncatalogue: {ROOT}/assets/catalogue/demo.yaml\n"
        "outputs:\n  - {kind: rtmp, name: tube, url: rtmp://a.example/b, key: '${TUBE_KEY}'}\n"
    )
    with pytest.raises(SettingsError, match=r"c\.yaml:5: outputs\[0\]\.key: .* TUBE_KEY is not set"):
        load_channel(file, check_files=False)
    keep_secret(secrets_place(tmp_path), "TUBE_KEY", CANARY)
    kept = load_channel(file, check_files=False).outputs[0]
    assert kept.kind == "rtmp"
    assert kept.key.get_secret_value() == CANARY
    monkeypatch.setenv("TUBE_KEY", "from the environment")
    set_ = load_channel(file, check_files=False).outputs[0]
    assert set_.kind == "rtmp"
    assert set_.key.get_secret_value() == "from the environment"


@pytest.mark.parametrize(
    ("parts", "name"),
    [(("mia", "platform", "key"), "MIA_PLATFORM_KEY"), (("my-shop", "YouTube 2", "key"), "MY_SHOP_YOUTUBE_2_KEY"),
     (("小美", "", "key"), "S_9C9897_KEY"), (("9",), "S_9"), (("mia", "抖音 2", "key"), "MIA_2_EAFA92_KEY"),
     (("x" * 40, "y" * 40, "key"), f"{'X' * 40}_{'Y' * 29}"), (("!",), "S")],
)  # fmt: skip
def test_names(parts: tuple[str, ...], name: str) -> None:
    assert secret_name(*parts) == name


def test_words_without_a_latin_letter_have_names_of_their_own() -> None:
    words = [(channel, output, "key") for channel in ("小美", "阿丽", "ми́я") for output in ("抖音", "快手", "淘宝")]
    assert len({secret_name(*parts) for parts in words}) == len(words)


@pytest.mark.parametrize(
    ("taken", "free"), [(set(), "A_KEY"), ({"A_KEY"}, "A_KEY_2"), ({"A_KEY", "A_KEY_2", "A_KEY_4"}, "A_KEY_3")]
)
def test_a_name_that_is_taken_gets_a_number(taken: set[str], free: str) -> None:
    assert free_secret_name("A_KEY", taken.__contains__) == free


def test_the_longest_name_has_room_for_its_number(tmp_path: Path) -> None:
    name = free_secret_name(secret_name("x" * 200), {secret_name("x" * 200)}.__contains__)
    keep_secret(secrets_place(tmp_path), name, CANARY)
    assert kept_secrets(secrets_place(tmp_path)) == {f"{'X' * 70}_2": CANARY}


def test_those_that_cannot_be_read_are_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when root has kept one, and the user of every day keeps the next."""
    file = secrets_place(tmp_path)
    keep_secret(file, "OLD", CANARY)
    before = file.read_bytes()

    def not_allowed(_file: Path, *_: Any, **__: Any) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as other:
        other.setattr(Path, "read_text", not_allowed)
        with pytest.raises(SecretError, match="left as they are: Permission denied"):
            keep_secret(file, "NEW", "x")
    assert file.read_bytes() == before


@pytest.mark.parametrize("spoilt", ['{"OLD": "' + CANARY, '["' + CANARY + '"]'])
def test_a_spoilt_file_is_left_as_it_is_without_a_piece_of_it_being_told(tmp_path: Path, spoilt: str) -> None:
    file = secrets_place(tmp_path)
    file.write_text(spoilt)
    with pytest.raises(SecretError, match="left as they are") as told:
        keep_secret(file, "NEW", "x")
    assert CANARY not in str(told.value)
    assert told.value.__cause__ is None
    assert file.read_text() == spoilt


def test_several_that_keep_secrets_at_once_lose_none(tmp_path: Path) -> None:
    file = secrets_place(tmp_path)
    code = (
        "import sys; from pathlib import Path; from engine.settings.secrets import keep_secret\n"
        "for n in range(30): keep_secret(Path(sys.argv[1]), f'{sys.argv[2]}_{n}', 'x')"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(file), name], cwd=ROOT) for name in ("A", "B")]
    assert [each.wait() for each in writers] == [0, 0]
    assert len(kept_secrets(file)) == 60
