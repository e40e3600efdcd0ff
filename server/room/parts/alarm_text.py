"""An alarm in words."""

from __future__ import annotations

from datetime import datetime

from server.alarms import Alarm
from server.room.words import Words


def process_name(process: str, words: Words) -> str:
    """What a process is called; outlets by the name of their output."""
    return words.known("process", process.removeprefix("outlet:"))


def clock_time(seconds: float) -> str:
    """Seconds since the epoch as hours, minutes and seconds of this machine."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M:%S")


def alarm_text(alarm: Alarm, words: Words) -> str:
    """When, what, and when it was over, in one line; times are this machine's."""
    what = words(f"alarm_{alarm.kind}", process=process_name(alarm.process, words), detail=alarm.detail or "–")
    over = words("alarm_over", at=clock_time(alarm.cleared_at)) if alarm.cleared_at is not None else ""
    return f"{clock_time(alarm.at)} {what}{over}"
