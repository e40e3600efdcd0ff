"""XLSX: the first sheet that holds a table of products."""

from __future__ import annotations

import datetime
import io
import zipfile
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from engine.settings.errors import Problem, SettingsError
from engine.settings.sources.base import Cell, Given, Origin, Reading, as_data
from engine.settings.sources.columns import column_of
from engine.settings.sources.table import Record, fill_from_table
from engine.settings.sources.texts import read_bytes
from engine.settings.yaml_file import YamlFile

MOST_ROWS = 5000
MOST_COLUMNS = 100
MOST_UNPACKED_BYTES = 200_000_000
"""An XLSX is a zip: one that unpacks to more than this is a bomb, not a catalogue."""

_TITLE_ROWS = 5
"""Headings stand in the first rows; above them there may be a title."""


class XlsxReader:
    """Reads values, not formulas; a cell is named as in the spreadsheet ("B3")."""

    def read(self, origin: Origin, given: Given) -> Reading:
        """See ``Reader``."""
        reading = Reading("xlsx", YamlFile(origin.path, {}, {(): 1}, name=origin.name))
        headings, records = _rows(read_bytes(origin, "spreadsheet"), reading)
        fill_from_table(reading, headings, records, given)
        return reading


def _rows(content: bytes, reading: Reading) -> tuple[list[str], list[Record]]:
    shown = reading.file.shown
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise SettingsError([Problem(shown, 0, "", "the spreadsheet is too large when it is unpacked")])
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            best: tuple[list[str], list[Record]] = ([], [])
            for sheet in book.worksheets:
                rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
                table: list[tuple[object, ...]] = list(rows)
                best = _table(table) if not best[0] else best
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, EOFError, OSError) as error:
        hint = "save it as .xlsx; an .xls of old times must be saved again"
        raise SettingsError([Problem(shown, 0, "", f"this is not a spreadsheet: {error}", hint)]) from error
    if not best[0]:
        hint = "a row must name the columns, such as name, price, stock"
        raise SettingsError([Problem(shown, 1, "", "no sheet holds a table of products", hint)])
    return best


def _table(rows: list[tuple[object, ...]]) -> tuple[list[str], list[Record]]:
    """Headings and records of one sheet; no headings if it holds no table."""
    for number, row in enumerate(rows[:_TITLE_ROWS], start=1):
        headings = [_text(value) for value in row]
        if sum(column_of(heading) is not None for heading in headings if heading) >= 2:
            return [h for h in headings if h], _records(headings, rows[number:], number + 1)
    return [], []


def _records(headings: list[str], rows: list[tuple[object, ...]], first: int) -> list[Record]:
    records = []
    for number, row in enumerate(rows, start=first):
        record = [
            Cell(heading, _text(value), number, f"{get_column_letter(place)}{number}")
            for place, (heading, value) in enumerate(zip(headings, row, strict=False), start=1)
            if heading and _text(value)
        ]
        records += [record] if record else []
    return records


def _text(value: object) -> str:
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return as_data(value).strip()
