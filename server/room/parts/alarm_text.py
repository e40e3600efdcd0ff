"""An alarm in words."""

from __future__ import annotations

from nicegui.element import Element

from server.alarms import Alarm
from server.room.parts.elements import box
from server.room.words import Words


def process_name(process: str, words: Words) -> str:
    """What a process is called; outlets by the name of their output."""
    return words.known("process", process.removeprefix("outlet:"))


def alarm_text(alarm: Alarm, words: Words) -> str:
    """What is or was wrong."""
    return words(f"alarm_{alarm.kind}", process=process_name(alarm.process, words), detail=alarm.detail or "–")


def alarm_key(alarm: Alarm) -> str:
    """By what a row of this alarm is known; another one when it is over."""
    return f"{alarm.number} {alarm.cleared_at}"


def alarm_row(tag: str, alarm: Alarm, words: Words) -> Element:
    """When, what, and when it was over, in one line; the browser tells the times (``alarm-text.js``)."""
    until = alarm.cleared_at
    over = {} if until is None else {"until": f"{until:.3f}", "over": words("alarm_over")}
    with box(tag, "lasting" if until is None else "") as row:
        box("alarm-text", at=f"{alarm.at:.3f}", what=alarm_text(alarm, words), **over)
    return row
