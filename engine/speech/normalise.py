"""English caption text to the words that are spoken, each tied to the caption word that it is heard for.

Nothing is left for a voice's own text front end to guess: digits, prices, units, model names, signs and
abbreviations all become plain words here. A caption word is what stands between two spaces of the line's text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from engine.speech.labels import is_dialled, is_karat
from engine.speech.measures import is_count
from engine.speech.readings import Context, SpokenWord, is_abbreviation, read
from engine.speech.spans import DASHES, is_to
from engine.speech.spoken_lists import RESPELL, TIME_ZONES
from engine.speech.spoken_word import RE_PREFIX

_OPENING = "([{\"'“‘«<*_#"
_CLOSING = ")]}\"'”’»>*_"
_PAUSES = ",.!?;:…—–"
_RE_OPENS = re.compile(r"^(?:#\d|<[$€£¥₹]?\d|'\d0s)")
"""What begins with an opening mark that is read."""

_RE_COMMA = re.compile(r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+),(\d\d)(?![\d.,]?\d)")
"""A decimal comma behind thousands that are grouped by points: "1.299,50 €"."""

_WRITTEN = str.maketrans({
    "’": "'", "‘": "'", "‑": "-", "−": "-", "№": "No.", "µ": "μ", "℃": "°C", "℉": "°F", "⌀": "Ø", "㎡": "m²",
}) | {
    ord(sign): unicodedata.normalize("NFKC", sign).replace("2", "²").replace("3", "³")
    for sign in map(chr, range(0x3380, 0x33E0))
}  # fmt: skip
"""Signs that are written in several ways, as the rules know them."""


def spoken_words(text: str, respell: Mapping[str, str] | None = None) -> tuple[SpokenWord, ...]:
    """The words to be spoken for ``text``, in order; the last one carries a sentence end.

    ``respell`` maps caption words in lower case to what is said instead, over the built-in list. Caption words
    that are not heard (emoji, a lone dash) have no spoken word.
    """
    table = {**RESPELL, **{k.lower(): v for k, v in (respell or {}).items()}}
    captions = text.split()
    plain = [_plain(word) for word in captions]
    split = [_split(word) for word in plain]
    cores = [core for core, _ in split]
    out: list[SpokenWord] = []
    for i, (core, tail) in enumerate(split):
        if plain[i] in DASHES and out and is_to(cores, i):
            out[-1] = _with_pause(out[-1], "")
            out.append(SpokenWord("to", i))
            continue
        around = _around(captions, split, cores, i)
        opened = captions[i][:1] in "([{"
        if opened and out and not out[-1].pause:
            out[-1] = _with_pause(out[-1], ",")
        words = read(core, around, table) if core else []
        out += [SpokenWord(w.text, i, w.pause, w.spelled) for w in words]
        pause = _pause(captions[i], tail, core, around)
        if pause and out:
            out[-1] = _with_pause(out[-1], pause)
    if out and out[-1].pause not in {".", "!", "?"}:
        out[-1] = _with_pause(out[-1], ".")
    return tuple(out)


def _plain(word: str) -> str:
    """The word without accents of width, typographic quotes and signs that are not read (emoji, trade marks)."""
    word = unicodedata.normalize("NFC", word).translate(_WRITTEN)
    keep = [c for c in word if c in "°+<>=~$|^`²³" or unicodedata.category(c)[:2] not in {"So", "Sk", "Cf", "Mn", "Cs"}]
    return _RE_COMMA.sub(lambda found: found.group(1).replace(".", "") + "." + found.group(2), "".join(keep))


def _split(word: str) -> tuple[str, str]:
    """Core and end marks of a caption word: '("Sun.")' gives ``("Sun", ".")``."""
    core = word.lstrip(_OPENING) if not _RE_OPENS.match(word) else word
    closing = len(core)
    while closing and core[closing - 1] in _CLOSING + _PAUSES:
        if core[closing - 1] in "\"'" and re.search(r"\d[\"']$", core[:closing]) and '"' not in word[:1]:
            break
        closing -= 1
    tail = core[closing:]
    return core[:closing], "".join(c for c in tail if c in _PAUSES)


def _around(captions: Sequence[str], split: Sequence[tuple[str, str]], cores: Sequence[str], at: int) -> Context:
    """What stands around the caption word at ``at``."""
    before, earlier = (split[at - n][0] if at >= n else "" for n in (1, 2))
    is_long = RE_PREFIX.match(before) is not None or (not before.isdigit() and earlier.isdigit() and is_count(before))
    reach = 3 if is_long else 2
    return Context(
        before=before,
        after=split[at + 1][0] if at + 1 < len(split) else "",
        first=at == 0 or bool(set(split[at - 1][1]) & set(".!?")),
        tail=split[at][1],
        one_thing=any(split[j][0].lower() in {"a", "an"} for j in range(max(0, at - reach), at)),
        earlier=earlier,
        joined=at > 0 and not split[at - 1][1],
        dialled=is_dialled(captions, at),
        karat=is_karat(cores, at),
    )


def _with_pause(word: SpokenWord, pause: str) -> SpokenWord:
    return SpokenWord(word.text, word.caption, pause, word.spelled)


def _pause(caption: str, tail: str, core: str, around: Context) -> str:
    """The mark the voice gets after this caption word."""
    if not core or core == "-":
        return "—" if any(c in caption for c in "-–—") else (tail[:1] if tail[:1] in ",.!?;:…" else "")
    if tail == "." and around.after and is_abbreviation(core, around):
        return ""
    if tail == "." and core.lower() in {"a.m", "p.m"} and (around.after[:1].islower() or around.after in TIME_ZONES):
        return ""
    for mark in "?!.…;:,":
        if mark in tail:
            return mark
    if any(c in tail for c in "—–"):
        return "—"
    return "," if any(c in caption for c in ")]}") else ""
