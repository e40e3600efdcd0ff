"""A flood of WHEP offers: the air is untouched, and memory and sockets come back."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import httpx
import psutil
from aiortc import RTCConfiguration, RTCPeerConnection

from faults.air import Air, Row, say

GROWTH_MB = 20.0
HALF_OPEN_S = 15.0
PACE_S = 0.6
"""Between two offers of one address: the server lets two a second pass, and twenty from all."""


def offer_rows(air: Air) -> list[Row]:
    """1,000 offers and closes, 200 never finished, 100 offers a second for 30 s."""
    process = air.wait(lambda: air.child("server"), 30, "the server lives")
    offer = asyncio.run(_offer())
    # What a first visit loads is not what a flood leaves.
    asyncio.run(_closed(air.base, offer, 50))
    time.sleep(HALF_OPEN_S / 3)
    return [
        _flood(air, process, "1,000 offers and closes", lambda: _closed(air.base, offer, 1000)),
        _flood(air, process, "200 offers never finished", lambda: _left(air.base, offer, 200, 0.02)),
        _flood(air, process, "100 offers a second for 30 s", lambda: _left(air.base, offer, 3000, 0.01)),
    ]


async def _offer() -> str:
    """A viewer's offer, which nobody stands behind."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    for kind in ("video", "audio"):
        connection.addTransceiver(kind, direction="recvonly")
    await connection.setLocalDescription(await connection.createOffer())
    text: str = connection.localDescription.sdp
    await connection.close()
    return text


def _state(process: psutil.Process) -> tuple[float, int]:
    """Memory in MB and open handles."""
    return process.memory_info().rss / 1e6, process.num_fds()


def _flood(air: Air, process: psutil.Process, name: str, flood: object) -> Row:
    row = Row(name)
    say(name)
    memory, handles = _state(process)
    with air.untouched(row, "viewer", "platform"):
        row.figures["answers"] = asyncio.run(flood())  # type: ignore[operator]
        time.sleep(HALF_OPEN_S + 5)
    after, handles_after = _state(process)
    row.figures["memory_before_mb"] = round(memory, 1)
    row.at_most("memory_growth_mb", after - memory, GROWTH_MB)
    row.at_most("handles_left", handles_after - handles, 2)
    row.must("the server is the same process", process.is_running())
    return row


async def _closed(base: str, offer: str, count: int) -> dict[str, int]:
    """Offers from ten addresses, each closed as soon as it is answered, no faster than the server lets pass."""
    answers: Counter[str] = Counter()

    async def some(number: int) -> None:
        transport = httpx.AsyncHTTPTransport(local_address=f"127.0.0.{10 + number}")
        async with httpx.AsyncClient(base_url=base, timeout=20, transport=transport) as http:
            began = time.monotonic()
            for n in range(count // 10):
                location = await _post(http, offer, answers)
                if location:
                    await http.delete(location)
                await asyncio.sleep(max(0.0, began + (n + 1) * PACE_S - time.monotonic()))

    await asyncio.gather(*(some(number) for number in range(10)))
    return dict(answers)


async def _left(base: str, offer: str, count: int, every_s: float) -> dict[str, int]:
    """Offers at a steady pace that nobody goes on with."""
    answers: Counter[str] = Counter()
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=base, timeout=20, limits=limits) as http, asyncio.TaskGroup() as tasks:
        began = time.monotonic()
        for n in range(count):
            tasks.create_task(_post(http, offer, answers), name=f"offer-{n}")
            await asyncio.sleep(max(0.0, began + (n + 1) * every_s - time.monotonic()))
    return dict(answers)


async def _post(http: httpx.AsyncClient, offer: str, answers: Counter[str]) -> str:
    """Location of the session, or empty."""
    try:
        answer = await http.post("/whep", content=offer, headers={"Content-Type": "application/sdp"})
    except httpx.TransportError as error:
        answers[type(error).__name__] += 1
        return ""
    answers[str(answer.status_code)] += 1
    return answer.headers.get("location", "") if answer.status_code == 201 else ""
