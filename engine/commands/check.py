"""``everhost check``."""

from __future__ import annotations

from pathlib import Path

from engine.commands.picture import backdrop_problems, body_problems
from engine.runtime.checks import policy_problems, voice_problems
from engine.settings import SettingsError, load_channel


def check(file: Path) -> int:
    """Report every mistake of a channel, its catalogue, its voice, its backdrop and its body.

    Raises:
        SettingsError: with all of them.
    """
    channel = load_channel(file)
    problems = [
        *voice_problems(channel),
        *policy_problems(channel),
        *backdrop_problems(channel),
        *body_problems(channel),
    ]
    if problems:
        raise SettingsError(sorted(problems, key=lambda problem: problem.line))
    facts = sum(len(product.facts) for product in channel.items.products)
    print(f"{file}: all good. {channel.name} has {len(channel.items.products)} products with {facts} facts to sell.")
    return 0
