"""What operators may wish of a channel's show, and what became of it. Each wish is answered once, by the studio."""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.script import Finding


class Say(msgspec.Struct, tag="say", frozen=True):
    """Say this text next, about a product if one is given.

    ``why`` is the operator's reason to say it though the guard objects; "" lets the guard decide. ``now`` cuts the line
    on air, instead of waiting for its end.
    """

    text: str
    product_id: str | None = None
    why: str = ""
    now: bool = False


class Edit(msgspec.Struct, tag="edit", frozen=True):
    """Say this text in place of a line that waits; ``why`` as in ``Say``."""

    performance_id: str
    text: str
    why: str = ""


class Drop(msgspec.Struct, tag="drop", frozen=True):
    """Do not say a line that waits."""

    performance_id: str


class Move(msgspec.Struct, tag="move", frozen=True):
    """Say a line that waits at another place: at ``place``, where 0 is the next one that may still be chosen, or ``by``
    one place earlier (-1) or later (1) than where it waits when this is granted.

    A page shows places that are a moment old, so its buttons say ``by``.

    Raises:
        ValueError: both are given, or neither.
    """

    performance_id: str
    place: int | None = None
    by: Literal[-1, 1] | None = None

    def __post_init__(self) -> None:
        """Hold the two against each other."""
        if (self.place is None) == (self.by is None):
            raise ValueError("a move has either `place` or `by`")


class Pin(msgspec.Struct, tag="pin", frozen=True):
    """Show this product at the next sentence end, and after every other one from then on; None ends that."""

    product_id: str | None


class Leave(msgspec.Struct, tag="leave", frozen=True):
    """Go on to the next product at the next sentence end."""


class SetPrice(msgspec.Struct, tag="price", frozen=True):
    """Another price, as a decimal number in the product's currency; holds until the catalogue itself changes it."""

    product_id: str
    price: str


class SetStock(msgspec.Struct, tag="stock", frozen=True):
    """Another stock; 0 takes the product off the air. Holds until the catalogue itself changes it."""

    product_id: str
    stock: int


class SetManner(msgspec.Struct, tag="manner", frozen=True):
    """Mood and framing of all lines of the show from the next one that waits.

    None leaves it to the director; what is not named stays as it is.
    """

    mood: str | msgspec.UnsetType | None = msgspec.UNSET
    framing: str | msgspec.UnsetType | None = msgspec.UNSET


class Approve(msgspec.Struct, tag="approve", frozen=True):
    """Let a line go on air that waits for approval."""

    performance_id: str


class SetApproval(msgspec.Struct, tag="approval", frozen=True):
    """Approve mode on or off. On: every line waits for ``Approve``, except the AI notice and what operators type."""

    on: bool


class SetPicture(msgspec.Struct, tag="picture", frozen=True):
    """Captions shown or not, and the corner of the AI label, which is always in the picture; see ``SetManner``."""

    captions: bool | msgspec.UnsetType = msgspec.UNSET
    label: Literal["left", "right"] | msgspec.UnsetType = msgspec.UNSET


class AnswerNow(msgspec.Struct, tag="answer_now", frozen=True):
    """Answer a question that waits before all others."""

    message_id: str


class Keep(msgspec.Struct, tag="keep", frozen=True):
    """Leave a question that waits alone for a minute, because somebody types its answer."""

    message_id: str


class Dismiss(msgspec.Struct, tag="dismiss", frozen=True):
    """Do not answer a question that waits."""

    message_id: str


class Answer(msgspec.Struct, tag="answer", frozen=True):
    """Answer a question that waits with this text, by voice and in writing; ``why`` as in ``Say``."""

    message_id: str
    text: str
    why: str = ""


Wish = (
    Say
    | Edit
    | Drop
    | Move
    | Approve
    | SetApproval
    | Pin
    | Leave
    | SetPrice
    | SetStock
    | SetManner
    | SetPicture
    | AnswerNow
    | Keep
    | Dismiss
    | Answer
)


class Steer(msgspec.Struct, tag="steer", frozen=True):
    """Server or control room to studio: a wish of somebody who may steer."""

    request_id: str
    user: str
    wish: Wish


class Steered(msgspec.Struct, tag="steered", frozen=True):
    """Studio to whoever asked: what became of a wish. ``performance_id`` names the line that came of it.

    ``findings`` are what the guard objects to; where ``may_insist`` is true, the same wish with a reason is granted.
    ``code`` names a refusal for programs: "length", "product", "guard", "gone" (the line is past or about to begin),
    "voice" (no voice could speak it), "approved", "answered" (it waits no longer), "manner", "label", or "change" (no
    such price or stock).
    """

    request_id: str
    granted: bool
    message: str = ""
    findings: tuple[Finding, ...] = ()
    may_insist: bool = False
    performance_id: str = ""
    code: str = ""


class WaitingQuestion(msgspec.Struct, frozen=True):
    """A question that waits for its answer, as pages show it; ``asked`` viewers get the same answer."""

    message_id: str
    viewer: str
    text: str
    topic: str
    product_id: str | None
    asked: int


class Questions(msgspec.Struct, tag="questions", frozen=True):
    """Studio to pages, at each change: the questions that wait, the most useful first."""

    waiting: tuple[WaitingQuestion, ...]


class ShowNow(msgspec.Struct, tag="show_now", frozen=True):
    """Studio to stage and pages, at each change: how the show is run, by the settings and by operators.

    ``mood`` and ``framing`` are None where the director chooses, ``pinned`` where nobody has pinned a product.
    """

    mood: str | None = None
    framing: str | None = None
    pinned: str | None = None
    approving: bool = False
    captions: bool = True
    label: Literal["left", "right"] = "right"


class Held(msgspec.Struct, tag="held", frozen=True):
    """Studio to master: of all that waits, these may not start until they are not named any more."""

    performance_ids: tuple[str, ...]


class Reorder(msgspec.Struct, tag="reorder", frozen=True):
    """Studio to master: let the waiting Performances go on air in this order; those not named keep theirs behind."""

    performance_ids: tuple[str, ...]
