"""Several aiortc viewers in a process of their own: ``python -m measure.viewers WHEP COUNT FOLDER [keep] [h264]``.

Tries to join from its start on, so that viewer 0 also measures the time from a command to the first decoded picture.
With ``keep``, viewer 0 keeps all encoded units on disk; the others count. ``h264`` offers no other picture codec.
Prints ``ready`` when imports are done, ``first SECONDS`` (monotonic) at the first decoded picture, ``joined`` when all
watch; ends when its standard input closes, and leaves ``viewers.json`` and ``arrivals.npz`` in FOLDER.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

import av
import httpx
import numpy as np
from aiortc import rtcrtpreceiver
from aiortc.rtp import RtcpSrPacket

from measure.kept import write_unit
from measure.processes import note_in_time
from measure.whep_client import Unit, Viewer, keep_encoded

RETRY_S = 0.1
_NTP_UNIT = 2.0**-32


class Seat:
    """Counts what one viewer gets; viewer 0 also keeps it."""

    def __init__(self, number: int, folder: Path, keep: bool) -> None:
        self.arrived: dict[str, list[float]] = {"video": [], "audio": []}
        self._files: dict[str, BinaryIO] = {}
        if keep and number == 0:
            self._files = {kind: (folder / f"{kind}.units").open("wb") for kind in self.arrived}
        self._probe: Any = av.CodecContext.create("h264", "r") if number == 0 else None
        self.first_decoded = 0.0

    def take(self, kind: str, item: object) -> None:
        """One unit."""
        assert isinstance(item, Unit)
        self.arrived[kind].append(item.arrived)
        if kind in self._files:
            write_unit(self._files[kind], item.timestamp, item.arrived, item.data)
        if kind == "video" and self._probe is not None:
            self._decode_first(item)

    def _decode_first(self, unit: Unit) -> None:
        """Decode until the first picture is out; a flush gives it without waiting for the next unit."""
        try:
            frames = self._probe.decode(av.Packet(unit.data)) or self._probe.decode(None)
        except av.error.FFmpegError:
            self._probe = av.CodecContext.create("h264", "r")
            return
        if frames:
            self.first_decoded = time.monotonic()
            self._probe = None
            print(f"first {self.first_decoded:.4f}", flush=True)

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()


def _hear_reports(reports: list[dict[str, Any]]) -> None:
    """Note every RTCP sender report (RFC 3550, 6.4.1) that any receiver of this process gets."""
    handle = rtcrtpreceiver.RTCRtpReceiver._handle_rtcp_packet

    async def note(receiver: Any, packet: Any) -> None:
        if isinstance(packet, RtcpSrPacket):
            info = packet.sender_info
            reports.append(
                {
                    "receiver": id(receiver),
                    "kind": receiver.track.kind,
                    "ntp": info.ntp_timestamp * _NTP_UNIT,
                    "rtp": info.rtp_timestamp,
                    "arrived": time.monotonic(),
                }
            )
        await handle(receiver, packet)

    setattr(rtcrtpreceiver.RTCRtpReceiver, "_handle_rtcp_packet", note)  # noqa: B010


async def _join(http: httpx.AsyncClient, whep: str, seat: Seat) -> Viewer:
    viewer = Viewer(seat.take, only_h264="h264" in sys.argv[4:])
    offer = await viewer.offer()
    while not await viewer.post(http, whep, offer):  # noqa: ASYNC110 - the other end is another process
        await asyncio.sleep(RETRY_S)
    return viewer


async def _until_told() -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        pass


async def watch(whep: str, count: int, folder: Path) -> None:
    """Join, watch until told to end, and write down what came."""
    reports: list[dict[str, Any]] = []
    _hear_reports(reports)
    keep_encoded()
    told = asyncio.create_task(_until_told(), name="until-told")
    seats: list[Seat] = []
    viewers: list[Viewer] = []
    async with httpx.AsyncClient(timeout=10.0) as http:
        print("ready", flush=True)
        joining = asyncio.create_task(_join_all(http, whep, count, folder, seats, viewers), name="join-all")
        await asyncio.wait({told, joining}, return_when=asyncio.FIRST_COMPLETED)
        await told
        joining.cancel()
        await asyncio.gather(joining, return_exceptions=True)
        _write(folder, seats, viewers, reports)
        await asyncio.gather(*(viewer.leave(http) for viewer in viewers))
    for seat in seats:
        seat.close()


async def _join_all(
    http: httpx.AsyncClient, whep: str, count: int, folder: Path, seats: list[Seat], viewers: list[Viewer]
) -> None:
    for number in range(count):
        seats.append(Seat(number, folder, "keep" in sys.argv[4:]))
        viewers.append(await _join(http, whep, seats[-1]))
    print("joined", flush=True)


def _mapper(receiver: Any) -> Any:
    """What counts a receiver's RTP times from its first unit on."""
    return receiver._RTCRtpReceiver__timestamp_mapper


def _write(folder: Path, seats: list[Seat], viewers: list[Viewer], reports: list[dict[str, Any]]) -> None:
    receivers = {r.track.kind: r for r in (viewers[0].connection.getReceivers() if viewers else [])}
    # RTP time of the first unit: aiortc's frame times count from there.
    origins = {kind: _mapper(r)._origin for kind, r in receivers.items()}
    mine = {id(r) for r in receivers.values()}
    told = {
        "first_decoded": seats[0].first_decoded if seats else 0.0,
        "origins": origins,
        "sender_reports": [r for r in reports if r["receiver"] in mine],
        "viewers": len(seats),
    }
    (folder / "viewers.json").write_text(json.dumps(told))
    arrays: dict[str, Any] = {
        f"{kind}{n}": np.array(a) for n, seat in enumerate(seats) for kind, a in seat.arrived.items()
    }
    np.savez(folder / "arrivals.npz", **arrays)


if __name__ == "__main__":
    note_in_time()
    asyncio.run(watch(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
