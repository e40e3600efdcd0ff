"""RTMP and RTMPS push with the packets of the one encode."""

from __future__ import annotations

from urllib.parse import urlsplit

import av
from pydantic import SecretStr

from engine.flow import MediaFormat, Packet
from engine.outlets.base import OutletError
from engine.outlets.mux import Muxer, translate

OPEN_TIMEOUT_S = 5.0


def public_address(url: str) -> str:
    """Scheme, host and port of an address: all of it that may be shown."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


class RtmpOutlet:
    """One publishing session. A peer that never answers blocks the whole process inside FFmpeg (which holds the
    GIL), so this runs in a process of its own that the supervisor kills when its heartbeat stops.
    """

    def __init__(self, url: str, key: SecretStr, media: MediaFormat, first_idr: Packet) -> None:
        self._address = public_address(url)
        full = url.rstrip("/") + "/" + key.get_secret_value() if key.get_secret_value() else url
        try:
            # flvflags: duration and file size in the header make no sense for a live stream.
            container = av.open(
                full, "w", format="flv", options={"flvflags": "no_duration_filesize"}, timeout=OPEN_TIMEOUT_S
            )
            self._muxer: Muxer | None = Muxer(container, media, first_idr)
        except (OSError, av.error.FFmpegError) as error:
            raise translate(error, self._address) from None

    def write(self, packet: Packet) -> None:
        """Send one packet.

        Raises:
            OutletError: the peer is gone.
        """
        if self._muxer is None:
            raise OutletError("the session is closed")
        try:
            self._muxer.write(packet)
        except (OSError, av.error.FFmpegError) as error:
            raise translate(error, self._address) from None

    def close(self) -> None:
        """End the session; may be called twice."""
        if self._muxer is not None:
            muxer, self._muxer = self._muxer, None
            try:
                muxer.close()
            except (OSError, av.error.FFmpegError) as error:
                raise translate(error, self._address) from None
