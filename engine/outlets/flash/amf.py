"""AMF0, the values in RTMP commands (Adobe, "Action Message Format -- AMF 0", 2007)."""

from __future__ import annotations

import struct
from typing import Final

Value = float | bool | str | dict[str, "Value"] | list["Value"] | None

_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _UNDEFINED, _ECMA_ARRAY, _END, _STRICT_ARRAY, _DATE, _LONG_STRING = (
    0, 1, 2, 3, 5, 6, 8, 9, 10, 11, 12,
)  # fmt: skip
_MOST_NESTED: Final = 16


class AmfError(ValueError):
    """The bytes are not AMF0, or hold a type that no RTMP server sends."""


class EcmaArray(dict[str, Value]):
    """An object that is written as an ECMA array, as ``onMetaData`` is by habit."""


def encode(*values: Value) -> bytes:
    """The values one after the other."""
    return b"".join(_encode(value) for value in values)


def _encode(value: Value) -> bytes:
    match value:
        case bool():
            raw = bytes((_BOOLEAN, value))
        case int() | float():
            raw = struct.pack(">Bd", _NUMBER, value)
        case str():
            text = value.encode()
            is_long = len(text) > 0xFFFF
            raw = struct.pack(">BI" if is_long else ">BH", _LONG_STRING if is_long else _STRING, len(text)) + text
        case dict():
            head = struct.pack(">BI", _ECMA_ARRAY, len(value)) if isinstance(value, EcmaArray) else bytes((_OBJECT,))
            pairs = b"".join(_key(key) + _encode(each) for key, each in value.items())
            raw = head + pairs + b"\0\0" + bytes((_END,))
        case list():
            raw = struct.pack(">BI", _STRICT_ARRAY, len(value)) + b"".join(_encode(each) for each in value)
        case None:
            raw = bytes((_NULL,))
    return raw


def _key(key: str) -> bytes:
    raw = key.encode()
    return struct.pack(">H", len(raw)) + raw


def decode(data: bytes) -> list[Value]:
    """All values in ``data``.

    Raises:
        AmfError: they are cut off or of an unknown type.
    """
    reader = _Reader(data)
    values = []
    try:
        while reader.at < len(data):
            values.append(reader.value(0))
    except (struct.error, UnicodeDecodeError, IndexError) as error:
        raise AmfError("cut off or not AMF0") from error
    return values


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def _unpack(self, layout: str) -> tuple[int | float, ...]:
        found = struct.unpack_from(layout, self._data, self.at)
        self.at += struct.calcsize(layout)
        return found

    def _text(self, layout: str) -> str:
        length = int(self._unpack(layout)[0])
        raw = self._data[self.at : self.at + length]
        if len(raw) < length:
            raise AmfError("a text is cut off")
        self.at += length
        return raw.decode()

    def value(self, depth: int) -> Value:
        """The next value."""
        if depth > _MOST_NESTED:
            raise AmfError("nested too deep")
        (kind,) = self._unpack(">B")
        found: Value = None
        if kind == _NUMBER:
            found = float(self._unpack(">d")[0])
        elif kind == _BOOLEAN:
            found = bool(self._unpack(">B")[0])
        elif kind in {_STRING, _LONG_STRING}:
            found = self._text(">H" if kind == _STRING else ">I")
        elif kind == _OBJECT:
            found = self._pairs(depth)
        elif kind == _ECMA_ARRAY:
            self._unpack(">I")
            found = EcmaArray(self._pairs(depth))
        elif kind == _STRICT_ARRAY:
            found = [self.value(depth + 1) for _ in range(int(self._unpack(">I")[0]))]
        elif kind == _DATE:
            found = float(self._unpack(">dh")[0])
        elif kind not in {_NULL, _UNDEFINED}:
            raise AmfError(f"type {kind} is unknown")
        return found

    def _pairs(self, depth: int) -> dict[str, Value]:
        pairs: dict[str, Value] = {}
        while True:
            key = self._text(">H")
            if not key and self._data[self.at] == _END:
                self.at += 1
                return pairs
            pairs[key] = self.value(depth + 1)
