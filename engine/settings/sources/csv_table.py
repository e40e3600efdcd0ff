"""CSV and TSV: comma, semicolon, tab or bar between the cells; UTF-8, UTF-16 or GB18030."""

from __future__ import annotations

import csv
import io

from engine.settings.errors import Problem, SettingsError
from engine.settings.sources import shopify
from engine.settings.sources.base import Cell, Given, Origin, Reading
from engine.settings.sources.table import Record, fill_from_table
from engine.settings.sources.texts import decode, read_bytes
from engine.settings.yaml_file import YamlFile

MOST_CELL_LETTERS = 200_000


class CsvReader:
    """Reads a table of products, or a Shopify product export, which is told by its columns."""

    def read(self, origin: Origin, given: Given) -> Reading:
        """See ``Reader``. The line of a problem is the line of the file on which its row begins."""
        text = decode(read_bytes(origin, "table"), origin)
        reading = Reading("csv", YamlFile(origin.path, {}, {(): 1}, name=origin.name))
        headings, records = _rows(text, reading)
        if shopify.is_export(headings):
            reading.kind = "shopify"
            shopify.fill(reading, records, given)
        else:
            fill_from_table(reading, headings, records, given)
        return reading


def _rows(text: str, reading: Reading) -> tuple[list[str], list[Record]]:
    shown = reading.file.shown
    if not text.strip():
        raise SettingsError([Problem(shown, 1, "", "the table is empty", "the first row names the columns")])
    csv.field_size_limit(MOST_CELL_LETTERS)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    headings: list[str] = []
    records: list[Record] = []
    begins = 1
    try:
        for row in lines:
            if not headings:
                headings = [heading.strip() for heading in row]
                _check_headings(headings, reading)
            elif any(value.strip() for value in row):
                if len(row) > len(headings):
                    message = f"the row has {len(row)} cells, the first row names {len(headings)} columns"
                    reading.problem(begins, "", message, "put texts that hold commas in quotes")
                cells = zip(headings, row, strict=False)
                record = [Cell(h, v.strip(), begins, f"row {begins}, {h}") for h, v in cells if v.strip() and h]
                records += [record] if record else []
            begins = lines.line_num + 1
    except csv.Error as error:
        hint = "a quote that is opened must be closed, and doubled within a text"
        raise SettingsError([Problem(shown, begins, "", f"the table cannot be read: {error}", hint)]) from error
    return headings, records


def _check_headings(headings: list[str], reading: Reading) -> None:
    named = [heading for heading in headings if heading]
    for heading in dict.fromkeys(h for h in named if named.count(h) > 1):
        reading.problem(1, heading, f"two columns are called “{heading}”", "rename one of them")


def _delimiter(text: str) -> str:
    """What stands most often in the first line."""
    first = text.lstrip("\r\n").splitlines()[0]
    return max(",;\t|", key=first.count)
