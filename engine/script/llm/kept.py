"""Lines that a model wrote, kept on disk, so that they serve again in later hours and after a restart."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from engine.flow import LineKind
from engine.script.writer import Draft

log = logging.getLogger(__name__)

MOST_LINES = 6000
"""Lines kept; beyond that the oldest go."""


class KeptLines:
    """One file of JSON lines. Nothing in it is trusted: every line is judged again before it is used."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[Draft]:
        """What was kept, oldest first; what cannot be read is left out. A file grown too long is cut."""
        try:
            written = self._path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            log.warning("the kept lines in %s cannot be read: %s", self._path, error)
            return []
        drafts = [draft for draft in map(_draft, written) if draft is not None]
        if len(written) > MOST_LINES:
            drafts = drafts[-MOST_LINES * 2 // 3 :]
            self._cut(drafts)
        return drafts

    def add(self, drafts: Iterable[Draft]) -> None:
        """Keep ``drafts``. A full disk costs later hours these lines, and nothing else."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.writelines(_row(draft) for draft in drafts)
        except OSError as error:
            log.warning("lines could not be kept in %s: %s", self._path, error)

    def _cut(self, drafts: list[Draft]) -> None:
        """Keep only ``drafts``. On a full disk the file stays as long as it is."""
        whole = self._path.with_suffix(".new")
        try:
            whole.write_text("".join(_row(draft) for draft in drafts), "utf-8")
            whole.replace(self._path)
        except OSError as error:
            log.warning("the kept lines in %s cannot be made fewer: %s", self._path, error)


def _row(draft: Draft) -> str:
    return json.dumps(asdict(draft), ensure_ascii=False) + "\n"


def _draft(row: str) -> Draft | None:
    try:
        data = json.loads(row)
        data |= {"kind": LineKind(data["kind"]), "addressed": ()}
        data |= {"fact_ids": tuple(map(str, data["fact_ids"]))}
        return Draft(**data)
    except (ValueError, KeyError, TypeError):
        return None
