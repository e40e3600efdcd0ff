"""Everything that can be wrong with a channel, as ``everhost check`` and the control room tell it."""

from __future__ import annotations

from pathlib import Path

from engine.runtime.checks import (
    campaign_problems,
    policy_problems,
    records_problems,
    voice_problems,
    writer_problems,
)
from engine.runtime.picture_checks import backdrop_problems, body_problems, manner_problems
from engine.settings import Channel, SettingsError, load_channel


def whole_check(file: Path) -> Channel:
    """The channel in ``file``, if nothing is wrong with it, its catalogue, campaigns, voice, backdrop and body.

    Raises:
        SettingsError: with every mistake.
    """
    channel = load_channel(file)
    problems = [
        *voice_problems(channel),
        *policy_problems(channel),
        *(campaign_problems(channel) if not policy_problems(channel) else ()),
        *backdrop_problems(channel),
        *body_problems(channel),
        *manner_problems(channel),
        *records_problems(channel),
        *writer_problems(channel),
    ]
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: problem.line))
    return channel
