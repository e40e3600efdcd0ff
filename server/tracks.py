"""A viewer's picture or sound as an aiortc track that yields packets encoded elsewhere.

aiortc hands whatever is not a Frame to its encoder's ``pack``, which only cuts it into RTP payloads; so the one
encode of the master serves every viewer.
"""

from __future__ import annotations

from typing import Any, Literal

import av
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from server.fanout import Fanout, Seat


class PacketTrack(MediaStreamTrack):
    """The ``kind`` lane of ``seat``. The first packet asked for takes the seat in the fan-out."""

    def __init__(self, kind: Literal["video", "audio"], fanout: Fanout, seat: Seat) -> None:
        super().__init__()
        self.kind = kind
        self._fanout = fanout
        self._seat = seat
        self._lane = seat.picture if kind == "video" else seat.sound
        self._takes_seat = kind == "video" or not seat.with_picture
        self._joined = False
        self.last: tuple[int, int] | None = None
        """pts of the packet given last, and its ticks a second."""

    async def recv(self) -> av.Packet[Any]:
        """The next packet of this lane.

        Raises:
            MediaStreamError: the track was stopped.
        """
        if self.readyState != "live":
            raise MediaStreamError
        if self._takes_seat and not self._joined:
            self._joined = True
            self._fanout.join(self._seat)
        packet = self._fanout.taken(await self._lane.get())
        if packet.pts is not None and packet.time_base is not None:
            self.last = packet.pts, packet.time_base.denominator
        return packet
