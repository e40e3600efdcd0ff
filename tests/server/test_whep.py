"""WHEP against a real aiortc client: codec, times, first picture, limits."""

from __future__ import annotations

import asyncio
from pathlib import Path

import av
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, sdp

from engine.runtime.messages import KeyframeRequest, Viewers
from engine.runtime.place import STAFF_HEADER
from server.admission import Admission
from server.errors import NoSuchSessionError, TooOftenError
from server.fanout import Fanout
from server.offer import read_offer
from server.sessions import MOST_HALF_OPEN, Sessions
from tests.server.conftest import STAFF_PASS, Running, running_server, until

SDP = {"Content-Type": "application/sdp"}


class Viewer:
    """A real WebRTC client: keeps the pictures and sounds it decodes."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.addTransceiver("video", direction="recvonly")
        self.connection.addTransceiver("audio", direction="recvonly")
        self.pictures: list[av.VideoFrame] = []
        self.sounds: list[av.AudioFrame] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.connection.on("track", lambda track: self._tasks.append(asyncio.create_task(self._take(track))))
        self.location = ""
        self.answer = ""

    async def _take(self, track) -> None:  # type: ignore[no-untyped-def]
        kept = self.pictures if track.kind == "video" else self.sounds
        while True:
            kept.append(await track.recv())

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def watch(self, server: Running, **headers: str) -> int:
        answer = await server.http.post("/whep", content=await self.offer(), headers=SDP | headers)
        if answer.status_code == 201:
            self.location, self.answer = answer.headers["location"], answer.text
            await self.connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        return answer.status_code

    async def close(self) -> None:
        await self.connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def test_a_viewer_gets_the_shared_h264_and_opus(server: Running) -> None:
    viewer = Viewer()
    try:
        assert await viewer.watch(server) == 201
        codecs = {m.kind: m.rtp.codecs[0] for m in sdp.SessionDescription.parse(viewer.answer).media}
        assert codecs["video"].mimeType == "video/H264"
        assert codecs["video"].parameters["profile-level-id"] == "42e01f"
        assert codecs["audio"].mimeType.lower() == "audio/opus"
        await until(lambda: len(viewer.pictures) >= 30 and len(viewer.sounds) >= 60)
        assert (viewer.pictures[0].width, viewer.pictures[0].height) == (360, 640)
        assert viewer.pictures[0].key_frame
        spacing = [(b.pts or 0) - (a.pts or 0) for a, b in zip(viewer.pictures[:-1], viewer.pictures[1:], strict=True)]
        assert set(spacing) == {3600}
        sounds = [(b.pts or 0) - (a.pts or 0) for a, b in zip(viewer.sounds[:-1], viewer.sounds[1:], strict=True)]
        assert set(sounds) == {960}
        await until(lambda: Viewers(1) in server.source.heard)
        assert server.source.count(KeyframeRequest) >= 1
        assert (await server.http.delete(viewer.location)).status_code == 200
        await until(lambda: server.source.heard[-1] == Viewers(0))
        assert (await server.http.delete(viewer.location)).status_code == 404
    finally:
        await viewer.close()


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"", "application/sdp", 400, "bad_offer"),
        (b"hello", "application/sdp", 400, "bad_offer"),
        (b"\xff\xfe", "application/sdp", 400, "bad_offer"),
        (b"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", "application/sdp", 400, "bad_offer"),
        (b"v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n", "application/sdp", 400, "bad_offer"),
        (b"x" * 40_000, "application/sdp", 413, "too_large"),
        (b"{}", "application/json", 415, "wrong_type"),
    ],
)
async def test_what_is_no_offer_is_refused(server: Running, body: bytes, kind: str, status: int, code: str) -> None:
    answer = await server.http.post("/whep", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.json()["error"] == code


async def test_an_offer_without_h264_is_refused(server: Running) -> None:
    viewer = Viewer()
    text = (await viewer.offer()).replace("H264", "H265")
    text = text.replace("VP8", "AV1")
    answer = await server.http.post("/whep", content=text, headers=SDP)
    await viewer.close()
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_offer")


async def test_a_full_house_says_when_to_try_again(tmp_path: Path) -> None:
    async with running_server(tmp_path, max_viewers=1) as server:
        first, second = Viewer(), Viewer()
        try:
            assert await first.watch(server) == 201
            await until(lambda: Viewers(1) in server.source.heard)
            answer = await server.http.post("/whep", content=await second.offer(), headers=SDP)
            assert (answer.status_code, answer.json()["error"]) == (503, "full")
            assert answer.headers["retry-after"] == "10"
            await server.http.delete(first.location)
            assert await second.watch(server) == 201
        finally:
            await first.close()
            await second.close()


async def test_an_operator_takes_no_place_and_is_no_viewer(tmp_path: Path) -> None:
    async with running_server(tmp_path, max_viewers=1) as server:
        viewer, operator, stranger = Viewer(), Viewer(), Viewer()
        try:
            assert await viewer.watch(server) == 201
            await until(lambda: Viewers(1) in server.source.heard)
            assert await operator.watch(server, **{STAFF_HEADER: STAFF_PASS}) == 201
            assert await stranger.watch(server, **{STAFF_HEADER: "guessed"}) == 503
            await until(lambda: bool(viewer.pictures and operator.pictures))
            assert Viewers(2) not in server.source.heard
        finally:
            for each in (viewer, operator, stranger):
                await each.close()


async def test_sessions_on_their_way_take_places_but_a_crowd_is_no_full_house(tmp_path: Path) -> None:
    async with running_server(tmp_path, max_viewers=2) as server:
        viewer = Viewer()
        offer = await viewer.offer()
        answers = [await server.http.post("/whep", content=offer, headers=SDP) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert (answers[2].headers["retry-after"], answers[2].json()["error"]) == ("1", "crowd")
        for answer in answers[:2]:
            assert (await server.http.delete(answer.headers["location"])).status_code == 200
        assert (await server.http.post("/whep", content=offer, headers=SDP)).status_code == 201
        await viewer.close()


async def test_a_crowd_that_comes_at_once_is_let_in_as_it_connects_and_nobody_is_told_that_the_house_is_full(
    tmp_path: Path,
) -> None:
    async with running_server(tmp_path, max_viewers=61) as server:
        viewer = Viewer()
        offer = await viewer.offer()
        asked = [server.http.post("/whep", content=offer, headers=SDP, timeout=60) for _ in range(60)]
        answers = await asyncio.gather(*asked)
        let_in = [answer for answer in answers if answer.status_code == 201]
        others = [answer for answer in answers if answer.status_code != 201]
        assert (len(let_in), len(others)) == (MOST_HALF_OPEN, 60 - MOST_HALF_OPEN)
        assert {(a.status_code, a.headers["retry-after"], a.json()["error"]) for a in others} == {(429, "1", "crowd")}
        await server.http.delete(let_in[0].headers["location"])
        assert (await server.http.post("/whep", content=offer, headers=SDP)).status_code == 201
        await viewer.close()


async def test_a_flood_of_offers_is_refused_before_it_is_read(server: Running) -> None:
    answers = [await server.http.post("/whep", content=b"", headers=SDP) for _ in range(60)]
    codes = [answer.status_code for answer in answers]
    assert set(codes[:20]) == {400}
    assert set(codes[20:]) == {400, 429}
    assert codes.count(400) < 40
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert (refused.headers["retry-after"], refused.json()["error"]) == ("2", "too_often")


def test_each_address_and_all_together_have_a_crowd_and_a_pace() -> None:
    now = [0.0]
    admission = Admission(10, lambda: now[0])

    def passes(address: str) -> bool:
        try:
            admission.admit(address)
        except TooOftenError:
            return False
        return True

    assert sum(passes("a") for _ in range(20)) == 10
    now[0] = 1.0
    # One address has two a second, all have twenty.
    assert sum(passes("a") for _ in range(20)) == 2
    assert sum(passes(f"b{n}") for n in range(40)) == 8
    assert admission.refused == 10 + 18 + 32


async def test_a_session_that_never_connects_is_closed(server: Running) -> None:
    counts: list[int] = []
    sessions = Sessions(Fanout(lambda: None), 2, lambda: None, lambda: counts.append(1), half_open_s=0.2)
    viewer = Viewer()
    before = asyncio.all_tasks()
    session_id, _ = await sessions.open(read_offer((await viewer.offer()).encode()))
    assert sessions.open_count == 1
    await until(lambda: sessions.open_count == 0)
    with pytest.raises(NoSuchSessionError):
        await sessions.close(session_id)
    await sessions.aclose()
    await sessions.aclose()
    await viewer.close()
    await until(lambda: not asyncio.all_tasks() - before)
    assert counts == []


async def test_stop_ends_the_sessions_and_leaves_no_task(tmp_path: Path) -> None:
    viewers = [Viewer(), Viewer()]
    before = asyncio.all_tasks()
    async with running_server(tmp_path) as server:
        for viewer in viewers:
            assert await viewer.watch(server) == 201
        await until(lambda: all(len(viewer.pictures) > 3 for viewer in viewers))
    await until(lambda: all(viewer.connection.connectionState == "closed" for viewer in viewers))
    for viewer in viewers:
        await viewer.close()
    await until(lambda: not asyncio.all_tasks() - before)


async def test_patch_and_options(server: Running) -> None:
    options = await server.http.options("/whep")
    assert (options.status_code, options.headers["accept-post"]) == (204, "application/sdp")
    patch = await server.http.patch(
        "/whep/abc", content=b"", headers={"Content-Type": "application/trickle-ice-sdpfrag"}
    )
    assert (patch.status_code, patch.headers["allow"]) == (405, "DELETE, OPTIONS")


async def test_another_site_may_not_open_sessions(server: Running) -> None:
    viewer = Viewer()
    text = await viewer.offer()
    await viewer.close()
    answer = await server.http.post("/whep", content=text, headers=SDP | {"Origin": "https://evil.example"})
    assert answer.status_code == 401
