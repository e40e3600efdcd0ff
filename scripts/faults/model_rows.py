"""A model's process that hangs, and an endpoint that takes half a minute: the show and the chat wait for neither."""

from __future__ import annotations

import importlib.util
import json
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from measure.processes import ROOT, MeasureError
from websockets.sync.client import connect
from websockets.typing import Origin

from engine.script.llm.note_chooser import FIRST_REST_S
from faults.air import Air, Row, say
from faults.slow_llm import SLOW_S, SlowLlm
from faults.store_rows import nothing_lost

MODEL = ROOT / "var" / "models" / "smollm2-135m-instruct-q4_1.gguf"
FETCH = "make llm MODEL=135m"

REPLY_S = 10.0
"""A viewer has the written reply by then; an answer that waits for the endpoint takes three times as long."""

ASKED_BEFORE = ("How long will my tea stay warm in the bottle?", "12 hours")
"""A question that no rule answers, and what the note holds that the model points at."""

ASKED = "Would the bottle leak in my bag?"
"""Another one, which the model is asked while it is slow."""

ASKED_AGAIN = "Would this bottle leak inside my bag?"
"""The same, in words that were not heard yet: one failure is no alarm."""


def hung_model_row(folder: Path) -> Row:
    """The process of a GGUF model is stopped.

    Raises:
        MeasureError: there is no model, or nothing that runs it.
    """
    if not MODEL.is_file() or importlib.util.find_spec("xllamacpp") is None:
        raise MeasureError(f"model process hung: {MODEL.name} or what runs it is missing; `{FETCH}` fetches both")
    with Air(folder, changes={"writer": {"kind": "gguf", "model": str(MODEL), "deadline_s": 20}}) as air:
        return _hung(air)


def _hung(air: Air) -> Row:
    row = Row("model process hung")
    say(row.fault)
    process = air.wait(lambda: air.child("writer"), 30, "the writer lives")
    air.wait(lambda: air.ear.last("writer"), 60, "the writer has loaded")
    began = time.monotonic()
    with air.untouched(row, "viewer", "platform"):
        for each in (process, *process.children(recursive=True)):
            each.send_signal(signal.SIGSTOP)
        back = air.wait(lambda: air.ear.first_beat("writer", process.pid, began), 60, "the writer is back")
        time.sleep(5)
    row.figures["back_s"] = round(back - began, 2)
    row.figures["alarms"] = air.alarms_since(began)
    row.must("an alarm was raised", bool(row.figures["alarms"]))
    nothing_lost(air, row, began)
    return row


def slow_endpoint_rows(folder: Path) -> Iterator[Row]:
    """An endpoint that also chooses answers and becomes slow: with good answers in time, too late, and with none."""
    yield _slow(folder / "good", "answers well after 30 s", 200, {})
    yield _slow(folder / "late", "answers well after 30 s, when 20 s are allowed", 200, {"deadline_s": 20})
    yield _slow(folder / "refusing", "refuses after 30 s", 503, {})


def _slow(folder: Path, what: str, status: int, settings: Mapping[str, Any]) -> Row:
    row = Row(f"LLM endpoint {what}")
    with SlowLlm() as llm:
        writer = {"kind": "endpoint", "address": llm.address, "model": "slow", "chooses": True, **settings}
        with Air(folder, changes={"writer": writer}) as air:
            _ask_while_well(air, row)
            say(row.fault)
            began, lines = time.monotonic(), air.ear.figure("writer", "model_lines")
            llm.slow_down(status)
            with air.untouched(row, "viewer", "platform"):
                asked = len(llm.choices)
                reply, row.figures["reply"] = _ask(air.base, ASKED)
                row.figures["choices_asked"] = len(llm.choices) - asked
                time.sleep(max(0.0, began + FIRST_REST_S + 3 - time.monotonic()))
                row.at_most("second_reply_s", _ask(air.base, ASKED_AGAIN)[0], REPLY_S)
                time.sleep(max(0.0, began + SLOW_S + 15 - time.monotonic()))
            row.at_most("reply_s", reply, REPLY_S)
            row.must("the model was asked for a choice", row.figures["choices_asked"] > 0)
            row.figures["model_lines"] = air.ear.figure("writer", "model_lines") - lines
            alarms = row.figures["alarms"] = air.alarms_since(began)
            row.must("an alarm of writer or studio was raised", any(_of_model(alarm) for alarm in alarms))
            nothing_lost(air, row, began)
    return row


def _of_model(alarm: str) -> bool:
    """Whether an alarm (kind, process, detail) is of a process that asks the model."""
    return alarm.split()[1] in {"writer", "studio"}


def _ask_while_well(air: Air, row: Row) -> None:
    """That this channel's questions do reach the model, and that it writes lines."""
    question, wanted = ASKED_BEFORE
    air.wait(lambda: air.ear.figure("writer", "model_lines"), 60, "the endpoint's first line is taken")
    row.figures["reply_well_s"], reply = _ask(air.base, question)
    if wanted not in reply:
        raise MeasureError(f"the model does not choose the answer to “{question}”: {reply}")


def _ask(base: str, text: str) -> tuple[float, str]:
    """Seconds until a viewer has the reply to ``text``, and the reply; as long as it was waited for without one."""
    limit_s, question_id = SLOW_S + 10, ""
    with connect(f"{base.replace('http', 'ws', 1)}/ws/chat", origin=Origin(base)) as chat:
        sent = time.monotonic()
        chat.send(json.dumps({"text": text, "name": "Ann"}))
        while (left := sent + limit_s - time.monotonic()) > 0:
            try:
                told = json.loads(chat.recv(left))
            except TimeoutError:
                break
            if told["type"] == "message" and told.get("mine"):
                question_id = told["id"]
            elif told["type"] == "reply" and told["id"] == question_id:
                return round(time.monotonic() - sent, 2), str(told["text"])
    return limit_s, ""
