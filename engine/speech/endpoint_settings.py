"""What can be wrong with a voice behind an endpoint before it is asked."""

from __future__ import annotations

import os

from engine.settings.errors import Problem
from engine.settings.secrets import kept_secrets, secrets_place
from engine.settings.state import state_dir
from engine.settings.voice import OneVoice, SpeechEndpoint
from engine.speech.base import At

NEEDS = "add a block “endpoint” below “voice” with the keys “address” and “model”"


def key_of(settings: SpeechEndpoint) -> str:
    """The endpoint's key: from the environment, else from what the control room keeps; "" where it has none."""
    if not settings.key_env:
        return ""
    kept = os.environ.get(settings.key_env) or kept_secrets(secrets_place(state_dir())).get(settings.key_env, "")
    return kept.strip()


def endpoint_languages(voice: OneVoice) -> frozenset[str]:
    """What the merchant says that it speaks."""
    return frozenset(voice.endpoint.languages if voice.endpoint is not None else ())


def endpoint_problems(voice: OneVoice, at: At) -> list[Problem]:
    """A block that is missing, and a key that is not there."""
    settings = voice.endpoint
    if settings is None:
        return [at("backend", "the voice backend “endpoint” needs to know which endpoint", NEEDS)]
    if settings.key_env and not key_of(settings):
        hint = "set it, or keep it in the control room"
        return [at("endpoint.key_env", f"the environment variable {settings.key_env} is not set", hint)]
    return []
