"""A speech endpoint that answers well, slowly, wrongly, or not at all."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import numpy as np
import pytest

from engine.flow import SAMPLE_RATE
from engine.settings.voice import SpeechEndpoint, Voice
from engine.speech import VoiceError
from engine.speech.endpoint import EndpointVoice, open_endpoint
from engine.speech.reader import read_text
from tests.endpoint_server import Behave, Server, hang, reply
from tests.speech.sounds import TEXT, noise, silence, sixteen_bits, speech, streamed_wav, tone, wav

KEY = "sk-very-secret"
Serve = Callable[..., tuple[Server, EndpointVoice]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def make(behave: Behave, **settings: object) -> tuple[Server, EndpointVoice]:
        servers.append(Server(behave))
        given = {"address": servers[-1].address, "model": "tts-1", "deadline_s": 2.0, "stall_s": 0.5, **settings}
        return servers[-1], EndpointVoice(SpeechEndpoint.model_validate(given), "alloy", KEY)

    yield make
    for server in servers:
        server.close()


def said(voice: EndpointVoice, text: str = TEXT) -> np.ndarray:
    spoken = voice.synthesize(read_text(text)[1], 1.1)
    assert not spoken.timed
    return spoken.pcm_48k


def test_the_request_and_the_sound(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server, voice = serve(lambda handler, _: reply(handler, wav(speech())))
    assert np.abs(said(voice, "It is $5. Wow!") - speech()).max() < 1e-4
    path, headers, body = server.asked[0]
    assert path == "/v1/audio/speech"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body == {
        "model": "tts-1", "input": "It is five dollars. Wow!", "voice": "alloy", "response_format": "wav", "speed": 1.1,
    }  # fmt: skip
    assert KEY not in caplog.text


def test_chinese_is_sent_as_it_is_written(serve: Serve) -> None:
    server, voice = serve(lambda handler, _: reply(handler, wav(speech())))
    said(voice, "这款杯子很好看，USB充电。")
    assert server.asked[0][2]["input"] == "这款杯子很好看，USB 充电。"


def test_a_stream_of_unknown_length_is_read_to_its_end(serve: Serve) -> None:
    data = streamed_wav(speech())

    def stream(handler: BaseHTTPRequestHandler, _: object) -> None:
        handler.send_response(200)
        handler.end_headers()
        for at in range(0, len(data), 40_000):
            handler.wfile.write(data[at : at + 40_000])
            handler.wfile.flush()
            time.sleep(0.02)

    _, voice = serve(stream)
    assert len(said(voice)) == len(speech())


def test_bare_samples(serve: Serve) -> None:
    data = sixteen_bits(speech()[::2]).tobytes()
    _, voice = serve(lambda handler, _: reply(handler, data), format="pcm", rate=24_000)
    assert abs(len(said(voice)) - len(speech())) <= 2


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (401, 1), (404, 1), (429, 2), (500, 2), (503, 2)])
def test_a_refusal_says_its_status_and_no_secret(serve: Serve, status: int, tries: int) -> None:
    server, voice = serve(lambda handler, _: reply(handler, f"bad key {KEY}".encode(), status))
    with pytest.raises(VoiceError, match=f"127.0.0.1 answered with HTTP status {status}") as caught:
        said(voice)
    assert len(server.asked) == tries
    assert KEY not in str(caught.value)


def test_a_refusal_that_passes_is_asked_again(serve: Serve) -> None:
    answers = iter([(b"", 503), (wav(speech()), 200)])
    server, voice = serve(lambda handler, _: reply(handler, *next(answers)))
    assert len(said(voice)) == len(speech())
    assert len(server.asked) == 2


def test_one_that_asks_for_too_long_a_pause_is_not_waited_for(serve: Serve) -> None:
    server, voice = serve(lambda handler, _: reply(handler, b"", 429, **{"Retry-After": "60"}))
    began = time.monotonic()
    with pytest.raises(VoiceError, match="HTTP status 429"):
        said(voice)
    assert time.monotonic() - began < 20
    assert len(server.asked) == 1


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    server, voice = serve(lambda handler, _: reply(handler, b"", 307, Location="http://127.0.0.1:1/steal"))
    with pytest.raises(VoiceError, match="HTTP status 307"):
        said(voice)
    assert len(server.asked) == 1


def test_one_that_stalls_is_given_up_long_before_the_deadline(serve: Serve) -> None:
    def stall(handler: BaseHTTPRequestHandler, _: object) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(streamed_wav(speech())[:20_000])
        handler.wfile.flush()
        hang(handler)

    _, voice = serve(stall, deadline_s=10.0)
    began = time.monotonic()
    with pytest.raises(VoiceError, match=r"127.0.0.1 sent nothing for 0\.5 s"):
        said(voice)
    assert time.monotonic() - began < 8


def test_one_that_answers_when_all_is_done_has_until_the_deadline(serve: Serve) -> None:
    def late(handler: BaseHTTPRequestHandler, _: object) -> None:
        time.sleep(1.0)
        reply(handler, wav(speech()))

    server, voice = serve(late, deadline_s=10.0)
    assert len(said(voice)) == len(speech())
    assert len(server.asked) == 1


def test_one_that_drips_is_given_up_at_the_deadline(serve: Serve) -> None:
    def drip(handler: BaseHTTPRequestHandler, _: object) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _n in range(200):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    _, voice = serve(drip, deadline_s=1.0)
    began = time.monotonic()
    with pytest.raises(VoiceError, match="within 1 s"):
        said(voice)
    assert time.monotonic() - began < 8


def test_one_that_breaks_off_is_asked_again_once(serve: Serve) -> None:
    server, voice = serve(lambda handler, _: handler.connection.close())
    with pytest.raises(VoiceError, match="broke off"):
        said(voice)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (json.dumps({"error": "no credit"}).encode(), "this is no WAV file, it looks like JSON"),
        (b"ID3\x04" + bytes(50), "it looks like MP3"),
        (b"", "this is no WAV file: it is empty"),
        (wav(speech())[:40], "no sound in it"),
        (wav(silence(0)), "the sound is empty"),
    ],
)
def test_what_is_no_sound_is_said_so(serve: Serve, body: bytes, why: str) -> None:
    _, voice = serve(lambda handler, _: reply(handler, body))
    with pytest.raises(VoiceError, match=why):
        said(voice)


def test_an_answer_without_end_is_cut(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.speech.endpoint.MOST_BYTES", 10_000)
    _, voice = serve(lambda handler, _: reply(handler, bytes(20_000)))
    with pytest.raises(VoiceError, match="more than 10000 bytes"):
        said(voice)


@pytest.mark.parametrize("sound", [tone(2.0), noise(2.0), silence(2.0), speech()[: SAMPLE_RATE // 20]])
def test_what_is_no_speech_is_found_out_by_the_speaker(serve: Serve, sound: np.ndarray, tmp_path) -> None:
    from engine.flow import Line, LineKind  # noqa: PLC0415
    from engine.speech.cache import SoundCache  # noqa: PLC0415
    from engine.speech.speaker import Speaker  # noqa: PLC0415

    server, voice = serve(lambda handler, _: reply(handler, wav(sound)))
    speaker = Speaker(voice, 1.0, SoundCache(tmp_path))
    for _ in range(2):
        with pytest.raises(VoiceError, match="the voice did not say it"):
            speaker.utter(Line("l", LineKind.SAY, TEXT))
    assert len(server.asked) == 2, "what is no speech was kept"


@pytest.mark.parametrize("kept", [None, "", "\r", " \n"])
def test_without_its_key_or_its_block_it_is_not_opened(monkeypatch: pytest.MonkeyPatch, kept: str | None) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    if kept is not None:
        monkeypatch.setenv("NO_SUCH_KEY", kept)
    block = {"address": "https://api.example.com/v1", "model": "tts-1", "key_env": "NO_SUCH_KEY"}
    with pytest.raises(VoiceError, match="NO_SUCH_KEY is not set"):
        open_endpoint(Voice.model_validate({"backend": "endpoint", "name": "alloy", "endpoint": block}))
    with pytest.raises(VoiceError, match="add a block “endpoint” below “voice”"):
        open_endpoint(Voice(backend="endpoint", name="alloy"))


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"rate": 16_000}, False),
        ({"format": "wav"}, False),
        ({"model": "tts-2"}, False),
        ({"deadline_s": 3.0}, True),
    ],
)
def test_what_would_sound_different_is_kept_apart(changed: dict[str, object], same: bool) -> None:
    given = {"address": "https://api.example.com/v1", "model": "tts-1", "format": "pcm", "rate": 24_000}
    one, other = (
        EndpointVoice(SpeechEndpoint.model_validate(each), "alloy", KEY).version for each in (given, given | changed)
    )
    assert (one == other) is same


def test_mp3_in_the_place_of_samples_is_a_failure(serve: Serve) -> None:
    frame = b"\xff\xfb\x90\x64" + bytes(413)
    _, voice = serve(lambda handler, _: reply(handler, frame * 40), format="pcm")
    with pytest.raises(VoiceError, match="it looks like MP3"):
        said(voice, "Yes.")
