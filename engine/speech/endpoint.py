"""A voice behind a speech endpoint in the OpenAI style: ``POST …/audio/speech``, answered with a WAV file or samples.

The answer is read as it comes, so that an endpoint that stalls is given up long before the line's deadline. A line is
asked for a second time where the refusal may pass and there is time. Nothing is known of phonemes (``untimed``).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from engine.settings.endpoint import Endpoint, EndpointBrokeError, EndpointError, Reply
from engine.settings.voice import OneVoice, SpeechEndpoint
from engine.speech.base import Spoken, VoiceError, untimed
from engine.speech.endpoint_settings import NEEDS, key_of
from engine.speech.plain_text import text_of
from engine.speech.readings import SpokenWord
from engine.speech.sound_file import LONGEST_S, SoundError, pcm_48k, wav_48k

MOST_BYTES = int(LONGEST_S) * 48_000 * 2 * 2
"""Two minutes of stereo at 48 kHz and 16 bits."""

PAUSE_S = 0.3
"""Before a line is asked for again."""

LEAST_S = 1.0
"""With less time than this left it is not asked for again."""


class EndpointVoice:
    """One voice of an endpoint. ``key`` is sent to it alone."""

    def __init__(self, settings: SpeechEndpoint, name: str, key: str) -> None:
        self._settings = settings
        self._name = name
        self._endpoint = Endpoint(settings.address, "audio/speech", key)
        sound = f"pcm-{settings.rate}" if settings.format == "pcm" else settings.format
        self.version = f"endpoint-{settings.address}-{settings.model}-{name}-{sound}-2"

    def synthesize(self, words: Sequence[SpokenWord], speed: float) -> Spoken:
        """See ``VoiceBackend``."""
        settings = self._settings
        request = {
            "model": settings.model,
            "input": text_of(words),
            "voice": self._name,
            "response_format": settings.format,
            "speed": speed,
        }
        reply = self._asked(request)
        try:
            sound = wav_48k(reply.body) if settings.format == "wav" else pcm_48k(reply.body, settings.rate)
        except SoundError as error:
            raise VoiceError(f"{self._endpoint.host} answered with something that cannot be heard: {error}") from error
        return untimed(sound)

    def close(self) -> None:
        """See ``VoiceBackend``."""
        self._endpoint.close()

    def _asked(self, request: Mapping[str, object]) -> Reply:
        """The answer, at the second try where that may help and there is time."""
        until = time.monotonic() + self._settings.deadline_s
        for is_last in (False, True):
            left = round(max(0.1, until - time.monotonic()), 1)
            try:
                reply = self._endpoint.post(request, "audio/*", left, MOST_BYTES, self._settings.stall_s)
            except EndpointBrokeError as error:
                trouble, pause = str(error), PAUSE_S
            except EndpointError as error:
                raise VoiceError(str(error)) from error
            else:
                if reply.status == 200:
                    return reply
                trouble, pause = f"{self._endpoint.host} answered with HTTP status {reply.status}", reply.retry_after_s
                if not reply.retryable:
                    break
            pause = max(PAUSE_S, pause)
            if is_last or until - time.monotonic() < pause + LEAST_S:
                break
            time.sleep(pause)
        raise VoiceError(trouble)


def open_endpoint(voice: OneVoice) -> EndpointVoice:
    """The voice that the settings name. Nothing is asked yet.

    Raises:
        VoiceError: its settings are not complete, or its key is not there.
    """
    if voice.endpoint is None:
        raise VoiceError(f"the voice “{voice.name}” has no endpoint: {NEEDS}")
    key = key_of(voice.endpoint)
    if voice.endpoint.key_env and not key:
        raise VoiceError(f"the environment variable {voice.endpoint.key_env} is not set")
    return EndpointVoice(voice.endpoint, voice.name, key)
