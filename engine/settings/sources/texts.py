"""Bytes as text, and HTML as the words that a customer would see, apart from those hidden in it."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser

from engine.settings.errors import Problem, SettingsError
from engine.settings.sources.base import Note, Origin, Reading, Why

MAX_BYTES = 40_000_000
"""Larger than any table of 500 products; keeps a wrongly chosen file from being read."""


def read_bytes(origin: Origin, what: str) -> bytes:
    """The bytes of a file.

    Raises:
        SettingsError: it is missing, too large, or cannot be read.
    """
    shown = origin.name or origin.path
    try:
        if origin.path.stat().st_size > MAX_BYTES:
            raise SettingsError([Problem(shown, 0, "", f"the {what} is larger than {MAX_BYTES // 1_000_000} MB")])
        return origin.path.read_bytes()
    except FileNotFoundError as error:
        raise SettingsError([Problem(shown, 0, "", f"there is no {what} here", "check the path")]) from error
    except IsADirectoryError as error:
        raise SettingsError([Problem(shown, 0, "", "this is a folder", f"name the {what} in it")]) from error
    except OSError as error:
        raise SettingsError([Problem(shown, 0, "", f"the {what} cannot be read: {error.strerror}")]) from error


def decode(content: bytes, reading: Reading, language: str = "") -> str:
    """Text in UTF-8 (with or without mark), UTF-16, GB18030, or that of Western Windows, which is noted.

    ``language`` is that of the catalogue where it is known.

    Raises:
        SettingsError: it is none of them.
    """
    for encoding in _encodings(content, language):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or (encoding == _WESTERN and _ODD_WESTERN.search(text)):
            continue
        if encoding == _WESTERN:
            letters = "".join(dict.fromkeys(letter for letter in text if not letter.isascii()))
            reason = "its letters were read as those of Western Windows; save the file as UTF-8 to be sure"
            reading.notes.append(Note("file", "", letters[:60], str(Why.ENCODING), reason))
        return text
    shown = reading.file.shown
    if b"\0" in content or sum(32 <= byte < 127 for byte in content[:4000]) < len(content[:4000]) / 2:
        hint = "save it as UTF-8, UTF-16 or GB18030"
        raise SettingsError([Problem(shown, 0, "", "this is not a text file", hint)])
    message = "its letters are in an encoding that is not known"
    raise SettingsError([Problem(shown, 0, "", message, "save it as UTF-8; Excel calls it “CSV UTF-8”")])


_WESTERN = "cp1252"
_ODD_WESTERN = re.compile(r"[³¹¿¶¼¾ºª][A-Za-z]|[ÃÂ][^\x00-\x7f]")
"""What Western text does not hold: other encodings read as Western Windows do."""

_CHINESE_RUN = re.compile(rb"[\x81-\xfe]{4}")
"""Two Chinese characters side by side in GB18030. Western letters beyond ASCII stand alone or in twos."""


def _encodings(content: bytes, language: str) -> tuple[str, ...]:
    """What to try, in order."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if b"\0" in content[:200]:
        return ("utf-16-le" if content[1:2] == b"\0" else "utf-16-be",)
    if language == "zh" or _CHINESE_RUN.search(content):
        return ("utf-8-sig", "gb18030")
    return ("utf-8-sig", _WESTERN)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of a description; ``hidden`` words stand in the page's source, but no customer sees them."""

    text: str
    hidden: bool


_VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "col", "wbr", "source", "area", "base", "embed"})
_BLOCKS = frozenset(
    {"p", "div", "li", "ul", "ol", "br", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section",
     "article", "dt", "dd", "dl", "hr", "blockquote", "pre"}
)  # fmt: skip
_NEVER_SEEN = frozenset({"script", "style", "template", "noscript", "head", "title", "object", "iframe", "svg"})
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?!\.[1-9])|opacity:0(?!\.[1-9])|(?:^|;)color:(?:#fff(?:fff)?\b|white|transparent|rgba\([^)]*,0\))"
    r"|text-indent:-\d{3,}|(?:left|top|right):-\d{3,}|(?:^|;)(?:max-)?(?:height|width):0|clip:rect\(0|clip-path:inset\((?:50|100)%|transform:scale\(0",
    re.IGNORECASE,
)  # fmt: skip
_UNSEEN_TAGS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f\u00ad]")


class _Visible(HTMLParser):
    """Collects pieces of text. ``_stack`` holds open tags, each with whether it hides what is in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._words: list[str] = []
        self._stack: list[tuple[str, bool]] = []

    @property
    def _hidden(self) -> bool:
        return any(hides for _, hides in self._stack)

    def flush(self) -> None:
        """End the piece that is being collected."""
        text = " ".join("".join(self._words).split())
        self._words.clear()
        if text:
            self.pieces.append(Piece(text, self._hidden))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        style = re.sub(r"\s+|!important", "", values.get("style", ""))
        hides = (
            tag in _NEVER_SEEN
            or "hidden" in values
            or values.get("aria-hidden", "").lower() == "true"
            or (tag == "input" and values.get("type", "").lower() == "hidden")
            or bool(_HIDING.search(style))
        )
        if tag in _BLOCKS or hides != self._hidden:
            self.flush()
        for name in ("alt", "title", "aria-label", "data-note", "content"):
            if values.get(name, "").strip():
                self.pieces.append(Piece(" ".join(values[name].split()), hidden=True))
        if tag not in _VOID:
            self._stack.append((tag, hides))

    def handle_endtag(self, tag: str) -> None:
        open_tags = [name for name, _ in self._stack]
        if tag not in open_tags:
            return
        place = len(open_tags) - 1 - open_tags[::-1].index(tag)
        if tag in _BLOCKS or any(hides for _, hides in self._stack[place:]):
            self.flush()
        del self._stack[place:]

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_comment(self, data: str) -> None:
        if data.strip():
            self.flush()
            self.pieces.append(Piece(" ".join(data.split()), hidden=True))

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)


def pieces_of(text: str) -> list[Piece]:
    """A description, in HTML or plain, as pieces in order. A piece that holds invisible characters counts as hidden."""
    if re.search(r"<[a-zA-Z!/][^>]*>", text):
        parser = _Visible()
        parser.feed(text)
        parser.close()
        parser.flush()
        pieces = parser.pieces
    else:
        pieces = [Piece(line.strip(), hidden=False) for line in text.splitlines() if line.strip()]
    return [_clean(piece) for piece in pieces]


def has_unseen(text: str) -> bool:
    """Whether ``text`` holds characters that nobody sees: zero-width, direction marks, tag characters."""
    return bool(_UNSEEN_TAGS.search(text.strip("\ufeff")))


def _clean(piece: Piece) -> Piece:
    plain = unicodedata.normalize("NFC", _UNSEEN_TAGS.sub("", piece.text))
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in plain)
    return Piece(" ".join(plain.split()), piece.hidden or has_unseen(piece.text))
