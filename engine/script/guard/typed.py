"""Lines that a person wrote: the guard finds their evidence itself."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.flow import LineKind
from engine.script.disguise import has_chinese
from engine.script.guard.citing import facts_of
from engine.script.guard.guard import Guard
from engine.script.guard.shape import ENDS
from engine.script.verdict import Verdict
from engine.script.writer import Draft

_NOT_SPOKEN = r"[\s~～…,，、;；:：—\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff-]+$"
"""What people end a chat line with, emoji among them, and no voice says."""


_BREAK = re.compile(
    r"(?P<before>\b(?:be|am|are|'m|'re|come|coming|right) back |\bsee you(?: again)? )in (?:about |around )?"
    r"[\w-]+(?: [a-z]+)? (?:minutes?|seconds?)\b(?! of)|"
    r"(?:[\d一二两三四五六七八九十]+|几)分钟(?:[之以]?后|内)?(?P<after>(?:就|再|马上)?(?:回来|见|继续(?=[。！～~，,]|$)))",
    re.IGNORECASE,
)
"""When the host comes back is said by who steers the show: "we'll be back in ten minutes", 十分钟后回来."""


def as_sentence(text: str) -> str:
    """``text`` with one end mark: chat lines are typed without any, with three, or with an emoji behind."""
    plain = re.sub(_NOT_SPOKEN, "", text)
    plain = re.sub(r"([.?!。？！])[.?!。？！]+$", r"\1", plain)
    if not plain or ENDS.search(plain):
        return plain or text
    return plain + ("。" if has_chinese(plain) else ".")


def judge_typed(
    guard: Guard, text: str, product_id: str | None, *, kind: LineKind = LineKind.SAY, writer: str = "operator"
) -> tuple[Draft, Verdict]:
    """``text`` as a sentence and a draft that cites what it speaks of, and what the guard says; it need not carry any
    fact.
    """
    text = as_sentence(text)
    draft = Draft(kind, text, facts_of(text, product_id, guard.book), "", product_id, writer=writer)
    judged = replace(draft, text=_BREAK.sub(lambda match: f"{match['before'] or ''}{match['after'] or 'soon'}", text))
    return draft, Verdict(tuple(found for found in guard.verdict(judged).findings if found.rule != "empty"))
