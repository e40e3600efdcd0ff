"""XLSX: the first sheet that holds a table of products."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
import zlib
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from engine.settings.errors import Problem, SettingsError
from engine.settings.sources.base import Cell, Given, Note, Origin, Reading, Why, as_data, number_of
from engine.settings.sources.columns import TITLE_ROWS, column_of, names_columns
from engine.settings.sources.table import Record, fill_from_table
from engine.settings.sources.texts import read_bytes
from engine.settings.yaml_file import YamlFile

MOST_ROWS = 5000
MOST_COLUMNS = 100
MOST_UNPACKED_BYTES = 200_000_000
"""An XLSX is a zip: one that unpacks to more than this is a bomb, not a catalogue."""

_OLD_OR_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1")
"""How an .xls begins, and an .xlsx that is locked by a password."""

_NEEDED = frozenset({"name", "price", "stock", "currency"})

_LITERAL = re.compile(r'"[^"]*"|\\.')
"""What a number's format writes as it is: with 0"%" the number 20 is shown as 20%, and is 20."""

Row = tuple[object, ...]


class XlsxReader:
    """Reads values, not formulas; a cell is named as in the spreadsheet ("B3").

    Up to ``TITLE_ROWS`` rows may stand above the one that names the columns.
    """

    def read(self, origin: Origin, given: Given) -> Reading:
        """See ``Reader``."""
        reading = Reading("xlsx", YamlFile(origin.path, {}, {(): 1}, name=origin.name))
        headings, records = _table(read_bytes(origin, "spreadsheet"), reading)
        fill_from_table(reading, headings, records, given)
        return reading


def _table(content: bytes, reading: Reading) -> tuple[list[str], list[Record]]:
    shown = reading.file.shown
    if content.startswith(_OLD_OR_LOCKED):
        message = "this is an .xls of old times, or it is locked by a password"
        raise SettingsError([Problem(shown, 0, "", message, "save it as .xlsx, without a password")])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise SettingsError([Problem(shown, 0, "", "the spreadsheet is too large when it is unpacked")])
        found = _first_table(content)
        if found is None:
            hint = "a row must name the columns, such as name, price, stock"
            raise SettingsError([Problem(shown, 1, "", "no sheet holds a table of products", hint)])
        sheet, top, rows = found
        if _lacks_values(rows[top], rows[top + 1 :]):
            rows = _with_formulas(rows, _rows_of(content, sheet, data_only=False))
    except (zipfile.BadZipFile, InvalidFileException, KeyError) as error:
        hint = "save it as .xlsx; an .xls of old times must be saved again"
        raise SettingsError([Problem(shown, 0, "", "this is not a spreadsheet", hint)]) from error
    except (ValueError, TypeError, IndexError, AttributeError, ParseError, EOFError, OSError, zlib.error) as error:
        hint = "open it in a spreadsheet program and save it again as .xlsx"
        raise SettingsError([Problem(shown, 0, "", "the spreadsheet is damaged", hint)]) from error
    reading.file.lines[()] = top + 1
    if any(_text(value) for row in rows[MOST_ROWS:] for value in row):
        reason = f"only the first {MOST_ROWS} rows are read"
        reading.notes.append(Note(f"row {MOST_ROWS + 1}", "", "…", str(Why.TOO_MANY), reason))
    headings = [_text(value) for value in rows[top]]
    return [heading for heading in headings if heading], _records(headings, rows[top + 1 : MOST_ROWS], top + 2)


def _first_table(content: bytes) -> tuple[int, int, list[Row]] | None:
    """The number of the first sheet with a table, the place of its headings, and its rows."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for number, sheet in enumerate(book.worksheets):
            cells = sheet.iter_rows(max_row=2 * MOST_ROWS, max_col=MOST_COLUMNS)
            rows: list[Row] = [tuple(map(_shown, row)) for row in cells]
            for top, row in enumerate(rows[: TITLE_ROWS + 1]):
                if names_columns(_text(value) for value in row):
                    return number, top, rows
    finally:
        book.close()
    return None


def _rows_of(content: bytes, sheet: int, *, data_only: bool) -> list[Row]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
    try:
        found = book.worksheets[sheet].iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        return list(found)
    finally:
        book.close()


def _lacks_values(headings: Row, rows: list[Row]) -> bool:
    """Whether a row that is not empty has none of what each product needs: a formula may stand there."""
    columns = [column_of(_text(heading)) if _text(heading) else None for heading in headings]
    needed = [place for place, column in enumerate(columns) if column is not None and column.key in _NEEDED]
    filled = [row for row in rows if any(value is not None for value in row)]
    return any(row[place] is None for row in filled for place in needed if place < len(row))


def _with_formulas(rows: list[Row], formulas: list[Row]) -> list[Row]:
    """The same rows, where a formula that was never calculated stands as its text ("=B2*0.9")."""
    filled: list[Row] = []
    for place, row in enumerate(rows):
        others = formulas[place] if place < len(formulas) else ()
        others += (None,) * (len(row) - len(others))
        pairs = zip(row, others, strict=False)
        filled.append(tuple(_formula(other) if value is None else value for value, other in pairs))
    return filled


def _formula(value: object) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) and value.startswith("=") else "="


def _records(headings: list[str], rows: list[Row], first: int) -> list[Record]:
    records = []
    for number, row in enumerate(rows, start=first):
        record = [
            Cell(heading, _text(value), number, f"{get_column_letter(place)}{number}", number_of(value))
            for place, (heading, value) in enumerate(zip(headings, row, strict=False), start=1)
            if heading and _text(value)
        ]
        records += [record] if record else []
    return records


def _shown(cell: Any) -> object:
    """The value of a cell; a share that the sheet shows in percent, 0.2, as it is shown: "20%"."""
    value = cell.value
    shown_as = _LITERAL.sub("", cell.number_format or "")
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in shown_as:
        return f"{100 * value:.10g}%"
    return value


def _text(value: object) -> str:
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    return as_data(value).strip()
