"""What an outlet tells of itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.flow import Packet, Stream
from engine.runtime.outlet import OutletProcess, Sent
from engine.settings import Channel, Recording, Rtmp


def test_packets_bytes_reconnects_and_the_offset_of_picture_to_sound() -> None:
    sent = Sent()
    assert sent.figures() == {"packets": 0, "bytes": 0, "sessions": 0, "reconnects": 0}
    sent.session()
    sent.packet(Packet(Stream.VIDEO, bytes(1000), 90_000, 3600, True))
    assert "av_offset_ms" not in sent.figures()
    sent.packet(Packet(Stream.AAC, bytes(200), 48_000, 1024))
    # The picture reaches to 1.04 s, the sound to 1.0213 s.
    assert sent.figures() == {"packets": 2, "bytes": 1200, "sessions": 1, "reconnects": 0, "av_offset_ms": 18.7}
    sent.session()
    sent.packet(Packet(Stream.AAC, bytes(200), 96_000, 1024))
    assert sent.figures() == {"packets": 3, "bytes": 1400, "sessions": 2, "reconnects": 1}


def test_a_recording_that_cannot_be_signed_is_told_also_while_the_outlet_waits(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = OutletProcess(channel, tmp_path, Recording(kind="recording", folder=tmp_path / "kept"))
    told: list[dict[str, str]] = []
    monkeypatch.setattr(process._heart, "beat", lambda *given: told.append(given[3]))
    process._beat("sending", "", now=True)
    assert process._sealer is not None
    process._sealer.trouble = "mia-1.mp4: the certificate has expired"
    process._beat("waiting", "the disk is full", now=True)
    process._bus.close()
    assert told == [{}, {"signing": "mia-1.mp4: the certificate has expired"}]


@pytest.mark.parametrize("folder", ["kept", "not/there/yet"])
def test_a_recording_tells_what_its_disk_has_left_also_while_it_waits(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    process = OutletProcess(channel, tmp_path, Recording(kind="recording", folder=tmp_path / folder))
    told: list[dict[str, float]] = []
    monkeypatch.setattr(process._heart, "beat", lambda *given: told.append(given[2]))
    process._beat("waiting", "the disk is full", now=True)
    process._bus.close()
    assert told[0]["disk_bytes"] == shutil.disk_usage(tmp_path).total
    assert 0 < told[0]["disk_free_bytes"] < told[0]["disk_bytes"]


def test_an_output_that_is_no_recording_tells_of_no_disk(channel: Channel, tmp_path: Path) -> None:
    process = OutletProcess(channel, tmp_path, Rtmp(kind="rtmp", url="rtmp://live.example.com/app"))
    assert process._disk() == {}
    process._bus.close()
