"""What the processes of one channel tell each other over the bus. Each type says who sends it and who listens."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.flow import Card, Performance, Word
from engine.runtime.steering import Held, Questions, Reorder, ShowNow, Steer, Steered
from engine.script import Draft


class Hello(msgspec.Struct, tag="hello", frozen=True):
    """A process has started and knows nothing yet: whoever owns state that it needs sends it again."""

    process: str


class Health(msgspec.Struct, tag="health", frozen=True):
    """Each process, once a second: the heartbeat, and the figures behind ``/metrics`` and the control page.

    ``state`` is one word ("on air", "stopped", "connecting", "failed" …); ``detail`` is for people and never
    holds a secret. ``troubles`` are what is wrong and does not keep it from working, by the name of the alarm.
    """

    process: str
    pid: int
    state: str
    detail: str = ""
    figures: dict[str, float] = {}
    troubles: dict[str, str] = {}


class ProcessState(msgspec.Struct, tag="process", frozen=True):
    """Supervisor to server: a child is "starting", "running", has "ended" and is started again (``restarts`` so far),
    or is "degraded": it ended too often, and is only tried now and then.
    """

    process: str
    state: str
    restarts: int = 0
    detail: str = ""


class Standby(msgspec.Struct, tag="standby", frozen=True):
    """A process that is to take another one's place, to the supervisor, once a second: it is ready and waits."""

    process: str
    pid: int


class Perform(msgspec.Struct, tag="perform", frozen=True):
    """Studio to master and stage: a Performance that waits for the air; ``urgent`` ones go to the head."""

    performance: Performance
    urgent: bool = False


class Act(msgspec.Struct, tag="act", frozen=True):
    """Master to a restarted stage: a Performance without its sound, with its start if it has one."""

    performance: Performance
    start_picture: int | None = None


class Withdraw(msgspec.Struct, tag="withdraw", frozen=True):
    """Studio to master: these waiting Performances must not go on air (their facts have changed).

    The master says ``Ended`` for each that it really let go; the stage goes by that.
    """

    performance_ids: tuple[str, ...]


class Scheduled(msgspec.Struct, tag="scheduled", frozen=True):
    """Master to all: this Performance starts at that picture."""

    performance_id: str
    start_picture: int


class Recalled(msgspec.Struct, tag="recalled", frozen=True):
    """Master to stage and studio: a decided start is taken back, because an answer goes first."""

    performance_id: str


class Hold(msgspec.Struct, tag="hold", frozen=True):
    """Studio to master: an answer is being made. Between lines, the next line waits up to ``pictures`` for it.

    0: no answer is being made any more.
    """

    pictures: int


class Ended(msgspec.Struct, tag="ended", frozen=True):
    """Master to all: the Performance is over (``cut`` when it was stopped or withdrawn before its end)."""

    performance_id: str
    cut: bool = False


class LineView(msgspec.Struct, frozen=True):
    """A line as pages show it. ``start_picture`` is -1 while it waits.

    ``allowed`` is the guard's word (None: not asked). ``movable``: it can still be edited, dropped or moved; ``held``:
    it waits for an operator's approval.
    """

    performance_id: str
    kind: str
    text: str
    product_id: str | None
    fact_ids: tuple[str, ...]
    start_picture: int = -1
    pictures: int = 0
    words: tuple[Word, ...] = ()
    writer: str = "template"
    allowed: bool | None = None
    movable: bool = False
    held: bool = False
    line_id: str = ""
    question_id: str | None = None
    catalogue_version: int = 1


class Aired(msgspec.Struct, tag="aired", frozen=True):
    """Master to a studio that has just started: the lines that were over lately, oldest first.

    ``pictures`` of each is for how long it was on air, less than it has where it was cut.
    """

    lines: tuple[LineView, ...]


class OnAir(msgspec.Struct, tag="on_air", frozen=True):
    """Master to server, at each change and twice a second: what is said now, what comes next, in order."""

    picture: int
    stopped: bool
    slate: bool
    now: LineView | None
    upcoming: tuple[LineView, ...]
    paused: bool = False


class Cards(msgspec.Struct, tag="cards", frozen=True):
    """Studio to stage and server: every product as its card shows it now."""

    cards: tuple[Card, ...]


class ChatMessage(msgspec.Struct, tag="chat", frozen=True):
    """Server to studio: what a viewer typed, as it came (untrusted text)."""

    message_id: str
    viewer: str
    text: str


class ChatReply(msgspec.Struct, tag="reply", frozen=True):
    """Studio to server: the written reply. ``performance_id`` names the spoken one; empty when only written.

    A ``refused`` or ``private`` one is for its writer alone.
    """

    message_id: str
    viewer: str
    question: str
    text: str
    performance_id: str = ""
    refused: bool = False
    private: bool = False


class Control(msgspec.Struct, tag="control", frozen=True):
    """Server to master and studio: ``stop`` (silence and slate at once), ``pause`` (idle life after the sentence that
    is said now), ``resume`` from both, or ``skip`` (the line now). Studio to master: ``cut``, a skip within a wish.
    """

    action: str
    user: str = ""


class Restart(msgspec.Struct, tag="restart", frozen=True):
    """Control room to supervisor: end every process of the channel, read its file again, and start them."""

    user: str


class KeyframeRequest(msgspec.Struct, tag="keyframe", frozen=True):
    """Server or outlet to master: a joiner waits for an IDR. The master coalesces them."""

    reason: str


class SmallWanted(msgspec.Struct, tag="small_wanted", frozen=True):
    """Server to master, once a second while a viewer's line is too thin: make the small picture as well.

    ``viewers`` is how many need it.
    """

    viewers: int


class WriteFor(msgspec.Struct, tag="write_for", frozen=True):
    """Studio to writer: what a language model writes lines for, the next products first.

    ``catalogue`` is JSON, sent when it has changed or the writer is new; "" otherwise. ``version`` names it.
    """

    version: str
    upcoming: tuple[str, ...]
    catalogue: str = ""


class Written(msgspec.Struct, tag="written", frozen=True):
    """Writer to studio: lines that passed the guard over the catalogue of that version."""

    version: str
    drafts: tuple[Draft, ...]


class Viewers(msgspec.Struct, tag="viewers", frozen=True):
    """Server to all, at each change: how many WebRTC viewers watch now."""

    count: int


Message = (
    Hello
    | Health
    | ProcessState
    | Standby
    | Perform
    | Act
    | Withdraw
    | Scheduled
    | Recalled
    | Hold
    | Ended
    | OnAir
    | Aired
    | Cards
    | ChatMessage
    | ChatReply
    | Control
    | Restart
    | KeyframeRequest
    | SmallWanted
    | Viewers
    | Steer
    | Steered
    | Questions
    | Reorder
    | ShowNow
    | Held
    | WriteFor
    | Written
)


def _array_to_plain(value: object) -> object:
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "shape": list(value.shape), "data": value.tobytes()}
    raise TypeError(f"cannot send a {type(value).__name__}")


def _plain_to_array(_wanted: type, value: Any) -> NDArray[Any]:
    flat = np.frombuffer(value["data"], np.dtype(value["dtype"]))
    return flat.reshape([int(n) for n in value["shape"]])


_encoder = msgspec.msgpack.Encoder(enc_hook=_array_to_plain)
_decoder = msgspec.msgpack.Decoder(Message, dec_hook=_plain_to_array)


def topic_of(message_type: type[msgspec.Struct]) -> bytes:
    """The bus topic of a message type: its tag, ended by a dot so that no tag is another's prefix."""
    tag = message_type.__struct_config__.tag
    return f"{tag}.".encode()


def encode(message: Message) -> list[bytes]:
    """Topic frame and payload frame."""
    return [topic_of(type(message)), _encoder.encode(message)]


def decode(frames: list[bytes]) -> Message:
    """The message in ``[topic, payload]``.

    Raises:
        msgspec.DecodeError: the payload is not a message of this version.
    """
    message: Message = _decoder.decode(frames[1])
    return message
