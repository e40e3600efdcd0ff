"""What an operator wishes of the show is done here, or refused with the reason; all of it is kept in the ledger."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from engine.flow import Framing, Line, LineKind, Performance
from engine.motion import MOODS
from engine.records import Ledger
from engine.runtime.steering import (
    Answer,
    AnswerNow,
    Approve,
    Dismiss,
    Drop,
    Edit,
    Keep,
    Leave,
    Move,
    Pin,
    Say,
    SetApproval,
    SetManner,
    SetPicture,
    SetPrice,
    SetStock,
    ShowNow,
    Steer,
    Steered,
    Wish,
)
from engine.script import Draft, Finding, Verdict
from engine.settings import ChangeError
from engine.show import Answered, Director, Reception, Waiting
from engine.speech import VoiceError
from engine.speech.tongues.guess import LANGUAGES, language_of

log = logging.getLogger(__name__)

MOST_TEXT = 300
"""Characters that an operator's line may have."""

NEVER = ("base.human", "base.children", "base.medical", "code", "shape")
"""Rules that no reason overrides: an AI is never called a human, children are never urged, nothing is promised to cure,
and what cannot be spoken is not spoken."""


READ = frozenset({"en", "zh"})
"""Languages in which the guard holds sentences against facts."""


class Air(Protocol):
    """The lines that wait for the air, as the studio keeps them."""

    def movable(self) -> list[Performance]:
        """The show's lines whose start is not decided, in their order."""
        ...

    def next(self, line: Line) -> Performance:
        """Speak a line at the next sentence end. Raises VoiceError where no voice can."""
        ...

    def cut(self) -> None:
        """End the line on air; what is next begins at once."""
        ...

    def replace(self, old: Sequence[Performance], new: Sequence[Line], why: str) -> list[Performance]:
        """Take lines back, and let others wait in their place."""
        ...

    def reorder(self, performance_ids: Sequence[str]) -> None:
        """Put the waiting lines into another order."""
        ...

    def answered(self, given: Answered, performance_id: str = "") -> None:
        """Write to those who asked."""
        ...

    @property
    def show(self) -> ShowNow:
        """How the show is run now."""
        ...

    def run_show(self, show: ShowNow) -> None:
        """Run the show like this from now on, and tell everybody."""
        ...

    def approve(self, performance_id: str) -> bool:
        """Let a line go on air that waits for approval; False when there is none of that id."""
        ...

    def set_price(self, product_id: str, price: str) -> None:
        """See ``Changes``; the show goes on with it at once."""
        ...

    def set_stock(self, product_id: str, stock: int) -> None:
        """See ``Changes``; the show goes on with it at once."""
        ...


class _RefusedError(Exception):
    """A wish that cannot be granted."""

    def __init__(self, code: str, message: str, findings: tuple[Finding, ...] = (), may_insist: bool = False) -> None:
        super().__init__(message)
        self.code, self.findings, self.may_insist = code, findings, may_insist


class Operator:
    """Grants wishes, one at a time."""

    def __init__(
        self, director: Director, reception: Reception, ledger: Ledger, air: Air, *, is_portrait: bool = True
    ) -> None:
        self._director = director
        self._reception = reception
        self._ledger = ledger
        self._air = air
        self._is_portrait = is_portrait
        self._grants: dict[type[Wish], Callable[..., str]] = {
            Say: self._say,
            Edit: self._edit,
            Drop: self._drop,
            Move: self._move,
            Approve: self._approve,
            SetApproval: self._set_approval,
            Pin: self._pin,
            Leave: self._leave,
            SetPrice: self._set_price,
            SetStock: self._set_stock,
            SetManner: self._set_manner,
            SetPicture: self._set_picture,
            AnswerNow: self._answer_now,
            Keep: self._keep_question,
            Dismiss: self._dismiss,
            Answer: self._answer,
        }

    def grant(self, steer: Steer) -> Steered:
        """Do what is wished, or say why not."""
        wish = steer.wish
        try:
            performance_id = self._grants[type(wish)](wish)
        except _RefusedError as refused:
            self._keep(steer, f"refused: {refused}")
            return Steered(
                steer.request_id, False, str(refused), refused.findings, refused.may_insist, code=refused.code
            )
        except ChangeError as error:
            self._keep(steer, f"refused: {error}")
            return Steered(steer.request_id, False, str(error), code="change")
        except VoiceError as error:
            self._keep(steer, f"refused: {error}")
            return Steered(steer.request_id, False, f"no voice could speak it: {error}", code="voice")
        self._keep(steer, "done")
        return Steered(steer.request_id, True, performance_id=performance_id)

    def _keep(self, steer: Steer, outcome: str) -> None:
        wish = steer.wish
        fields = {name: getattr(wish, name) for name in wish.__struct_fields__ if name != "why"}
        detail = ", ".join(f"{name}: {value}" for name, value in fields.items() if value not in (None, msgspec.UNSET))
        self._ledger.steered(steer.user, str(wish.__struct_config__.tag), detail, getattr(wish, "why", ""), outcome)
        log.info("%s wished %s (%s): %s", steer.user, wish.__struct_config__.tag, detail, outcome)

    # What is said.

    def _say(self, wish: Say) -> str:
        line = self._director.say(self._allowed(wish.text, wish.product_id, wish.why))
        performance = self._air.next(line)
        if wish.now:
            self._air.cut()
        return performance.performance_id

    def _edit(self, wish: Edit) -> str:
        old = self._replaceable(wish.performance_id)
        line = self._director.say(self._allowed(wish.text, old.line.product_id, wish.why))
        return self._air.replace([old], [line], "edited by the operator")[0].performance_id

    def _drop(self, wish: Drop) -> str:
        self._air.replace([self._replaceable(wish.performance_id)], [], "taken out by the operator")
        return ""

    def _move(self, wish: Move) -> str:
        moved = self._movable(wish.performance_id).performance_id
        ids = [each.performance_id for each in self._air.movable()]
        place = wish.place or 0
        if wish.by is not None:
            place = ids.index(moved) + wish.by
            if not 0 <= place < len(ids):
                raise _RefusedError("edge", "this line cannot go further that way")
        ids.remove(moved)
        ids.insert(min(max(place, 0), len(ids)), moved)
        self._air.reorder(ids)
        return ""

    def _approve(self, wish: Approve) -> str:
        if not self._air.approve(wish.performance_id):
            raise _RefusedError("approved", "this line does not wait for approval any longer")
        return wish.performance_id

    def _set_approval(self, wish: SetApproval) -> str:
        self._run(approving=wish.on)
        return ""

    def _run(self, **changed: object) -> None:
        self._air.run_show(msgspec.structs.replace(self._air.show, **changed))

    def _allowed(self, text: str, product_id: str | None, why: str, kind: LineKind = LineKind.SAY) -> Draft:
        """The draft of a typed text, if the guard lets it pass or the operator may insist and says why."""
        text = " ".join(text.split())
        if not text or len(text) > MOST_TEXT:
            raise _RefusedError("length", f"a line has 1 to {MOST_TEXT} characters; this one has {len(text)}")
        if product_id is not None and product_id not in self._director.products:
            raise _RefusedError("product", f"the catalogue has no product “{product_id}”")
        draft, verdict = self._director.judge(text, product_id, kind)
        language = language_of(text, self._director.catalogue.language, LANGUAGES)
        if language not in READ:
            unread = f"the facts of a line in {LANGUAGES[language]} cannot be proven: say why it is true"
            verdict = Verdict((*verdict.findings, Finding("unread", unread)))
        if not verdict.ok:
            final = _final(verdict)
            if final or not why.strip():
                shown = final or verdict.findings
                raise _RefusedError("guard", "; ".join(map(str, shown)), verdict.findings, may_insist=not final)
        return draft

    def _movable(self, performance_id: str) -> Performance:
        for each in self._air.movable():
            if each.performance_id == performance_id:
                return each
        raise _RefusedError("gone", "this line is on air or past, or about to begin")

    def _replaceable(self, performance_id: str) -> Performance:
        """As ``_movable``, without the spoken AI notice, which may wait a little but never be left out."""
        found = self._movable(performance_id)
        if found.line.kind is LineKind.NOTICE:
            raise _RefusedError("notice", "this line says that the host is an AI, which has to be said")
        return found

    def _waiting(self) -> list[Performance]:
        """The lines that another product takes the place of: all but the spoken AI notice."""
        return [each for each in self._air.movable() if each.line.kind is not LineKind.NOTICE]

    # What is shown.

    def _pin(self, wish: Pin) -> str:
        if wish.product_id is not None and wish.product_id not in self._director.products:
            raise _RefusedError("product", f"the catalogue has no product “{wish.product_id}”")
        self._director.pin(wish.product_id)
        self._run(pinned=wish.product_id)
        if wish.product_id is not None:
            self._air.replace(self._waiting(), [], "the operator pinned another product")
        return ""

    def _leave(self, _wish: Leave) -> str:
        self._director.leave()
        self._air.replace(self._waiting(), [], "the operator went on to the next product")
        return ""

    def _set_price(self, wish: SetPrice) -> str:
        self._air.set_price(wish.product_id, wish.price)
        return ""

    def _set_stock(self, wish: SetStock) -> str:
        self._air.set_stock(wish.product_id, wish.stock)
        return ""

    def _set_manner(self, wish: SetManner) -> str:
        named = {name: value for name, value in msgspec.structs.asdict(wish).items() if value is not msgspec.UNSET}
        show = msgspec.structs.replace(self._air.show, **named)
        if show.mood is not None and show.mood not in MOODS:
            raise _RefusedError("manner", f"there is no mood “{show.mood}”; there are: {', '.join(sorted(MOODS))}")
        if show.framing is not None and show.framing not in set(Framing):
            raise _RefusedError("manner", f"there is no framing “{show.framing}”; there are: {', '.join(Framing)}")
        self._director.set_manner(show.mood, Framing(show.framing) if show.framing is not None else None)
        self._air.run_show(show)
        old = self._air.movable()
        self._air.replace(old, [self._director.in_manner(each.line) for each in old], "")
        return ""

    def _set_picture(self, wish: SetPicture) -> str:
        if wish.label == "left" and not self._is_portrait:
            raise _RefusedError("label", "on the left the label would cover the host in a wide picture")
        self._run(**{name: value for name, value in msgspec.structs.asdict(wish).items() if value is not msgspec.UNSET})
        return ""

    # The chat.

    def _answer_now(self, wish: AnswerNow) -> str:
        if not self._reception.answer_first(wish.message_id):
            raise _RefusedError("answered", "this question does not wait any longer")
        return ""

    def _keep_question(self, wish: Keep) -> str:
        if not self._reception.keep(wish.message_id):
            raise _RefusedError("answered", "this question does not wait any longer")
        return ""

    def _dismiss(self, wish: Dismiss) -> str:
        self._air.answered(self._reception.dismissed(self._question(wish.message_id, take=True)))
        return ""

    def _answer(self, wish: Answer) -> str:
        waiting = self._question(wish.message_id, take=False)
        product_id = waiting.topic.products[0] if waiting.topic.products else waiting.seen
        draft = self._allowed(wish.text, product_id, wish.why, LineKind.ANSWER)
        self._question(wish.message_id, take=True)
        line = self._director.say(draft, waiting.asked[0])
        performance = self._air.next(line)
        self._air.answered(
            Answered(tuple(waiting.asked), line.reply, line, "spoken", waiting.private), performance.performance_id
        )
        return performance.performance_id

    def _question(self, message_id: str, *, take: bool) -> Waiting:
        waiting = self._reception.take(message_id) if take else self._reception.find(message_id)
        if waiting is None:
            raise _RefusedError("answered", "this question does not wait any longer")
        return waiting


def _final(verdict: Verdict) -> tuple[Finding, ...]:
    """The findings that no reason overrides."""
    return tuple(found for found in verdict.findings if found.rule in NEVER)
