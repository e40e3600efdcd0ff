"""``everhost ask``: how the host would answer chat messages, for merchants to try before air."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands.rows import read_rows
from engine.commands.shop import Shop, open_shop
from engine.commands.telling import tell
from engine.script import Answer, Answerer, Guard, TemplateWriter
from engine.settings import Problem
from engine.show import Desk, Memory, Refusal

_EXAMPLE = '{"text": "…", "on_show": "…"}'

APART_S = 30.0
"""Seconds between two messages, so that no limit is met."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One message of the merchant's file; messages of one ``viewer`` go on from each other."""

    number: int
    text: str
    on_show: str | None
    viewer: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A message with what became of it."""

    row: _Row
    result: Answer | Refusal
    allowed: bool

    @property
    def outcome(self) -> str:
        if isinstance(self.result, Refusal):
            return "refused"
        return "declined" if self.result.declined else "answered"

    def as_data(self) -> dict[str, Any]:
        row = {"line": self.row.number, "text": self.row.text, "on_show": self.row.on_show, "outcome": self.outcome}
        if isinstance(self.result, Refusal):
            return {**row, "code": self.result.code, "say": "", "reply": self.result.reason, "facts": []}
        answer = self.result
        return {
            **row,
            "intent": answer.intent,
            "products": list(answer.topic.products),
            "facts": list(answer.draft.fact_ids),
            "say": answer.draft.text,
            "reply": answer.reply,
            "ok": self.allowed,
        }


def ask(file: Path, questions: Path, *, as_json: bool) -> int:
    """Print what the host would say and write to each message of ``questions``.

    ``file`` is a channel or a catalogue; nothing is kept in a ledger.

    Raises:
        SettingsError: mistakes in the channel, the catalogue, or the messages.
        CommandError: the channel's ledger cannot be read.
    """
    shop = open_shop(file)
    rows = read_rows(questions, _EXAMPLE, lambda number, row: _row(questions, number, row, shop))
    asked = _answers(shop, rows)
    if as_json:
        counts = {name: sum(each.outcome == name for each in asked) for name in ("answered", "declined", "refused")}
        print(json.dumps({"messages": [each.as_data() for each in asked], **counts}, ensure_ascii=False, indent=1))
        return 0
    for each in asked:
        data = each.as_data()
        print(f"{each.row.number:>4}  {each.row.text}\n      {tell(each.outcome)}: {data['say'] or data['reply']}")
        if data["facts"]:
            print("      " + tell(f"facts: {', '.join(data['facts'])}"))
        if data["say"] and data["reply"] != data["say"]:
            print("      " + tell(f"in writing: {data['reply']}"))
    return 0


def _answers(shop: Shop, rows: list[_Row]) -> list[_Asked]:
    guard = Guard(shop.book, shop.packs)
    writer = TemplateWriter(shop.book, shop.seed, lambda draft: guard.verdict(draft).ok)
    answerer = Answerer(shop.book, writer)
    now = [0.0]
    desk, memory = Desk(shop.chat, lambda: now[0]), Memory(lambda: now[0])
    asked: list[_Asked] = []
    for row in rows:
        now[0] += APART_S
        admitted = desk.admit(str(row.number), row.viewer, row.text)
        if isinstance(admitted, Refusal):
            asked.append(_Asked(row, admitted, allowed=True))
            continue
        topic = answerer.topic(admitted.text, row.on_show, before=memory.before(row.viewer))
        memory.asked(row.viewer, topic)
        answer = answerer.say(topic)
        writer.chooser.used(answer.draft.frame, answer.draft.text)
        asked.append(_Asked(row, answer, guard.verdict(answer.draft).ok))
    return asked


def _row(path: Path, number: int, row: dict[str, Any], shop: Shop) -> _Row | list[Problem]:
    """One message of the file, or what is wrong with it."""
    problems = []
    text, on_show, viewer = row.get("text"), row.get("on_show"), row.get("viewer", f"viewer {number}")
    if not isinstance(text, str):
        problems.append(Problem(path, number, "text", "the message is missing", 'write it as "text": "…"'))
    if on_show is not None and on_show not in shop.book.products:
        hint = f"products here: {', '.join(list(shop.book.products)[:12])}"
        problems.append(Problem(path, number, "on_show", f"the catalogue has no product “{on_show}”", hint))
    if not isinstance(viewer, str):
        problems.append(Problem(path, number, "viewer", "this must be a name", 'write it as "viewer": "Ann"'))
    return problems or _Row(number, str(text), on_show, str(viewer))
