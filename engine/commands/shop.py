"""What the commands that judge and answer work on: the facts of a channel or of a catalogue alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.commands import CommandError
from engine.commands.where import refuse_elsewhere, refuse_other_channel
from engine.records import FaqEntry, Ledger, LedgerError, ledger_place
from engine.runtime.checks import policy_problems
from engine.script import FactBook
from engine.script.policy import packs_for
from engine.settings import (
    Channel,
    Chat,
    SettingsError,
    is_catalogue,
    load_catalogue,
    load_channel,
    state_dir,
)


@dataclass(frozen=True, slots=True)
class Shop:
    """The facts, the policy packs, the chat's settings and, for a channel, the channel itself."""

    book: FactBook
    packs: tuple[str, ...]
    chat: Chat
    seed: int
    channel: Channel | None


def open_shop(file: Path) -> Shop:
    """The shop of a channel or catalogue file, with the answers that its ledger holds.

    Raises:
        SettingsError: mistakes in the channel or the catalogue.
        CommandError: the channel's ledger cannot be read.
    """
    if is_catalogue(file):
        catalogue = load_catalogue(file, check_files=False)
        return Shop(FactBook(catalogue), packs_for(catalogue.language, None), Chat(), 1, None)
    channel = load_channel(file, check_files=False)
    problems = [problem for problem in policy_problems(channel) if "may not start" not in problem.message]
    if problems:
        raise SettingsError(problems)
    packs = packs_for(channel.items.language, channel.policy.packs, channel.policy.platform)
    book = FactBook.of(channel, faq=_faq_of(channel))
    return Shop(book, packs, channel.chat, channel.show.seed, channel)


def ledger_of(channel: Channel, *, make: bool) -> Ledger | None:
    """The ledger of a channel; None where there is none yet and it is not to be made.

    Raises:
        CommandError: it cannot be used, or it is another channel's.
    """
    refuse_other_channel(channel)
    place = ledger_place(channel, state_dir())
    if isinstance(place, Path) and not place.is_file():
        if not make:
            return None
        refuse_elsewhere(place)
    try:
        return Ledger(place, channel.file.stem)
    except LedgerError as error:
        raise CommandError(str(error)) from error


def _faq_of(channel: Channel) -> tuple[FaqEntry, ...]:
    ledger = ledger_of(channel, make=False)
    if ledger is None:
        return ()
    try:
        return ledger.faq()
    finally:
        ledger.close()
