"""Recordings are signed after they have ended, in their place; a changed byte is seen; a kill breaks nothing."""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import av
import c2pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engine.flow import Stream
from engine.outlets.credentials import CredentialsError, Sealer, identity, sign_copy, title_of, trial
from engine.outlets.credentials.boxes import complete_boxes
from engine.outlets.credentials.identity import OWN_FILE
from engine.outlets.credentials.manifest import SOURCE_TYPE, seal
from engine.outlets.credentials.room import ROOM_BYTES, FileWithRoom, fill_room, finished, has_empty_room, is_sealed
from engine.outlets.recording import RecordingOutlet
from engine.outlets.shelf import Shelf
from engine.settings.state import STATE_DIR_VARIABLE
from tests.outlets.media import packets


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Four seconds in two fragments."""
    folder = tmp_path_factory.mktemp("recordings")
    record(folder, 100).close()
    (file,) = folder.glob("*.mp4")
    return file.read_bytes()


@pytest.fixture
def recording(tmp_path: Path, unsigned: bytes) -> Path:
    file = tmp_path / "mia-20261129-130000.mp4"
    file.write_bytes(unsigned)
    return file


def record(folder: Path, pictures: int, sealer: Sealer | None = None, file_s: float = 3600) -> RecordingOutlet:
    outlet: RecordingOutlet | None = None
    for media, packet in packets(pictures):
        outlet = outlet or RecordingOutlet(Shelf(folder, "mia"), media, file_s, sealer)
        outlet.write(packet)
    assert outlet is not None
    return outlet


def state_of(file: Path) -> str | None:
    """What the library finds: Valid, Invalid, or None where there are no credentials."""
    try:
        with c2pa.Reader(str(file)) as reader:
            return reader.get_validation_state()
    except c2pa.C2paError:
        return None


def pictures(file: Path) -> int:
    with av.open(str(file)) as container:
        return sum(1 for _ in container.decode(container.streams.video[0]))


def until_signed(outlet: RecordingOutlet, count: int) -> None:
    end = time.monotonic() + 60
    while outlet.figures["recordings_signed"] < count:
        assert time.monotonic() < end
        outlet.work()
        time.sleep(0.02)


def test_a_signed_recording_is_valid_keeps_its_size_and_age_and_plays(state: Path, recording: Path) -> None:
    before = recording.stat()
    seal(recording, title_of(recording, "Mia"), identity(None, None, state))
    after = recording.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_ino) == (before.st_size, before.st_mtime_ns, before.st_ino)
    assert pictures(recording) == 100
    with c2pa.Reader(str(recording)) as reader:
        assert reader.get_validation_state() == "Valid"
        told = json.loads(reader.json())
    manifest = told["manifests"][told["active_manifest"]]
    assert manifest["title"] == "Mia, 2026-11-29 13:00 UTC"
    assert manifest["claim_generator_info"][0]["name"] == "Everhost"
    (actions,) = [each["data"] for each in manifest["assertions"] if each["label"].startswith("c2pa.actions")]
    (created,) = actions["actions"]
    assert (created["action"], created["digitalSourceType"]) == ("c2pa.created", SOURCE_TYPE)
    assert created["when"] == "2026-11-29T13:00:00Z"
    failures = told["validation_results"]["activeManifest"]["failure"]
    assert [each["code"] for each in failures] == ["signingCredential.untrusted"]


def test_one_flipped_bit_anywhere_in_the_media_is_seen(state: Path, recording: Path) -> None:
    seal(recording, title_of(recording, "Mia"), identity(None, None, state))
    with recording.open("rb") as file:
        boxes = list(complete_boxes(file))
    places = [at for box in boxes if box.kind in {b"moov", b"moof", b"mdat"} for at in (box.start + 8, box.end - 1)]
    assert [box.kind for box in boxes[:3]] == [b"ftyp", b"uuid", b"free"]
    assert len(places) == 10
    for place in places:
        flip(recording, place)
        assert state_of(recording) in {"Invalid", None}, place
        flip(recording, place)
    assert state_of(recording) == "Valid"


def test_what_was_cut_off_or_put_behind_is_seen(state: Path, recording: Path) -> None:
    seal(recording, title_of(recording, "Mia"), identity(None, None, state))
    whole = recording.read_bytes()
    with recording.open("rb") as file:
        last_fragment = [box for box in complete_boxes(file) if box.kind == b"moof"][-1].start
    recording.write_bytes(whole[:last_fragment])
    assert state_of(recording) == "Invalid"
    recording.write_bytes(whole + whole[last_fragment:])
    assert state_of(recording) == "Invalid"


def flip(file: Path, place: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(place)
        (byte,) = opened.read(1)
        opened.seek(place)
        opened.write(bytes([byte ^ 1]))


def test_the_outlet_signs_each_file_that_has_ended_and_never_the_one_it_writes(state: Path, tmp_path: Path) -> None:
    outlet = record(tmp_path, 250, Sealer("Mia"), file_s=4)
    until_signed(outlet, 2)
    files = sorted(tmp_path.glob("mia-*.mp4"), key=lambda file: file.stat().st_mtime_ns)
    by_state = [state_of(file) for file in files]
    outlet.close()
    outlet.close()
    assert sorted(map(str, by_state)) == ["None", "Valid", "Valid"]
    assert outlet.figures["recordings_not_signed"] == 0
    assert (state / OWN_FILE).stat().st_mode & 0o777 == 0o600


def test_what_a_kill_left_unsigned_and_torn_is_signed_after_the_next_start(
    state: Path, tmp_path: Path, recording: Path
) -> None:
    whole = recording.read_bytes()
    recording.write_bytes(whole[:-1000])
    outlet = record(tmp_path, 1, Sealer("Mia"))
    until_signed(outlet, 1)
    outlet.close()
    assert state_of(recording) == "Valid"
    assert pictures(recording) == 50


def test_a_kill_in_the_midst_of_signing_leaves_a_file_that_plays_and_can_be_signed(
    state: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes when the credentials are written, before the eight bytes that make them valid are."""
    seen = 0

    def power_cut(handle: int) -> None:
        nonlocal seen
        seen += 1
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError, match="Input/output"):
        seal(recording, title_of(recording, "Mia"), identity(None, None, state))
    assert seen == 1
    monkeypatch.undo()
    assert pictures(recording) == 100
    assert state_of(recording) is None
    assert has_empty_room(recording)
    seal(recording, title_of(recording, "Mia"), identity(None, None, state))
    assert state_of(recording) == "Valid"


def test_a_file_that_is_written_or_signed_or_of_another_make_is_left_alone(state: Path, recording: Path) -> None:
    who = identity(None, None, state)
    with recording.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        assert not has_empty_room(recording)
        with pytest.raises(CredentialsError, match="still being written"):
            seal(recording, title_of(recording, "Mia"), who)
    assert has_empty_room(recording)
    seal(recording, title_of(recording, "Mia"), who)
    assert is_sealed(recording)
    assert not has_empty_room(recording)
    with pytest.raises(CredentialsError, match="no room"):
        seal(recording, title_of(recording, "Mia"), who)
    recording.write_bytes(b"no MP4 file at all")
    assert not has_empty_room(recording)
    assert not has_empty_room(recording.parent / "gone.mp4")


def test_credentials_that_take_more_than_the_room_change_nothing(recording: Path) -> None:
    before = recording.read_bytes()
    with finished(recording) as file, pytest.raises(CredentialsError, match="more than there is room for"):
        fill_room(file, bytes(ROOM_BYTES))
    assert recording.read_bytes() == before


def settled(sealer: Sealer) -> None:
    end = time.monotonic() + 60
    while not sealer.poll():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_recording_that_cannot_be_signed_is_told_and_waits_for_its_next_turn(
    state: Path, tmp_path: Path, recording: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sealer = Sealer("Mia", tmp_path / "no.pem", tmp_path / "no.key")
    sealer.look([recording])
    settled(sealer)
    assert (sealer.signed, sealer.failed) == (0, 1)
    assert "no.pem cannot be read: No such file or directory" in caplog.text
    assert sealer.trouble.startswith(f"{recording.name}: ")
    assert sealer.trouble.endswith("no.pem cannot be read: No such file or directory")
    sealer.look([recording])
    assert not sealer.poll()
    assert sealer.failed == 1
    sealer.close()


def test_a_recording_is_signed_once_what_hindered_it_has_gone(
    state: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.outlets.credentials.sealer.AGAIN_S", (0.0, 0.0, 600.0))
    own = state / "recordings.pem"
    state.mkdir()
    own.write_text("half a key")
    sealer = Sealer("Mia")
    for _ in range(2):
        sealer.look([recording])
        settled(sealer)
    assert (sealer.signed, sealer.failed) == (0, 1)
    own.unlink()
    sealer.look([recording])
    settled(sealer)
    assert (sealer.signed, sealer.failed, sealer.trouble) == (1, 1, "")
    sealer.look([recording])
    assert not sealer.poll()


def test_a_recording_that_never_can_be_signed_is_left_in_the_end(
    state: Path, tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.outlets.credentials.sealer.AGAIN_S", (0.0,))
    sealer = Sealer("Mia", tmp_path / "no.pem", tmp_path / "no.key")
    for _ in range(2):
        sealer.look([recording])
        settled(sealer)
    sealer.look([recording])
    assert not sealer.poll()
    assert sealer.failed == 1


def test_the_next_one_that_is_signed_ends_the_trouble(state: Path, recording: Path) -> None:
    sealer = Sealer("Mia")
    sealer.trouble = "another.mp4: the certificate has expired"
    sealer.look([recording])
    end = time.monotonic() + 60
    while not sealer.poll():
        assert time.monotonic() < end
        time.sleep(0.02)
    assert (sealer.signed, sealer.failed, sealer.trouble) == (1, 0, "")


def test_a_stream_without_a_pause_has_one_file_after_the_other_signed(state: Path, tmp_path: Path) -> None:
    """As on a quiet machine: the outlet is never told to work, because a packet is always there."""
    sealer = Sealer("Mia")
    outlet: RecordingOutlet | None = None
    end = time.monotonic() + 60
    for media, packet in packets(20_000):
        outlet = outlet or RecordingOutlet(Shelf(tmp_path, "mia"), media, 2, sealer)
        outlet.write(packet)
        if sealer.signed == 2:
            break
        assert time.monotonic() < end
        if packet.stream is Stream.VIDEO and packet.is_keyframe:
            time.sleep(0.2)
    assert outlet is not None
    outlet.close()
    assert sum(is_sealed(file) for file in tmp_path.glob("*.mp4")) >= 2


def test_a_full_disk_is_still_an_error_of_the_recording(tmp_path: Path) -> None:
    """The file's size is limited to what the first fragment needs (setrlimit(2)): EFBIG, as ENOSPC would come."""
    code = (
        "import resource; from pathlib import Path; from tests.outlets.test_credentials import record;"
        "from engine.outlets.base import OutletError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        f"try: record(Path({str(tmp_path)!r}), 150)\n"
        "except OutletError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip().endswith("File too large")


def test_a_closed_file_with_room_can_be_closed_again(tmp_path: Path) -> None:
    file = FileWithRoom(tmp_path / "a.mp4")
    file.write(bytes.fromhex("0000000c66747970") + b"is")
    file.write(b"omREST")
    file.close()
    file.close()
    written = (tmp_path / "a.mp4").read_bytes()
    assert written[:12] == bytes.fromhex("0000000c66747970") + b"isom"
    assert written[12:20] == ROOM_BYTES.to_bytes(4, "big") + b"free"
    assert written[12 + ROOM_BYTES :] == b"REST"


def test_the_own_identity_is_made_once_even_by_two_at_once(state: Path) -> None:
    code = (
        "from pathlib import Path; from engine.outlets.credentials import identity;"
        f"print(hash(identity(None, None, Path({str(state)!r})).key.hex()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], env=environment
        )
        for _ in range(2)
    ]
    assert len({each.communicate()[0] for each in both}) == 1
    assert [file.name for file in state.iterdir()] == [OWN_FILE]


def test_any_mp4_file_is_signed_by_a_copy(state: Path, tmp_path: Path) -> None:
    file = tmp_path / "show.mp4"
    with av.open(str(file), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode(None))
    file.chmod(0o640)
    sign_copy(file, title_of(file, "Mia"), identity(None, None, state))
    assert state_of(file) == "Valid"
    assert pictures(file) == 10
    assert file.stat().st_mode & 0o777 == 0o640
    assert {each.name for each in tmp_path.iterdir()} == {"show.mp4", "state"}


# What a merchant may bring.


def certified(
    folder: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, use: x509.ObjectIdentifier, days: int = 30
) -> tuple[Path, Path]:
    """A certificate for ``key`` from an authority of its own, and the key, in files."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "A shop")])
    authority = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "An authority")])
    no = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only", "key_cert_sign", "crl_sign"), False)  # fmt: skip
    certificate = (
        x509.CertificateBuilder(authority, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=60))
        .not_valid_after(datetime.now(UTC) + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, **no), critical=True)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    return chain, secret


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA"])
def test_a_merchant_s_own_certificate_signs(state: Path, recording: Path, tmp_path: Path, kind: str) -> None:
    curve = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}.get(kind)
    key = ec.generate_private_key(curve) if curve else rsa.generate_private_key(65_537, 2048)
    who = identity(*certified(tmp_path, key, ExtendedKeyUsageOID.EMAIL_PROTECTION), state)
    assert trial(who) == ""
    seal(recording, title_of(recording, "Mia"), who)
    assert state_of(recording) == "Valid"
    assert not state.exists()


def test_certificates_that_cannot_sign_are_refused_with_their_reason(state: Path, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())

    def refused(match: str, chain: Path, secret: Path) -> None:
        with pytest.raises(CredentialsError, match=match):
            identity(chain, secret, state)

    refused("not for signing", *certified(tmp_path, key, ExtendedKeyUsageOID.SERVER_AUTH))
    refused("holds from .* only", *certified(tmp_path, key, ExtendedKeyUsageOID.EMAIL_PROTECTION, days=-1))
    weak = ec.generate_private_key(ec.SECP256K1())
    refused("kind of key", *certified(tmp_path, weak, ExtendedKeyUsageOID.EMAIL_PROTECTION))
    chain, secret = certified(tmp_path, key, ExtendedKeyUsageOID.EMAIL_PROTECTION)
    refused("no PEM key", chain, chain)
    refused("no PEM certificate", secret, secret)
    refused("cannot be read: No such file", tmp_path / "gone.pem", secret)
    other = ec.generate_private_key(ec.SECP256R1())
    secret.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    refused("does not belong", chain, secret)
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    refused("locked by a password", chain, secret)


def test_a_kill_of_the_outlet_ends_the_signing(state: Path, tmp_path: Path, recording: Path) -> None:
    code = (
        "import os, signal, time; from pathlib import Path; from engine.outlets.credentials import Sealer;"
        f"sealer = Sealer('Mia'); sealer.look([Path({str(recording)!r})]);"
        "print(sealer._process.pid, flush=True); time.sleep(0.2); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    assert done.returncode == -signal.SIGKILL
    helper = Path("/proc") / done.stdout.strip() / "status"
    end = time.monotonic() + 20
    while helper.exists() and "State:\tZ" not in helper.read_text():
        assert time.monotonic() < end
        time.sleep(0.02)
    assert pictures(recording) == 100
    assert state_of(recording) in {None, "Valid"}


def test_an_own_identity_is_never_removed_by_a_clock_that_is_wrong(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = identity(None, None, state)

    class Wrong:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + timedelta(days=365 * 20)

    # The package has a function of the module's name.
    module = importlib.import_module("engine.outlets.credentials.identity")
    with monkeypatch.context() as ahead:
        ahead.setattr(module, "datetime", Wrong)
        other = identity(None, None, state)
        assert identity(None, None, state) == other
    assert other.key != first.key
    assert identity(None, None, state) == first
    # The one of the wrong time lies aside too: it has signed recordings.
    kept = [file.read_bytes() for file in state.iterdir()]
    assert sum(other.key in each for each in kept) == 1
    assert {each.stat().st_mode & 0o777 for each in state.iterdir()} == {0o600}
    with monkeypatch.context() as again:
        again.setattr(module, "datetime", Wrong)
        assert identity(None, None, state) == other
