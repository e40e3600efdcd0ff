"""What an outlet tells of itself."""

from __future__ import annotations

from engine.flow import Packet, Stream
from engine.runtime.outlet import Sent


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
