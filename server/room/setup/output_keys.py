"""The keys of a channel's outputs: those that stay with their output, and those that are typed into a form."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from engine.settings.secrets import free_secret_name, secret_name
from server.room.setup.tasks import Plain
from server.room.setup.text import SECRET_KEYS

SECRETS_OF = {"rtmp": {"new_key": "key", "new_backup_key": "backup_key"}, "whip": {"new_key": "token"}}
"""What the secrets of an output are called, by its kind, and as what a form sends new ones."""

_OF_THE_FORM = frozenset({"new_key", "new_backup_key", "key_from", "backup_key_from", "was"})

_TELLS_APART = ("kind", "name", "url", "folder")

_REFERENCE = re.compile(r"\$\{(\w+)\}")
_WORD = re.compile(r"\w+", re.ASCII)


def told_from(sent_as: str) -> str:
    """As what a form is told where the key comes from that it sends as ``sent_as``: ``new_key``, ``key_from``."""
    return f"{sent_as.removeprefix('new_')}_from"


def output_that_was(outputs: Any, was: Any) -> dict[str, Any] | None:
    """The output of a file's list that a form was told of as ``was``.

    Its place says nothing: the file may have been changed since. None where none, or more than one, is of that kind,
    name and address.
    """
    if not isinstance(outputs, list) or not isinstance(was, dict):
        return None
    entries = (entry for entry in outputs if isinstance(entry, dict))
    found = [entry for entry in entries if all(entry.get(key) == was.get(key) for key in _TELLS_APART)]
    return found[0] if len(found) == 1 else None


class OutputKeys:
    """Makes of the outputs that a form sends what the channel's file will hold.

    Keys that were typed are in ``secrets``, each by a name that is nobody else's. ``problems`` tell of keys that
    should stay and cannot be found.
    """

    def __init__(self, channel_id: str, file: str, before: Any, kept: Collection[str], texts: Iterable[str]) -> None:
        """``before`` are the outputs of the file, ``kept`` the names of secrets, ``texts`` those of all channels."""
        self.secrets: dict[str, str] = {}
        self.problems: list[Plain] = []
        self._channel_id, self._file = channel_id, file
        self._left = list(before) if isinstance(before, list) else []
        self._kept = kept
        self._named = Counter(word for text in texts for word in _WORD.findall(text))

    def written(self, place: int, entry: Any) -> Any:
        """The output that stands at ``place`` of a form's list."""
        if not isinstance(entry, dict):
            return entry
        kept = {key: value for key, value in entry.items() if key not in _OF_THE_FORM}
        was = entry.get("was")
        before = output_that_was(self._left, was)
        if before is not None:
            self._left.remove(before)
        old = before or {}
        if old.get("kind") == kept.get("kind"):
            kept |= {key: old[key] for key in SECRET_KEYS & old.keys()}
        for sent_as, secret in SECRETS_OF.get(str(kept.get("kind")), {}).items():
            new = entry.get(sent_as)
            if isinstance(new, str) and new.strip():
                name = self._name_for(entry, secret, old.get(secret))
                self.secrets[name] = new.strip()
                kept[secret] = f"${{{name}}}"
            elif was is not None and before is None and _had(was, sent_as, kept):
                self.problems.append(self._lost(f"outputs[{place}].{secret}"))
        order = [*(key for key in old if key in kept), *(key for key in kept if key not in old)]
        return {key: kept[key] for key in order}

    def _name_for(self, entry: dict[str, Any], secret: str, old: Any) -> str:
        """The name for a new key of an output: the one that its key has, if it is nobody else's, or a free one."""
        own = _REFERENCE.fullmatch(str(old or ""))
        if own and own[1] in self._kept and self._is_alone(own[1]):
            return own[1]
        wanted = secret_name(self._channel_id, str(entry.get("name") or entry.get("kind")), secret)
        return free_secret_name(wanted, self._is_taken)

    def _is_alone(self, name: str) -> bool:
        """Whether a name stands at one place of all channels, and what is kept by it is what counts there."""
        return self._named[name] == 1 and name not in self.secrets and name not in os.environ

    def _is_taken(self, name: str) -> bool:
        return name in self._kept or name in self.secrets or name in os.environ or name in self._named

    def _lost(self, key: str) -> Plain:
        return {
            "file": self._file, "own": True, "at": "", "line": 0, "key": key,
            "message": "the file no longer has the output that this key was for, under its name and address",
            "hint": "type the key again, or remove this output",
        }  # fmt: skip


def _had(was: Any, sent_as: str, now: dict[str, Any]) -> bool:
    """Whether an output had a key of its own that it still has a use for; in doubt it had."""
    is_used = sent_as != "new_backup_key" or bool(now.get("backup_url"))
    return is_used and (not isinstance(was, dict) or was.get(told_from(sent_as)) != "")
