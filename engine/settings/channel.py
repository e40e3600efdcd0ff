"""A channel as a merchant writes it: who speaks, how, what is sold, and where it is sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator

from engine.settings.alarms import Alarms
from engine.settings.catalogue import Catalogue, Strict
from engine.settings.show import Show
from engine.settings.writer import Writer

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class Persona(Strict):
    """Who the host is, in the merchant's words."""

    manner: Literal["warm", "lively", "calm"] = "warm"
    introduction: Annotated[str, Field(max_length=200)] = ""


class Voice(Strict):
    """Which voice speaks. ``speed`` 1.0 is the voice's own pace."""

    backend: str = "hibari"
    name: str = "heart"
    speed: Annotated[float, Field(ge=0.7, le=1.4)] = 1.0


class Canvas(Strict):
    """The picture. Width and height are even; fps divides 48 000."""

    width: Annotated[int, Field(ge=360, le=1920, multiple_of=2)] = 720
    height: Annotated[int, Field(ge=360, le=1920, multiple_of=2)] = 1280
    fps: Literal[25, 30] = 25
    brand_colour: Colour = "#e63348"
    backdrop: str = "studio"


class Chat(Strict):
    """What the chat lets through."""

    enabled: bool = True
    max_length: Annotated[int, Field(ge=20, le=500)] = 200
    messages_per_minute: Annotated[int, Field(ge=1, le=120)] = 12
    room_messages_per_minute: Annotated[int, Field(ge=10, le=6000)] = 240


class Recording(Strict):
    """Keeps what went on air as fragmented MP4 in ``folder``."""

    kind: Literal["recording"]
    name: str = "recording"
    folder: Path


class Rtmp(Strict):
    """Sends to an RTMP or RTMPS address. The key is appended to the address and never shown."""

    kind: Literal["rtmp"]
    name: str = "rtmp"
    url: Annotated[str, Field(pattern=r"^rtmps?://")]
    key: SecretStr = SecretStr("")


Output = Annotated[Recording | Rtmp, Field(discriminator="kind")]


class Server(Strict):
    """Where the pages are. ``host`` 127.0.0.1 keeps them on this machine.

    ``control_port`` is that of the control room, which serves all channels of one ``everhost run`` on the first
    channel's ``host``; 0 leaves it out. ``control_names`` are host names under which a proxy gives it out.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    control_port: Annotated[int, Field(ge=0, le=65535)] = 8090
    control_names: tuple[str, ...] = ()
    max_viewers: Annotated[int, Field(ge=1, le=1000)] = 100


class ChannelPolicy(Strict):
    """Which rules of speech hold: packs by name (None: those of the catalogue's language), and the platform's gate.

    The host says that it is an AI at the start and at least every ``notice_every_minutes``.
    """

    packs: tuple[str, ...] | None = None
    platform: str = ""
    notice_every_minutes: Annotated[int, Field(ge=1, le=60)] = 15


class Channel(Strict):
    """One channel, complete: ``file`` is where it was read from, ``items`` the catalogue that it names.

    ``catalogue`` is a file of any known format; for a catalogue at an address it is the last good copy, and
    ``catalogue_address`` the address. ``shop`` and ``currency`` are for tables, which do not say them.
    ``descriptions: say`` also takes the facts found in free text of tables, without anybody's approval. ``records``
    is the address of a PostgreSQL database; empty keeps the ledger in a file. ``moves_like`` is a manner file, learned
    from a clip of a person.
    """

    file: Path
    name: Annotated[str, Field(min_length=1, max_length=40)]
    language: Literal["en", "zh"] = "en"
    persona: Persona = Persona()
    body: Path
    moves_like: Path | None = None
    voice: Voice = Voice()
    canvas: Canvas = Canvas()
    catalogue: Path
    catalogue_address: str = ""
    shop: Annotated[str, Field(max_length=60)] = ""
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    descriptions: Literal["leave", "say"] = "leave"
    records: SecretStr = SecretStr("")
    show: Show = Show()
    writer: Writer = Writer()
    chat: Chat = Chat()
    policy: ChannelPolicy = ChannelPolicy()
    outputs: tuple[Output, ...] = ()
    server: Server = Server()
    alarms: Alarms = Alarms()
    items: Catalogue

    @field_validator("records")
    @classmethod
    def _is_database(cls, records: SecretStr) -> SecretStr:
        """Not shown in the message: the address may hold a password."""
        if records.get_secret_value() and not re.match(r"postgres(ql)?://", records.get_secret_value()):
            raise ValueError("this is not the address of a PostgreSQL database, such as postgresql://user@host/name")
        return records
