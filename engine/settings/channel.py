"""A channel as a merchant writes it: who speaks, how, what is sold, and where it is sent."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator, model_validator

from engine.settings.alarms import Alarms
from engine.settings.catalogue import Catalogue, MaybeCurrency, Strict
from engine.settings.show import Show
from engine.settings.url import with_host
from engine.settings.voice import Voice
from engine.settings.writer import Writer

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class Persona(Strict):
    """Who the host is, in the merchant's words."""

    manner: Literal["warm", "lively", "calm"] = "warm"
    introduction: Annotated[str, Field(max_length=200)] = ""


LabelCorner = Literal["left", "right"]


class Canvas(Strict):
    """The picture. Width and height are even; fps divides 48 000.

    ``label`` is the upper corner of the AI label, which cannot be taken off; the left one only in a portrait, where
    the host leaves room for it.
    """

    width: Annotated[int, Field(ge=360, le=1920, multiple_of=2)] = 720
    height: Annotated[int, Field(ge=360, le=1920, multiple_of=2)] = 1280
    fps: Literal[25, 30] = 25
    brand_colour: Colour = "#e63348"
    backdrop: str = "studio"
    captions: bool = True
    label: LabelCorner = "right"

    @property
    def portrait(self) -> bool:
        """Whether it is much higher than wide."""
        return self.height >= 1.2 * self.width

    @field_validator("label")
    @classmethod
    def _has_room(cls, label: LabelCorner, info: ValidationInfo) -> LabelCorner:
        width, height = info.data.get("width", 0), info.data.get("height", 0)
        if label == "left" and height < 1.2 * width:
            raise ValueError("on the left it would cover the host in a wide picture; write: right")
        return label


class Chat(Strict):
    """What the chat lets through."""

    enabled: bool = True
    max_length: Annotated[int, Field(ge=20, le=500)] = 200
    messages_per_minute: Annotated[int, Field(ge=1, le=120)] = 12
    room_messages_per_minute: Annotated[int, Field(ge=10, le=6000)] = 240


class Recording(Strict):
    """Keeps what went on air as fragmented MP4 in ``folder``, a file an hour.

    Recordings older than ``keep_days`` go, and the oldest when all of them take more than ``budget_gb`` (None: all are
    kept). ``certificate`` (a chain, PEM) and ``certificate_key`` are the merchant's, to sign recordings with (C2PA);
    without them Everhost makes its own.
    """

    kind: Literal["recording"]
    name: str = "recording"
    folder: Path
    keep_days: Annotated[float, Field(gt=0)] | None = None
    budget_gb: Annotated[float, Field(gt=0)] | None = None
    certificate: Path | None = None
    certificate_key: Path | None = None

    @model_validator(mode="after")
    def _has_both(self) -> Self:
        if (self.certificate is None) != (self.certificate_key is None):
            raise ValueError(
                "to sign recordings, “certificate” and “certificate_key” are both needed; write both, or none"
            )
        return self


_HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
RtmpAddress = Annotated[str, Field(pattern=r"^rtmps?://[^/]+/.+"), AfterValidator(with_host)]

Platform = Literal["generic", "twitch", "youtube", "facebook", "douyin", "taobao", "bilibili"]


class Rtmp(Strict):
    """Sends to an RTMP or RTMPS address. The key is appended to the address and never shown.

    ``backup_url`` is a second address of the same destination, taken when the first fails; it has ``backup_key``, or
    the same key without one. ``platform`` says how long that platform lets a session last.
    """

    kind: Literal["rtmp"]
    name: str = "rtmp"
    platform: Platform = "generic"
    url: RtmpAddress
    key: SecretStr = SecretStr("")
    backup_url: RtmpAddress | None = None
    backup_key: SecretStr = SecretStr("")


class Whip(Strict):
    """Sends to a WebRTC server by WHIP (RFC 9725). ``token`` is its bearer token, never shown."""

    kind: Literal["whip"]
    name: str = "whip"
    url: Annotated[str, Field(pattern=r"^https?://[^/]+/.+"), AfterValidator(with_host)]
    token: SecretStr = SecretStr("")

    @field_validator("url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        """A token goes over the open network by https only."""
        if url.startswith("http://") and not re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])[:/]", url):
            raise ValueError("this must be an address that begins with https://")
        return url


Output = Annotated[Recording | Rtmp | Whip, Field(discriminator="kind")]


SHORTEST_TOKEN = 16


class Server(Strict):
    """Where the pages are. ``host`` 127.0.0.1 keeps them on this machine.

    ``control_port`` is that of the control room, which serves all channels of one ``everhost run`` on the first
    channel's ``host``; 0 leaves it out. ``control_names`` are host names under which a proxy gives it out.
    With a ``viewer_token`` the show is only for those who have it (in the page's address, or as a bearer token).
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    control_port: Annotated[int, Field(ge=0, le=65535)] = 8090
    control_names: tuple[str, ...] = ()
    max_viewers: Annotated[int, Field(ge=1, le=1000)] = 100
    viewer_token: SecretStr = SecretStr("")

    @field_validator("host")
    @classmethod
    def _stands_alone(cls, host: str) -> str:
        """No port, no address of a page."""
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_address(host))
        if not _HOST_NAME.fullmatch(host):
            raise ValueError("this must be an address such as 127.0.0.1 or 0.0.0.0, or a host name, with no port")
        return host

    @field_validator("viewer_token")
    @classmethod
    def _is_long(cls, token: SecretStr) -> SecretStr:
        """Not shown in the message."""
        if 0 < len(token.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"this must have at least {SHORTEST_TOKEN} characters")
        return token


class Retention(Strict):
    """For how many days the ledger keeps things; 0 keeps them for ever.

    ``keep_days`` is for what was said and shown, with the evidence for it. ``chat_days`` is for what viewers wrote,
    with their names, which the law wants kept no longer than it is needed (GDPR art. 5(1)(e), PIPL art. 19).
    """

    keep_days: Annotated[int, Field(ge=0, le=36_500)] = 400
    chat_days: Annotated[int, Field(ge=0, le=36_500)] = 90


Megabytes = Annotated[float, Field(ge=50, le=1_000_000)]


class Memory(Strict):
    """Resident memory from which a process is replaced by a fresh one, in megabytes; another loads beside it first.

    The defaults are several times what each uses after a day. The control room, of which the first channel's ceiling
    holds, is started anew without another beside it.
    """

    stage_mb: Megabytes = 1500.0
    server_mb: Megabytes = 1500.0
    studio_mb: Megabytes = 2500.0
    outlet_mb: Megabytes = 500.0
    room_mb: Megabytes = 1500.0

    def ceiling_mb(self, kind: str) -> float | None:
        """The ceiling of a kind of process; None where there is none: the master is never replaced by plan."""
        found: float | None = getattr(self, f"{kind}_mb", None)
        return found


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
    ``catalogue_address`` the address. ``shop`` is for tables, which do not say it; ``currency`` is that of the prices
    that name none, in a catalogue of any format.
    ``descriptions: say`` also takes the facts found in free text of tables, without anybody's approval. ``records``
    is the address of a PostgreSQL database; empty keeps the ledger in a file. ``body_rights`` says, in the merchant's
    words, what right they hold to sell with a body whose own licence does not allow it. ``moves_like`` is a
    manner file, learned from a clip of a person.
    """

    file: Path
    name: Annotated[str, Field(min_length=1, max_length=40)]
    language: Literal["en", "zh"] = "en"
    persona: Persona = Persona()
    body: Path
    body_rights: Annotated[str, Field(max_length=300)] = ""
    moves_like: Path | None = None
    voice: Voice = Voice()
    canvas: Canvas = Canvas()
    catalogue: Path
    catalogue_address: str = ""
    shop: Annotated[str, Field(max_length=60)] = ""
    currency: MaybeCurrency = ""
    descriptions: Literal["leave", "say"] = "leave"
    records: SecretStr = SecretStr("")
    ledger: Retention = Retention()
    show: Show = Show()
    writer: Writer = Writer()
    chat: Chat = Chat()
    policy: ChannelPolicy = ChannelPolicy()
    outputs: tuple[Output, ...] = ()
    server: Server = Server()
    memory: Memory = Memory()
    alarms: Alarms = Alarms()
    items: Catalogue

    @field_validator("records")
    @classmethod
    def _is_database(cls, records: SecretStr) -> SecretStr:
        """Not shown in the message: the address may hold a password."""
        if records.get_secret_value() and not re.match(r"postgres(ql)?://", records.get_secret_value()):
            raise ValueError("this is not the address of a PostgreSQL database, such as postgresql://user@host/name")
        return records
