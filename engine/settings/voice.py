"""Who speaks: a voice of this machine, one behind an endpoint, or one made of weights; and who speaks when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from engine.settings.catalogue import Strict
from engine.settings.endpoint import safe_endpoint

Language = Literal["en", "zh"]

MOST_FALLBACKS = 4

VoiceName = Annotated[str, Field(min_length=1, max_length=120)]


class SpeechEndpoint(Strict):
    """A speech endpoint in the OpenAI style: ``POST {address}/audio/speech``.

    ``key_env`` names the environment variable that holds its key. ``format`` is what it is asked for: a WAV file, or
    ``pcm``, 16-bit samples at ``rate`` a second. A line may take ``deadline_s``, with pauses of at most ``stall_s``.
    """

    address: str
    model: Annotated[str, Field(min_length=1, max_length=120)]
    key_env: Annotated[str, Field(pattern=r"^([A-Za-z_]\w*)?$")] = ""
    format: Literal["wav", "pcm"] = "wav"
    rate: Annotated[int, Field(ge=8000, le=48000)] = 24000
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("en",)
    deadline_s: Annotated[float, Field(ge=1, le=20)] = 8.0
    stall_s: Annotated[float, Field(ge=0.5, le=20)] = 4.0

    _is_safe = field_validator("address")(safe_endpoint)


class Coqui(Strict):
    """Weights that Coqui ``TTS`` speaks with, in an environment of its own (``make coqui``).

    ``weights`` is a safetensors file and ``sha256`` its hash; ``config`` Coqui's own JSON beside it. ``speaker`` is one
    of a model with several, whose names ``speakers`` (JSON) holds. XTTS also needs its ``vocabulary`` (JSON), and
    speaks like the person in ``sample`` (WAV), who agreed in ``consent`` (YAML).
    """

    kind: Literal["vits", "xtts"] = "vits"
    weights: Path
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    config: Path
    speakers: Path | None = None
    speaker: Annotated[str, Field(max_length=120)] = ""
    vocabulary: Path | None = None
    sample: Path | None = None
    consent: Path | None = None
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("en",)
    deadline_s: Annotated[float, Field(ge=1, le=20)] = 8.0


COQUI_FILES = ("weights", "config", "speakers", "vocabulary", "sample", "consent")


class OneVoice(Strict):
    """One voice: ``name`` of a ``backend``. ``speed`` 1.0 is the voice's own pace.

    ``endpoint`` and ``coqui`` are for the backends of these names, where ``name`` is the endpoint's name of the voice,
    or whatever the merchant calls it.
    """

    backend: str = "hibari"
    name: VoiceName = "heart"
    speed: Annotated[float, Field(ge=0.7, le=1.4)] = 1.0
    endpoint: SpeechEndpoint | None = None
    coqui: Coqui | None = None


class OtherVoices(Strict):
    """Kokoro's voices for lines in other languages than the channel's: English, Mandarin, Japanese, Spanish, French,
    Hindi, Italian, and Portuguese of Brazil.
    """

    en: VoiceName | None = None
    zh: VoiceName | None = None
    ja: VoiceName | None = None
    es: VoiceName | None = None
    fr: VoiceName | None = None
    hi: VoiceName | None = None
    it: VoiceName | None = None
    pt: VoiceName | None = None

    def voices(self, speed: float) -> dict[str, OneVoice]:
        """Language to its voice at ``speed``, for those that are named."""
        named = self.model_dump(exclude_none=True)
        return {language: OneVoice(backend="kokoro", name=name, speed=speed) for language, name in named.items()}


class Voice(OneVoice):
    """The voice of a channel. When it fails, the next in ``fallback`` speaks the same line.

    Lines in other languages are spoken by ``others``, and by the channel's own voices where these fail.

    A voice that failed is tried again after ``retry_s``, and after twice as long each time that it fails again.
    """

    fallback: Annotated[tuple[OneVoice, ...], Field(max_length=MOST_FALLBACKS)] = ()
    retry_s: Annotated[float, Field(ge=5, le=3600)] = 30.0
    others: OtherVoices = OtherVoices()

    @property
    def in_turn(self) -> tuple[OneVoice, ...]:
        """The voice itself, then those that speak when it fails."""
        return (self, *self.fallback)
