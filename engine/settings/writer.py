"""Who writes the lines of a channel: the templates alone, or a language model beside them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from engine.settings.catalogue import Strict
from engine.settings.endpoint import safe_endpoint


class Writer(Strict):
    """A language model beside the templates, which are always there.

    ``model`` is a GGUF file, a folder (or hub name) for ``transformers``, or the endpoint's name of it. ``key_env``
    names the environment variable that holds the endpoint's key. A completion may last ``deadline_s``. ``share`` is
    the part of the lines for which the model's is taken where there is one. ``context`` is in tokens. With ``chooses``
    an endpoint also points at the fact that answers a question, where the rules find none.
    """

    kind: Literal["template", "endpoint", "gguf", "transformers"] = "template"
    model: str = ""
    address: str = ""
    key_env: Annotated[str, Field(pattern=r"^([A-Za-z_]\w*)?$")] = ""
    pitches: Literal["rewrite", "whole"] = "rewrite"
    deadline_s: Annotated[float, Field(ge=1, le=600)] = 60.0
    share: Annotated[float, Field(ge=0, le=1)] = 1.0
    context: Annotated[int, Field(ge=2048, le=32768)] = 4096
    chooses: bool = False

    _is_safe = field_validator("address")(safe_endpoint)
