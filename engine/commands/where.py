"""Where commands write: into the state of who is on air, and not beside it."""

from __future__ import annotations

from pathlib import Path

from engine.commands import CommandError
from engine.runtime.names import other_of_that_name
from engine.runtime.place import living_states
from engine.settings import Channel, state_dir
from engine.settings.state import STATE_DIR_VARIABLE, is_state_dir_given


def refuse_elsewhere(file: Path) -> None:
    """Refuse to begin ``file`` in a state folder that nobody has named, while Everhost is on air with another.

    Raises:
        CommandError: who is on air would never see what is written here.
    """
    if file.exists() or is_state_dir_given():
        return
    own = state_dir()
    others = sorted(map(str, living_states() - {own}))
    if others:
        raise CommandError(
            f"Everhost is on air with its state in {' and '.join(others)}, and this command would begin another in "
            f"{own}: say which with {STATE_DIR_VARIABLE}=…"
        )


def refuse_other_channel(channel: Channel) -> None:
    """Refuse to go to the ledger of another channel whose file has the same name.

    Raises:
        CommandError: what is kept under the name is the other's.
    """
    other = other_of_that_name(channel, state_dir())
    if other is not None:
        raise CommandError(
            f"the ledger of “{channel.file.stem}” in {state_dir()} is that of {other}: rename one of the two files, or "
            f"name this one's state folder with {STATE_DIR_VARIABLE}"
        )
