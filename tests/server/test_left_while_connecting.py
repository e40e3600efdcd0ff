"""A session that ends in the very moment in which it connects leaves no seat behind."""

from __future__ import annotations

import asyncio

from aiortc import RTCSessionDescription

from server.fanout import Fanout
from server.offer import read_offer
from server.sessions import Sessions
from tests.server.conftest import until
from tests.server.test_whep import Viewer


async def test_a_session_that_ends_as_it_connects_leaves_no_seat() -> None:
    fanout, viewer, ending = Fanout(lambda: None), Viewer(), list[asyncio.Task[None]]()
    sessions = Sessions(fanout, 1, lambda: None, lambda: None)
    session_id, answer = await sessions.open(read_offer((await viewer.offer()).encode()))
    (sender, _) = sessions._sessions[session_id].connection.getSenders()

    def changed() -> None:
        if sender.transport.state == "connected":
            ending.append(asyncio.ensure_future(sessions.close(session_id)))

    sender.transport.on("statechange", changed)
    try:
        await viewer.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await until(lambda: bool(ending) and ending[0].done())
        for _ in range(10):
            await asyncio.sleep(0)
        assert not fanout._seats
    finally:
        await sessions.aclose()
        await viewer.close()
