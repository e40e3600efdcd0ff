"""What a host file may say, for the form: every key with its range or choices."""

from __future__ import annotations

from engine.avatar.human.host_file import STYLES
from engine.avatar.human.spec import Looks
from engine.settings.yaml_file import parse_dotted
from server.room.setup.limits import leaves, limits
from server.room.setup.tasks import Plain

NOT_BY_FORM = frozenset({"name"})
"""The name is the file's."""

PICTURES = frozenset({"outfit.logo"})
"""Files beside the host file."""


def looks_form(_: Plain) -> Plain:
    """``fields``: key, kind, range, choices and default of every key."""
    fields = []
    for key in leaves(Looks):
        if key in NOT_BY_FORM:
            continue
        found = limits(Looks, key)
        if key in PICTURES:
            found = {"kind": "picture", "default": ""}
        if parse_dotted(key) in STYLES:
            found |= {"kind": "choice", "options": list(STYLES[parse_dotted(key)][1])}
        fields.append({"key": key, **found})
    return {"fields": fields}
