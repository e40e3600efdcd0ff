"""An alarm in words."""

from __future__ import annotations

from datetime import datetime

from server.room.alarms import Alarm
from server.room.words import Words


def process_name(process: str, words: Words) -> str:
    """What a process is called; outlets by the name of their output."""
    return words.known("process", process.removeprefix("outlet:"))


def alarm_text(alarm: Alarm, words: Words) -> str:
    """When and what, in one line; times are this machine's."""
    moment = datetime.fromtimestamp(alarm.at).astimezone().strftime("%H:%M:%S")
    what = words(f"alarm_{alarm.kind}", process=process_name(alarm.process, words), detail=alarm.detail or "–")
    return f"{moment} {what}"
