"""Where a catalogue comes from: readers by the ending of the file, one module a format, loaded when it is asked for."""

from __future__ import annotations

import importlib
import logging

from engine.settings.errors import Problem, SettingsError
from engine.settings.sources.base import Cell, Given, Note, Origin, Reader, Reading, Why

log = logging.getLogger(__name__)

__all__ = ["READERS", "Cell", "Given", "Note", "Origin", "Reader", "Reading", "Why", "read", "reader_for"]

READERS: dict[str, tuple[str, str]] = {
    ".yaml": ("yaml_catalogue", "YamlReader"),
    ".yml": ("yaml_catalogue", "YamlReader"),
    ".csv": ("csv_table", "CsvReader"),
    ".tsv": ("csv_table", "CsvReader"),
    ".txt": ("csv_table", "CsvReader"),
    ".xlsx": ("xlsx_table", "XlsxReader"),
    ".json": ("json_products", "JsonReader"),
}
"""Module and class by the ending of the file."""


def reader_for(origin: Origin) -> Reader:
    """The reader of a file.

    Raises:
        SettingsError: no format has this ending.
    """
    known = READERS.get(origin.path.suffix.lower())
    if known is None:
        ending = origin.path.suffix or "no ending"
        hint = f"known are {', '.join(READERS)}"
        raise SettingsError([Problem(origin.name or origin.path, 0, "", f"a catalogue cannot have {ending}", hint)])
    module, name = known
    reader: Reader = getattr(importlib.import_module(f"engine.settings.sources.{module}"), name)()
    return reader


def read(origin: Origin, given: Given) -> Reading:
    """What the reader of the format finds in ``origin``.

    Raises:
        SettingsError: the file as a whole cannot be read.
    """
    reader = reader_for(origin)
    try:
        return reader.read(origin, given)
    except SettingsError:
        raise
    except Exception as error:  # whatever a file holds, and a library makes of it, is told as the file's mistake
        log.info("%s cannot be read", origin.shown, exc_info=error)
        hint = "look at what was changed last; if the file is right, please report it"
        message = f"the catalogue cannot be read: {type(error).__name__}: {error}"
        raise SettingsError([Problem(origin.name or origin.path, 0, "", message, hint)]) from error
