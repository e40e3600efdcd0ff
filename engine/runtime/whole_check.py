"""Everything that can be wrong with a channel, as ``everhost check`` and the control room tell it.

``python -m engine.runtime.whole_check`` tells it of channels that were loaded already (``check_apart.py``).
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable
from pathlib import Path

from engine.runtime.checks import (
    campaign_problems,
    policy_problems,
    records_problems,
    speech_problems,
    voice_problems,
    writer_problems,
)
from engine.runtime.picture_checks import backdrop_problems, body_problems, manner_problems
from engine.runtime.recording_checks import recording_problems
from engine.settings import Channel, Problem, SettingsError, in_order, load_channel, load_rest


def whole_check(file: Path, known_as: Path | None = None, *, on_air: bool = False) -> Channel:
    """The channel in ``file``, if nothing is wrong with it, its catalogue, campaigns, voice, backdrop and body.

    ``known_as`` is the file that a draft is to become. ``on_air``: it must also be able to speak on this machine.

    Raises:
        SettingsError: with every mistake.
    """
    try:
        channel = load_channel(file)
    except SettingsError as error:
        rest = load_rest(file, error.problems)
        beside = rest.judged(problems_of(rest.channel, known_as, on_air=on_air)) if rest is not None else []
        raise SettingsError(in_order(file, error.problems + beside)) from error
    problems = problems_of(channel, known_as, on_air=on_air)
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: problem.line))
    return channel


def problems_of(channel: Channel, known_as: Path | None = None, *, on_air: bool) -> list[Problem]:
    """What is wrong with a channel whose files could be read; see ``whole_check``."""
    return [
        *(speech_problems(channel) if on_air else voice_problems(channel)),
        *policy_problems(channel),
        *(campaign_problems(channel) if not policy_problems(channel) else ()),
        *backdrop_problems(channel),
        *body_problems(channel),
        *manner_problems(channel),
        *records_problems(channel, known_as or channel.file),
        *writer_problems(channel),
        *recording_problems(channel),
    ]


def main() -> None:
    """Check the channels that come by standard input; their problems go to standard output."""
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not look like the answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    channels: Iterable[Channel] = pickle.load(sys.stdin.buffer)
    with answer:
        pickle.dump([problem for channel in channels for problem in problems_of(channel, on_air=True)], answer)


if __name__ == "__main__":
    main()
