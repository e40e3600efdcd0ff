"""The language-model writer over the demo catalogue: its share of the lines on air, and every line that it wrote.

The show and the writer run on one simulated clock: the real model writes, and what it reads and writes costs time at
``WRITES_A_SECOND`` and ``READS_A_SECOND`` tokens, so the figures do not depend on what else this machine does. Section
``beside`` measured that pace beside the channel on air with two viewers, while the model had 0.68 of a core; idle it
writes 15 to 19. ``EVERHOST_BENCH_MODEL`` names another GGUF.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import fetch_llm

from engine.flow import Line
from engine.records import Ledger
from engine.script import Draft, FactBook, Guard, TemplateWriter
from engine.script.llm import Judge, ModelWriter, Worklist
from engine.script.llm.backends import BACKENDS
from engine.script.policy import packs_for
from engine.script.template_lines import TemplateLines
from engine.settings import Channel, Writer, load_channel
from engine.show import Director, spoken_seconds

MINUTES = 30
WRITES_A_SECOND, READS_A_SECOND = 9.0, 22.0
SHARE_PERCENT = 30.0
CHANNEL = Path(__file__).resolve().parents[2] / "avatars" / "mia.yaml"


class Pen:
    """The writer's process without processes: writes whenever the simulated clock lets it."""

    def __init__(self, channel: Channel) -> None:
        book = FactBook.of(channel)
        guard = Guard(book, packs_for(channel.items.language, channel.policy.packs, channel.policy.platform))
        self.judge = Judge(book, guard)
        self.completer = BACKENDS.make(channel.writer, os.environ)
        templates = TemplateWriter(book, 1, lambda draft: guard.verdict(draft).ok)
        self.writer = ModelWriter(
            channel.writer.kind,
            self.completer,
            self.judge,
            TemplateLines(templates),
            language=channel.items.language,
            deadline_s=channel.writer.deadline_s,
        )
        self.work = Worklist(channel.items)
        self.persona = channel.persona
        self.at_s = 0.0
        self.written: list[tuple[Draft, float]] = []

    def write_until(self, now_s: float, director: Director) -> None:
        """Hand over to ``director`` what is finished by ``now_s``."""
        while self.at_s <= now_s:
            task = self.work.next(director.upcoming())
            if task is None:
                return
            tally, began = self.writer.tally, self.at_s
            read, wrote = tally.tokens_read, tally.tokens_written
            draft = self.writer.write(task.product, task.fact, task.kind, self.persona)
            self.at_s += (tally.tokens_read - read) / READS_A_SECOND + (tally.tokens_written - wrote) / WRITES_A_SECOND
            if draft is None:
                self.work.missed(task)
                continue
            self.work.done(task.kind, draft.fact_ids[0])
            self.written.append((draft, self.at_s - began))
            print(f"{self.at_s:7.1f} s  {draft.kind.value}: {draft.text}", file=sys.stderr, flush=True)
            director.receive([draft])


def show(channel: Channel, pen: Pen, ready: list[Draft], *, writing: bool) -> list[Line]:
    """``MINUTES`` of the show."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "bench.sqlite")
        director = Director(channel, ledger)
        director.receive(ready)
        lines: list[Line] = []
        now_s = 0.0
        while now_s < 60 * MINUTES:
            if writing:
                pen.write_until(now_s, director)
            lines.append(director.next_line())
            now_s += spoken_seconds(lines[-1].text) + channel.show.gap_ms / 1000
        ledger.close()
    return lines


def on_air(lines: list[Line]) -> dict[str, Any]:
    """The model's share of ``lines``, and its sentences that were said twice."""
    by_model = [line for line in lines if not line.writer.startswith("template")]
    twice = {text: count for text, count in Counter(line.text for line in by_model).items() if count > 1}
    kinds = Counter(line.kind.value for line in by_model)
    return {
        "lines": len(lines),
        "model_lines": len(by_model),
        "model_percent": round(100 * len(by_model) / len(lines), 1),
        "model_lines_by_kind": dict(kinds),
        "model_sentences_said_twice": len(twice),
    }


def measure() -> dict[str, Any]:
    """The first half hour ever (nothing kept), a later half hour (all kept, nothing new), and all sentences."""
    model = os.environ.get("EVERHOST_BENCH_MODEL") or str(fetch_llm.fetch(fetch_llm.SOURCES["1.5b"]))
    channel = load_channel(CHANNEL).model_copy(update={"writer": Writer(kind="gguf", model=model)})
    pen = Pen(channel)
    began = time.monotonic()
    try:
        first = show(channel, pen, [], writing=True)
    finally:
        pen.completer.close()
    took_s = time.monotonic() - began
    drafts = [draft for draft, _ in pen.written]
    later = show(channel, pen, drafts, writing=False)
    refused = [draft.text for draft in drafts if pen.judge.faults(draft)]
    tally = pen.writer.tally
    shares = {"first_half_hour": on_air(first), "later_half_hour": on_air(later)}
    said_twice = sum(share["model_sentences_said_twice"] for share in shares.values())
    return {
        "model": pen.completer.name,
        "simulated_tokens_a_second": {"read": READS_A_SECOND, "written": WRITES_A_SECOND},
        **shares,
        "asked": tally.asked,
        "accepted": tally.accepted,
        "accepted_percent": round(100 * tally.accepted / max(1, tally.asked), 1),
        "retried": tally.retried,
        "accepted_after_retry": tally.accepted_after_retry,
        "seconds_an_accepted_line": {
            "simulated": round(pen.at_s / max(1, len(drafts)), 2),
            "measured_here": round(took_s / max(1, len(drafts)), 2),
        },
        "refused_when_judged_again": refused,
        "commonest_faults": tally.faults.most_common(15),
        "sentences": sorted(f"{draft.kind.value} {draft.fact_ids[0]}: {draft.text}" for draft in drafts),
        "met": shares["first_half_hour"]["model_percent"] >= SHARE_PERCENT and not refused and not said_twice,
    }
