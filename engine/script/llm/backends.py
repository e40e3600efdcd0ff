"""The backends by name, and what must be there for each of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.script.llm.completer import Completer
from engine.script.llm.endpoint import EndpointCompleter
from engine.script.llm.errors import ModelMissingError
from engine.script.llm.serve import INSTALL_GGUF, INSTALL_TRANSFORMERS
from engine.script.llm.worker import WorkerCompleter
from engine.settings import Writer

Make = Callable[[Writer, Mapping[str, str]], Completer]


class BackendRegistry:
    """Backends by the ``kind`` that a channel names."""

    def __init__(self) -> None:
        self._makers: dict[str, Make] = {}

    def add(self, kind: str, make: Make) -> None:
        """Know ``kind``.

        Raises:
            ValueError: it is known already.
        """
        if kind in self._makers:
            raise ValueError(f"there is already a writer “{kind}”")
        self._makers[kind] = make

    def make(self, settings: Writer, environment: Mapping[str, str]) -> Completer:
        """The backend that ``settings`` name. Nothing is loaded or asked yet.

        Raises:
            ModelMissingError: it is unknown, or its key is not in ``environment``.
        """
        if settings.kind not in self._makers:
            raise ModelMissingError(
                f"there is no writer “{settings.kind}”; there are: {', '.join(sorted(self._makers))}"
            )
        return self._makers[settings.kind](settings, environment)


def _endpoint(settings: Writer, environment: Mapping[str, str]) -> Completer:
    key = environment.get(settings.key_env, "") if settings.key_env else ""
    if settings.key_env and not key:
        raise ModelMissingError(f"the environment variable {settings.key_env} is not set")
    return EndpointCompleter(settings.address, settings.model, key, settings.context)


def _gguf(settings: Writer, _environment: Mapping[str, str]) -> Completer:
    return WorkerCompleter(Path(settings.model).stem, f"{__package__}.gguf_model", settings.model, settings.context)


def _transformers(settings: Writer, _environment: Mapping[str, str]) -> Completer:
    name = Path(settings.model).name
    return WorkerCompleter(name, f"{__package__}.transformers_model", settings.model, settings.context)


BACKENDS = BackendRegistry()
BACKENDS.add("endpoint", _endpoint)
BACKENDS.add("gguf", _gguf)
BACKENDS.add("transformers", _transformers)


def missing(settings: Writer, environment: Mapping[str, str]) -> dict[str, str]:
    """What a channel's writer lacks: a message by the key of the setting that it concerns."""
    found: dict[str, str] = {}
    if settings.kind == "template":
        return found
    if not settings.model:
        found["model"] = f"the writer “{settings.kind}” needs a model"
    elif settings.kind == "gguf" and not Path(settings.model).is_file():
        found["model"] = f"there is no model at {settings.model}; `make llm` fetches one into var/models"
    if settings.kind == "endpoint" and not settings.address:
        found["address"] = "the writer “endpoint” needs the address of its API, such as https://api.example.com/v1"
    if settings.kind == "endpoint" and settings.key_env and not environment.get(settings.key_env):
        found["key_env"] = f"the environment variable {settings.key_env} is not set"
    if settings.pitches == "whole" and settings.kind != "endpoint":
        found["pitches"] = "only an endpoint may write whole pitches; a small model rewrites"
    if settings.chooses and settings.kind != "endpoint":
        found["chooses"] = "only an endpoint is quick enough to choose the answer to a question"
    if settings.kind == "gguf" and importlib.util.find_spec("xllamacpp") is None:
        found["kind"] = f"the writer “gguf” needs a package: {INSTALL_GGUF}"
    if settings.kind == "transformers" and not all(map(importlib.util.find_spec, ("torch", "transformers"))):
        found["kind"] = f"the writer “transformers” needs packages: {INSTALL_TRANSFORMERS}"
    return found
