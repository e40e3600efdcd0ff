"""What there is to choose from, as this machine has it: voices, platforms, packs of rules, backdrops."""

from __future__ import annotations

from typing import get_args

from engine.script.policy import known_packs, platforms
from engine.settings.channel import Platform
from engine.settings.voice import Language, Voice
from engine.speech import known_voices, spoken_languages
from engine.stage.backdrop import BACKDROPS
from server.room.setup.tasks import Plain


def choices(_: Plain) -> Plain:
    """Names of everything; a voice with the languages of channels that it speaks, a platform with its reason to refuse.

    ``platforms`` are those whose rules of speech are known, ``outlet_platforms`` those whose sessions are.
    """
    return {
        "voices": [
            {"backend": backend, "name": name, "languages": languages}
            for backend, names in known_voices().items()
            for name in names
            if (languages := sorted(spoken_languages(Voice(backend=backend, name=name)) & {*get_args(Language)}))
        ],
        "platforms": [
            {"id": each.id, "title": each.title, "refusal": each.refusal, "minutes": each.notice_every_minutes}
            for each in platforms().values()
        ],
        "outlet_platforms": list(get_args(Platform)),
        "packs": list(known_packs()),
        "backdrops": list(BACKDROPS),
    }
