"""CSV and TSV: comma, semicolon, tab or bar between the cells; UTF-8, UTF-16, GB18030 or Western Windows."""

from __future__ import annotations

import csv
import io
import re

from engine.settings.errors import Problem, SettingsError
from engine.settings.sources import shopify
from engine.settings.sources.base import Cell, Given, Origin, Reading
from engine.settings.sources.columns import TITLE_ROWS, names_columns
from engine.settings.sources.table import Record, fill_from_table
from engine.settings.sources.texts import decode, read_bytes
from engine.settings.yaml_file import YamlFile

MOST_CELL_LETTERS = 200_000

Row = tuple[int, list[str]]
"""The line of the file on which a row begins, and its cells."""

_DELIMITERS = ",;\t|"
_CHINESE_MARKS = "，；"
_SEP = re.compile(r"\ufeff?sep=([,;\t|])[ \t]*\r?(?:\n|$)", re.IGNORECASE)
"""The first line by which Excel tells its delimiter."""


class CsvReader:
    """Reads a table of products, or a Shopify product export, which is told by its columns.

    Up to ``TITLE_ROWS`` rows may stand above the one that names the columns.
    """

    def read(self, origin: Origin, given: Given) -> Reading:
        """See ``Reader``. The line of a problem is the line of the file on which its row begins."""
        reading = Reading("csv", YamlFile(origin.path, {}, {(): 1}, name=origin.name))
        text = decode(read_bytes(origin, "table"), reading, given.language)
        headings, records = _table(_rows(text, reading), reading)
        if shopify.is_export(headings):
            reading.kind = "shopify"
            shopify.fill(reading, records, given)
        else:
            fill_from_table(reading, headings, records, given)
        return reading


def _rows(text: str, reading: Reading) -> list[Row]:
    """The rows that are not empty, without the line that tells the delimiter."""
    shown = reading.file.shown
    csv.field_size_limit(MOST_CELL_LETTERS)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    begins = 1
    try:
        for row in lines:
            if any(value.strip() for value in row) and not (begins == 1 and _SEP.match(text)):
                rows.append((begins, row))
            begins = lines.line_num + 1
    except csv.Error as error:
        hint = "a quote that is opened must be closed, and doubled within a text"
        raise SettingsError([Problem(shown, begins, "", f"the table cannot be read: {_why(error)}", hint)]) from error
    if not rows:
        raise SettingsError([Problem(shown, 1, "", "the table is empty", "the first row names the columns")])
    return rows


def _why(error: csv.Error) -> str:
    """The library's words for a quote that is wrong, in ours."""
    said = str(error)
    if "unexpected end of data" in said:
        return "a quote that is opened here is not closed"
    if "expected after" in said:
        return "something stands behind a quote that was closed"
    if "field larger" in said:
        return f"a cell has more than {MOST_CELL_LETTERS} letters; a quote may not be closed"
    return said


def _table(rows: list[Row], reading: Reading) -> tuple[list[str], list[Record]]:
    """Headings and records. Where no row names columns that are known, the first one is taken for the headings."""
    top = next((i for i, (_, row) in enumerate(rows[: TITLE_ROWS + 1]) if names_columns(row)), 0)
    line, first = rows[top]
    reading.file.lines[()] = line
    headings = [heading.strip() for heading in first]
    named = [heading for heading in headings if heading]
    if len(named) == 1 and any(mark in named[0] for mark in _CHINESE_MARKS):
        hint = "write “,” between the cells, or save the table from a spreadsheet program as CSV"
        raise SettingsError([Problem(reading.file.shown, line, "", "Chinese commas stand between the cells", hint)])
    for heading in dict.fromkeys(h for h in named if named.count(h) > 1):
        reading.problem(line, heading, f"two columns are called “{heading}”", "rename one of them")
    records: list[Record] = []
    for begins, row in rows[top + 1 :]:
        if any(value.strip() for value in row[len(headings) :]):
            message = f"the row has {len(row)} cells, the first row names {len(headings)} columns"
            reading.problem(begins, "", message, "put texts that hold commas in quotes")
        cells = zip(headings, row, strict=False)
        record = [Cell(h, v.strip(), begins, f"row {begins}, {h}") for h, v in cells if v.strip() and h]
        records += [record] if record else []
    return headings, records


def _delimiter(text: str) -> str:
    """What Excel says, else what parts a row into columns that are known, else what stands most in the first line."""
    if told := _SEP.match(text):
        return told[1]
    lines = [line for line in text.splitlines()[: 4 * TITLE_ROWS] if line.strip()] or [""]
    for line in lines[: TITLE_ROWS + 1]:
        for delimiter in sorted(_DELIMITERS, key=line.count, reverse=True):
            if line.count(delimiter) and names_columns(cell.strip(' "') for cell in line.split(delimiter)):
                return delimiter
    return max(_DELIMITERS, key=lines[0].count)
