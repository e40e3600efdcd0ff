"""What ``everhost check`` tells of how recordings are signed."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from engine.commands.check import check
from engine.runtime import recording_checks
from engine.runtime.recording_checks import OWN_NOTE, recording_note, recording_problems, shelf_problems
from engine.settings import SettingsError, in_chinese, load_channel
from tests.outlets.test_credentials import certified

MIA = Path(__file__).parents[2] / "avatars" / "mia.yaml"


def channel_file(folder: Path, outputs: str) -> Path:
    """A channel of Mia's with other outputs."""
    catalogue, body = MIA.parents[1] / "assets/catalogue/demo.yaml", MIA.parent / "bodies/mia.ehb"
    file = folder / "mia.yaml"
    file.write_text(f"name: Mia\nbody: {body}\ncatalogue: {catalogue}\noutputs: [{outputs}]\n", "utf-8")
    return file


def recorded(folder: Path, more: str = "") -> Path:
    """A channel with one output, a recording with further keys."""
    return channel_file(folder, f"{{kind: recording, folder: recordings{more}}}")


def test_a_channel_without_recordings_hears_nothing(tmp_path: Path) -> None:
    assert recording_note(load_channel(channel_file(tmp_path, ""))) == ""


def test_the_own_certificate_is_told_for_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = recorded(tmp_path)
    assert recording_problems(load_channel(file)) == []
    assert check(file) == 0
    assert f"{OWN_NOTE}." in capsys.readouterr().out
    assert "不能证明是谁" in in_chinese(OWN_NOTE)


def test_a_missing_package_is_told_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = load_channel(recorded(tmp_path))
    monkeypatch.setattr(recording_checks, "is_installed", lambda: False)
    note = recording_note(channel)
    assert note.startswith("Recordings are not signed (C2PA)")
    assert "-m pip install 'c2pa-python>=" in note


def test_a_good_certificate_of_the_merchant_needs_no_word(tmp_path: Path) -> None:
    certified(tmp_path, ec.generate_private_key(ec.SECP256R1()), ExtendedKeyUsageOID.EMAIL_PROTECTION)
    channel = load_channel(recorded(tmp_path, ", certificate: chain.pem, certificate_key: key.pem"))
    assert recording_problems(channel) == []
    assert recording_note(channel) == ""


def test_a_certificate_that_cannot_sign_is_a_mistake_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certified(tmp_path, ec.generate_private_key(ec.SECP256R1()), ExtendedKeyUsageOID.SERVER_AUTH)
    file = recorded(tmp_path, ", certificate: chain.pem, certificate_key: key.pem")
    (problem,) = recording_problems(load_channel(file))
    assert problem.key == "outputs[0].certificate"
    assert problem.line == 4
    assert problem.message.startswith("nothing can be signed with it: the certificate is not for signing")
    assert in_chinese(problem.message).startswith("不能用它签名：这张证书")
    monkeypatch.setattr(recording_checks, "is_installed", lambda: False)
    (problem,) = recording_problems(load_channel(file))
    assert "pip install" in problem.hint


def test_a_certificate_without_its_key_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="“certificate” and “certificate_key” are both needed"):
        load_channel(recorded(tmp_path, ", certificate: chain.pem"))


def test_two_recordings_of_one_name_in_one_folder_are_a_mistake(tmp_path: Path) -> None:
    twice = "{kind: recording, folder: kept}, {kind: recording, name: second, folder: ./kept}"
    channel = load_channel(channel_file(tmp_path, twice))
    (problem,) = recording_problems(channel)
    assert (problem.key, problem.line) == ("outputs[1].folder", 4)
    assert problem.message == "the recordings of “recording” (mia.yaml) are kept here under the same name"
    assert in_chinese(problem.message) == "“recording” (mia.yaml)的录像也存在这里，文件名相同"
    (tmp_path / "zh").mkdir()
    other = load_channel(channel_file(tmp_path / "zh", "{kind: recording, folder: ../kept}"))
    one = channel.model_copy(update={"outputs": channel.outputs[:1]})
    assert [problem.key for problem in shelf_problems([one, other])] == ["outputs[0].folder"]
    assert shelf_problems([one, other.model_copy(update={"name": "Mia-2"})]) == []
