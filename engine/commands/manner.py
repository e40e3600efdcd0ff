"""``everhost avatar manner``: how a person moves, learned from a clip."""

from __future__ import annotations

from pathlib import Path

from engine.avatar.photo import PhotoError
from engine.avatar.photo.clip import learn_manner
from engine.commands import CommandError, place_for
from engine.commands.telling import tell
from engine.motion import write_manner
from engine.motion.manner import SUFFIX


def manner(clip: Path, out: Path | None, *, force: bool = False) -> int:
    """Make a manner file; one that is there is replaced only where ``out`` names it, or by ``force``.

    Raises:
        CommandError: the clip will not do, or the file is there already, or cannot be written.
    """
    out = place_for(clip.with_suffix(SUFFIX), out, force=force)
    try:
        learnt = learn_manner(clip)
    except PhotoError as error:
        raise CommandError(str(error)) from error
    try:
        write_manner(out, learnt.manner)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}") from error
    idle, speaking = f"{learnt.idle_s:.0f} s of idling", f"{learnt.speaking_s:.0f} s of speech"
    print(tell(f"{out}: from {idle} and {speaking}, {learnt.blinks} blinks"))
    for seconds, lacks, instead in (
        (learnt.idle_s, "idling", "speaking"),
        (learnt.speaking_s, "speaking", "idling"),
    ):
        if not seconds:
            print(tell(f"the clip shows no {lacks} for two seconds on end, so that of {instead} is used for both"))
    print(tell(f"only curves are kept of the clip; put this into a channel file: moves_like: {out.name}"))
    return 0
