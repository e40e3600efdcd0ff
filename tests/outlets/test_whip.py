"""WHIP against a server that answers with aiortc: the token, the pictures, and how failures are seen."""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import itertools
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from pydantic import SecretStr

from engine.broadcast.encoder import AudioEncoder, VideoEncoder
from engine.flow import Packet, Stream
from engine.outlets.base import OutletError
from engine.outlets.whip import DEAF_S, WhipOutlet
from tests.outlets.media import FPS, HEIGHT, WIDTH

TOKEN = SecretStr("t0ken")


class Sfu:
    """Takes one session at a time; its WebRTC runs in a loop of its own thread."""

    def __init__(self) -> None:
        self.pictures = self.sounds = self.deleted = 0
        self.refuses = 0
        self.redirect = ""
        self.connection: RTCPeerConnection | None = None
        self.codecs: list[str] = []
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        sfu = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                offer = self.rfile.read(int(self.headers["content-length"])).decode()
                code = sfu.refuses or (401 if self.headers["authorization"] != "Bearer t0ken" else 201)
                if sfu.redirect:
                    self.send_response(307)
                    self.send_header("Location", sfu.redirect)
                    self.end_headers()
                    return
                self.send_response(code)
                if code == 201:
                    answer = asyncio.run_coroutine_threadsafe(sfu.answer(offer), sfu.loop).result(10).encode()
                    self.send_header("Location", "/session/1")
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                else:
                    self.end_headers()

            def do_DELETE(self) -> None:
                sfu.deleted += self.path == "/session/1" and self.headers["authorization"] == "Bearer t0ken"
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._serving = threading.Thread(target=self._http.serve_forever)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/whip"

    def __enter__(self) -> Sfu:
        self._thread.start()
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.close())
        self._http.shutdown()
        self._http.server_close()
        self._serving.join()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def run(self, work: object) -> object:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)  # type: ignore[arg-type]

    async def close(self) -> None:
        if self.connection is not None:
            await self.connection.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*tasks, return_exceptions=True)

    async def answer(self, offer: str) -> str:
        connection = self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        connection.on("track", lambda track: asyncio.ensure_future(self._take(track)))
        await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        return str(connection.localDescription.sdp)

    async def _take(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                await track.recv()
                self.pictures += track.kind == "video"
                self.sounds += track.kind == "audio"


@pytest.fixture
def sfu() -> Iterator[Sfu]:
    with Sfu() as running:
        yield running


def media() -> Iterator[Packet]:
    """Pictures and Opus at their own pace, for ever."""
    video, sound = VideoEncoder(WIDTH, HEIGHT, FPS), AudioEncoder(Stream.OPUS)
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    began = time.monotonic()
    for n in itertools.count(5000):
        yield video.encode(picture, n)
        for k in (0, 960):
            yield from sound.encode(np.zeros(960, np.float32), n * 1920 + k)
        time.sleep(max(0.0, began + (n - 4999) / FPS - time.monotonic()))


def send(outlet: WhipOutlet, until: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    for packet in media():
        outlet.write(packet)
        if until():
            return
        assert time.monotonic() < end


def test_the_server_gets_pictures_and_sound_and_the_session_is_deleted(sfu: Sfu) -> None:
    asked: list[bool] = []
    outlet = WhipOutlet(sfu.url, TOKEN, lambda: asked.append(True))
    send(outlet, lambda: sfu.pictures > 20 and sfu.sounds > 40)
    assert outlet.live
    outlet.close()
    outlet.close()
    assert sfu.deleted == 1
    assert not outlet.live


def fails(outlet: WhipOutlet, seconds: float = 12) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            outlet.work()
        except OutletError as error:
            outlet.close()
            return str(error)
        time.sleep(0.02)
    raise AssertionError


def test_a_wrong_token_is_refused_and_is_in_no_error(sfu: Sfu) -> None:
    assert fails(WhipOutlet(sfu.url, SecretStr("wrong-one"), lambda: None)).endswith("refuses the offer (401)")


def test_a_redirect_to_another_host_does_not_get_the_token(sfu: Sfu) -> None:
    sfu.redirect = "http://localhost:1/whip"
    assert "another host" in fails(WhipOutlet(sfu.url, TOKEN, lambda: None))


def test_a_server_that_is_gone_is_seen_and_a_new_offer_begins_anew(sfu: Sfu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.outlets.whip.DEAF_S", 2.0)
    assert DEAF_S < 10
    outlet = WhipOutlet(sfu.url, TOKEN, lambda: None)
    send(outlet, lambda: sfu.pictures > 5)
    assert sfu.connection is not None
    for receiver in sfu.connection.getReceivers():
        # It goes on with ICE and DTLS, but takes nothing any more.
        sfu.loop.call_soon_threadsafe(receiver._RTCRtpReceiver__rtcp_task.cancel)  # type: ignore[attr-defined]
    with pytest.raises(OutletError, match="told nothing for 2 s"):
        send(outlet, lambda: False)
    outlet.close()
    before = sfu.pictures
    sfu.run(sfu.connection.close())
    again = WhipOutlet(sfu.url, TOKEN, lambda: None)
    send(again, lambda: sfu.pictures > before + 5)
    again.close()


def test_nobody_there(sfu: Sfu) -> None:
    assert "ConnectError" in fails(WhipOutlet("http://127.0.0.1:1/whip", TOKEN, lambda: None))


@pytest.mark.parametrize("answer", ["nonsense", "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n"])
def test_an_answer_that_cannot_be_used_is_told_as_that(sfu: Sfu, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    async def odd(_: str) -> str:
        return answer

    monkeypatch.setattr(sfu, "answer", odd)
    outlet = WhipOutlet(sfu.url, TOKEN, lambda: None)
    try:
        outlet._ended.wait(10)
        with pytest.raises(OutletError, match="the server's answer cannot be used"):
            outlet.work()
    finally:
        outlet.close()
