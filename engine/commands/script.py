"""``everhost script``."""

from __future__ import annotations

import json
import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.commands import CommandError
from engine.commands.telling import tell
from engine.flow import Line
from engine.records import Ledger, WrittenLine
from engine.runtime.checks import policy_problems
from engine.settings import Channel, SettingsError, load_channel
from engine.show import Director, ShowError, VirtualClock, spoken_seconds


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line of a show on paper: when it begins, how long it lasts about, and what allows it."""

    begin_s: float
    seconds: float
    line: Line
    written: WrittenLine

    def as_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "begin_s": round(self.begin_s, 2),
            "seconds_estimated": round(self.seconds, 2),
            "kind": self.line.kind.value,
            "text": self.line.text,
            "product": self.line.product_id,
            "writer": self.written.writer,
            "model": self.written.model,
            "ok": bool(self.written.verdict["ok"]),
            "reasons": list(self.written.verdict["reasons"]),
            "facts": [{"id": fact.fact_id, "says": fact.text, "source": fact.source} for fact in self.written.facts],
            "prices": [
                {
                    "product": p.product_id,
                    "price": p.price,
                    "was": p.was_price,
                    "currency": p.currency,
                    "stock": p.stock,
                }
                for p in self.written.prices
            ],
        }


def script(file: Path, minutes: float, begin: datetime, *, as_json: bool) -> int:
    """Print ``minutes`` of the show that begins at ``begin``, each line with its evidence. Needs no voice.

    Raises:
        SettingsError: mistakes in the files.
        CommandError: nothing in the catalogue may be said.
    """
    channel = load_channel(file, check_files=False)
    problems = policy_problems(channel)
    if problems:
        raise SettingsError(problems)
    lines = write_show(channel, 60 * minutes, begin)
    if as_json:
        data = {"summary": summary(channel, lines), "lines": [line.as_data() for line in lines]}
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        _print(channel, lines)
    return 0


@contextmanager
def _quiet_director() -> Iterator[None]:
    """The director's notes of what may not be said are for an operator, not for who reads a script."""
    logger = logging.getLogger("engine.show.director")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def write_show(channel: Channel, seconds: float, begin: datetime) -> list[ScriptLine]:
    """The lines of the first ``seconds`` of a show; lengths are estimated from the text.

    Raises:
        CommandError: nothing in the catalogue may be said.
    """
    clock = VirtualClock(begin)
    lines: list[ScriptLine] = []
    with _quiet_director(), tempfile.TemporaryDirectory(prefix="everhost-script-") as folder:
        ledger = Ledger(Path(folder) / "ledger.sqlite")
        try:
            director = Director(channel, ledger, clock)
            now = 0.0
            while now < seconds:
                line = director.next_line()
                written = ledger.written(line.line_id)
                assert written is not None
                length = spoken_seconds(line.text)
                lines.append(ScriptLine(now, length, line, written))
                now += length + line.pause_ms / 1000
                clock.set(now)
        except ShowError as error:
            raise CommandError(str(error)) from error
        finally:
            ledger.close()
    return lines


def summary(channel: Channel, lines: list[ScriptLine]) -> dict[str, Any]:
    """What the show holds: lines, repeated sentences, facts told of those that there are, and who wrote them."""
    times = Counter(line.line.text for line in lines)
    facts = {f"{p.id}.{fact.id}" for p in channel.items.products for fact in p.facts}
    told = {fact_id for line in lines for fact_id in line.line.fact_ids} & facts
    return {
        "lines": len(lines),
        "minutes": round((lines[-1].begin_s + lines[-1].seconds) / 60, 1),
        "repeated_sentences": sum(count - 1 for count in times.values()),
        "facts_told": len(told),
        "facts": len(facts),
        "writers": dict(Counter(line.written.writer for line in lines)),
        "refused_by_the_guard": sum(not line.written.verdict["ok"] for line in lines),
    }


def _print(channel: Channel, lines: list[ScriptLine]) -> None:
    shown = ""
    for each in lines:
        line = each.line
        if line.product_id and line.product_id != shown:
            shown = line.product_id
            name = next(product.name for product in channel.items.products if product.id == shown)
            print(f"\n        — {name} —")
        at = int(each.begin_s)
        print(f"{at // 60:>4}:{at % 60:02}  {line.text}")
        evidence = [f"{fact.fact_id}: {fact.text}" for fact in each.written.facts]
        print(f"{'':>9}{line.kind.value}, {each.written.writer}, {each.seconds:.1f} s  {' | '.join(evidence)}".rstrip())
    told = summary(channel, lines)
    text = (
        f"{told['lines']} lines in about {told['minutes']} minutes; {told['repeated_sentences']} repeated; "
        f"{told['facts_told']} of {told['facts']} facts told; {told['refused_by_the_guard']} refused by the guard."
    )
    print(f"\n{tell(text)}")
