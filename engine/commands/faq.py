"""``everhost faq``: the shop's own answers to what the catalogue does not say."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.commands import CommandError
from engine.commands.shop import Shop, ledger_of, open_shop
from engine.commands.telling import tell, tell_finding
from engine.records import FaqEntry, Ledger, LedgerError, OpenQuestion
from engine.script.faq import AnswerRefusedError, keep
from engine.settings import Channel


def show(file: Path, *, as_json: bool) -> int:
    """Print the answers that hold, and the questions that wait for one.

    Raises:
        SettingsError: mistakes in the channel.
        CommandError: the ledger cannot be read.
    """
    channel = _channel(open_shop(file))
    ledger = ledger_of(channel, make=False)
    entries: tuple[FaqEntry, ...] = ()
    waiting: tuple[OpenQuestion, ...] = ()
    if ledger is not None:
        with _closing(ledger):
            entries, waiting = ledger.faq(), ledger.open_questions()
    if as_json:
        data = {"faq": [asdict(entry) for entry in entries], "unanswered": [asdict(each) for each in waiting]}
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return 0
    shop = tell("the shop")
    print(tell(f"{len(entries)} answers of the shop:" if entries else "0 answers of the shop"))
    for entry in entries:
        print(f"{entry.number:>4}  {entry.product_id or shop}: {entry.question}\n      {entry.answer}")
    print(tell(f"{len(waiting)} questions wait for an answer:" if waiting else "0 questions wait for an answer"))
    for each in waiting:
        print(f"{each.number:>4}  {each.product_id or shop}: {each.text}")
    if waiting:
        print(tell(f"Answer one with: everhost faq {file} answer NUMBER “…”"))
    return 0


def add(file: Path, question: str, answer: str, product_id: str | None) -> int:
    """Keep an answer to ``question``; the host knows it within seconds.

    Raises:
        SettingsError: mistakes in the channel.
        CommandError: the answer may not be said, would never be found, or cannot be kept.
    """
    shop = open_shop(file)
    _keep(shop, question, answer, product_id)
    return 0


def answer_open(file: Path, number: int, answer: str, *, for_shop: bool) -> int:
    """Answer the open question ``number``; ``for_shop``: the answer is about the shop, not about one product.

    Raises:
        SettingsError: mistakes in the channel.
        CommandError: there is no such question, or as ``add``.
    """
    shop = open_shop(file)
    ledger = ledger_of(_channel(shop), make=False)
    waiting: tuple[OpenQuestion, ...] = ()
    if ledger is not None:
        with _closing(ledger):
            waiting = ledger.open_questions(10_000)
    asked = next((each for each in waiting if each.number == number), None)
    if asked is None:
        raise CommandError(f"no question {number} waits for an answer; see: everhost faq {file}")
    _keep(shop, asked.text, answer, None if for_shop else asked.product_id)
    return 0


def remove(file: Path, number: int) -> int:
    """Take back the answer ``number``; lines that say it and wait are dropped within seconds.

    Raises:
        SettingsError: mistakes in the channel.
        CommandError: there is no such answer.
    """
    ledger = ledger_of(_channel(open_shop(file)), make=False)
    gone, place = False, ""
    if ledger is not None:
        with _closing(ledger):
            gone = ledger.remove_faq(number)
            place = ledger.name
    if not gone:
        raise CommandError(f"there is no answer {number}; see: everhost faq {file}")
    print(tell(f"Answer {number} is taken back ({place})."))
    return 0


def _keep(shop: Shop, question: str, answer: str, product_id: str | None) -> None:
    ledger = ledger_of(_channel(shop), make=True)
    assert ledger is not None
    with _closing(ledger):
        try:
            kept = keep(ledger, shop.book, shop.packs, question, answer, product_id)
        except AnswerRefusedError as refused:
            if refused.code == "not_found":
                raise CommandError(str(refused)) from refused
            reasons = "\n".join(f"  - {tell_finding(found)}" for found in refused.findings)
            raise CommandError(f"this may not be said:\n{reasons}") from refused
        print(tell(f"Answer {kept.number} is kept, and answers {kept.answers} questions that waited ({ledger.name})."))


def _channel(shop: Shop) -> Channel:
    if shop.channel is None:
        raise CommandError("answers are kept in a channel's ledger: name the channel file, not the catalogue")
    return shop.channel


class _closing:  # noqa: N801 (used as a statement)
    """Closes a ledger at the end, and makes its errors the command's."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __enter__(self) -> Ledger:
        return self._ledger

    def __exit__(self, kind: object, error: BaseException | None, trace: Any) -> None:
        self._ledger.close()
        if isinstance(error, LedgerError):
            raise CommandError(str(error)) from error
