"""Rows of the ledger and of insight as files that spreadsheets and notebooks open."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from engine.records.errors import MissingPackageError
from engine.settings.install import install_command

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"); viewers' words may begin so."""


def as_csv(kind: type[DataclassInstance], rows: Sequence[DataclassInstance]) -> bytes:
    """``rows`` (all of ``kind``) as CSV: RFC 4180, UTF-8 with a byte order mark, which Excel needs, a line of names.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    names = [field.name for field in fields(kind)]
    writer.writerow(names)
    for row in rows:
        plain = asdict(row)
        writer.writerow([_cell(plain[name]) for name in names])
    return out.getvalue().encode("utf-8-sig")


def as_parquet(kind: type[DataclassInstance], rows: Sequence[DataclassInstance]) -> bytes:
    """``rows`` (all of ``kind``) as an Apache Parquet file.

    Raises:
        MissingPackageError: the package that writes it is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 (an extra that few installs have)
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as error:
        hint = f"install it with: {install_command('insight')}"
        raise MissingPackageError(f"Parquet needs the package pyarrow; {hint}") from error
    types = {
        "str": pa.string(),
        "str | None": pa.string(),
        "int": pa.int64(),
        "int | None": pa.int64(),
        "float": pa.float64(),
        "tuple[str, ...]": pa.list_(pa.string()),
    }
    schema = pa.schema([(field.name, types[str(field.type)]) for field in fields(kind)])
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([asdict(row) for row in rows], schema=schema), out)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, (tuple, list)):
        return _cell("; ".join(str(part) for part in value))
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
