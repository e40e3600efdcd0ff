"""The texts of the control room: one YAML a language, the same keys in each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML
from starlette.requests import HTTPConnection

LANGUAGES = ("en", "zh")
"""The languages, the fallback first."""

COOKIE = "everhost_language"


class Words:
    """The texts of one language."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """The text called ``key`` with its ``{name}`` parts filled in.

        Raises:
            KeyError: there is no such text.
        """
        text = self._texts[key]
        return text.format_map(values) if values else text

    def group(self, prefix: str) -> dict[str, str]:
        """All texts whose key begins with ``prefix``, by the rest of their key, in the catalogue's order."""
        return {key.removeprefix(prefix): text for key, text in self._texts.items() if key.startswith(prefix)}

    def known(self, group: str, name: str) -> str:
        """The text ``group_name``; ``name`` itself when nobody has written one (a new kind of line or process)."""
        return self._texts.get(f"{group}_{name.replace(' ', '_')}", name)


@cache
def words_of(language: str) -> Words:
    """The texts of one of ``LANGUAGES``."""
    text = (Path(__file__).parent / f"{language}.yaml").read_text(encoding="utf-8")
    return Words(language, YAML(typ="safe", pure=True).load(text))


def words_for(connection: HTTPConnection) -> Words:
    """The texts that this browser wants: chosen on the page, else its own language."""
    chosen = connection.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return words_of(chosen)
    wanted = [
        part.split(";")[0].strip().lower()[:2] for part in connection.headers.get("accept-language", "").split(",")
    ]
    return words_of(next((language for language in wanted if language in LANGUAGES), LANGUAGES[0]))
