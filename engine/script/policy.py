"""Policy packs: what the host may not say, as data files, each rule with its id, its source and its lawful contexts.

A pack is a YAML file in ``engine/script/policies``; ``base`` holds everywhere, the others where a
channel asks for them.
Rules see the text without disguise (``disguise.plain``), so a term is written once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from engine.script import disguise
from engine.script.verdict import Finding

_FOLDER = Path(__file__).with_name("policies")

BASE = "base"
"""The pack that holds for every channel."""

DEFAULT_PACKS: dict[str, tuple[str, ...]] = {"en": ("us", "eu"), "zh": ("cn",)}
"""Packs of a channel that names none, by the language of its catalogue."""

SYNTHETIC_VOICE = True
"""Every voice backend makes its sound; a person's own voice is not among them."""


class PolicyError(Exception):
    """There is no such policy pack or platform."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack. ``unless`` is "facts", "names" or ""."""

    id: str
    message: str
    unless: str
    patterns: re.Pattern[str] | None
    lawful: re.Pattern[str] | None
    chinese: re.Pattern[str] | None
    lawful_chinese: re.Pattern[str] | None
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Platform:
    """What a platform asks for. ``refusal`` is why a channel may not start there ("" if it may)."""

    id: str
    title: str
    packs: tuple[str, ...] = ()
    refusal: str = ""
    notice_every_minutes: int | None = None


@dataclass(slots=True)
class _Sounds:
    """Terms by their sound: one private character a syllable, so that a regular expression finds them."""

    letters: dict[str, str] = field(default_factory=dict)
    owners: dict[str, list[tuple[Rule, str]]] = field(default_factory=dict)
    pattern: re.Pattern[str] = re.compile(r"(?!)")

    def add(self, rule: Rule, term: str) -> None:
        key = "".join(self.letters.setdefault(s, chr(0xE000 + len(self.letters))) for s in disguise.sounds_of(term))
        self.owners.setdefault(key, []).append((rule, term))

    def close(self) -> None:
        if self.owners:
            self.pattern = re.compile(f"(?=({_trie(sorted(self.owners, key=len, reverse=True))}))")


class Policies:
    """The rules of several packs, applied to text."""

    def __init__(self, packs: Iterable[str]) -> None:
        names = tuple(dict.fromkeys((BASE, *packs)))
        loaded = [_pack(name) for name in names]
        self.packs = names
        self.rules: tuple[Rule, ...] = tuple(rule for rules, _ in loaded for rule in rules)
        self._innocent = frozenset(word for _, innocent in loaded for word in innocent)
        self._sounds = _Sounds()
        self._owner: dict[str, Rule] = {}
        for rule in self.rules:
            for term in rule.terms:
                self._owner.setdefault(term, rule)
                if len(term) > 1:
                    self._sounds.add(rule, term)
        self._sounds.close()
        self._terms = re.compile(f"(?=({_trie(self._owner)}))") if self._owner else None

    def findings(self, text: str, proof: str = "", names: str = "") -> list[Finding]:
        """What ``text`` breaks. ``proof`` is what the cited facts say, ``names`` the names that may be spoken."""
        seen = disguise.plain(text)
        found = list(self._by_pattern(text, seen, proof, names))
        if disguise.has_chinese(seen.text):
            found += self._by_term(text, seen, proof, names)
        return list({(finding.rule, finding.words): finding for finding in found}.values())

    def _by_pattern(self, text: str, seen: disguise.Plain, proof: str, names: str) -> Iterator[Finding]:
        variants = {seen.text, disguise.without_leet(seen.text)}
        chinese = disguise.has_chinese(seen.text)
        for rule in self.rules:
            for variant in variants:
                yield from self._matches(rule, rule.patterns, rule.lawful, (text, seen, variant), proof, names)
            if chinese:
                about = (text, seen, seen.text)
                yield from self._matches(rule, rule.chinese, rule.lawful_chinese, about, proof, names)

    @staticmethod
    def _matches(
        rule: Rule,
        pattern: re.Pattern[str] | None,
        lawful: re.Pattern[str] | None,
        about: tuple[str, disguise.Plain, str],
        proof: str,
        names: str,
    ) -> Iterator[Finding]:
        """What ``pattern`` finds; ``about`` is the text as written, without disguise, and the variant searched."""
        if pattern is None:
            return
        text, seen, variant = about
        for match in pattern.finditer(variant):
            start, end = match.span()
            if start == end or _excused(rule, match[0], proof, names) or _lawful(lawful, variant, start, end):
                continue
            yield Finding(rule.id, rule.message, seen.written(text, start, end))

    def _by_term(self, text: str, seen: disguise.Plain, proof: str, names: str) -> Iterator[Finding]:
        if self._terms is not None:
            for match in self._terms.finditer(seen.text):
                rule = self._owner[match[1]]
                start, end = match.span(1)
                if _excused(rule, match[1], proof, names) or _lawful(rule.lawful_chinese, seen.text, start, end):
                    continue
                yield Finding(rule.id, rule.message, seen.written(text, start, end))
        yield from self._by_sound(text, seen, proof, names)

    def _by_sound(self, text: str, seen: disguise.Plain, proof: str, names: str) -> Iterator[Finding]:
        """Terms that are heard, though other characters are written."""
        heard = disguise.syllables(seen.text)
        letters = "".join(self._sounds.letters.get(syllable.sound, " ") for syllable in heard)
        edges: frozenset[int] | None = None
        for match in self._sounds.pattern.finditer(letters):
            first, last = heard[match.start(1)], heard[match.end(1) - 1]
            written = seen.text[first.start : last.end]
            for rule, term in self._sounds.owners[match[1]]:
                if written == term:
                    continue
                spoken = heard[match.start(1) : match.end(1)]
                if not _sounds_meant(spoken, written, term) or written in self._innocent:
                    continue
                if edges is None:
                    edges = _word_edges(seen.text)
                if not _stands_alone(written, first.start, last.end, edges):
                    continue
                as_meant = seen.text[: first.start] + term + seen.text[last.end :]
                if _lawful(rule.lawful_chinese, as_meant, first.start, first.start + len(term)):
                    continue
                if not _excused(rule, written, proof, names):
                    yield Finding(rule.id, rule.message, seen.written(text, first.start, last.end))
                    break


def _sounds_meant(spoken: list[disguise.Syllable], written: str, term: str) -> bool:
    """Whether what is heard is the term in disguise: some of it is in pinyin, keeps a character, or has its tones."""
    if any(not syllable.toned for syllable in spoken):
        return written.replace(" ", "") != term
    shared = sum(a == b for a, b in zip(written, term, strict=False))
    if shared * 2 >= len(term):
        return True
    return [s.toned for s in spoken] == [s.toned for s in disguise.syllables(term)]


def _word_edges(text: str) -> frozenset[int]:
    edges, place = {0}, 0
    for word in disguise.words(text):
        place += len(word)
        edges.add(place)
    return frozenset(edges)


def _stands_alone(written: str, start: int, end: int, edges: frozenset[int]) -> bool:
    """Whether a find begins and ends with a word and is not itself a word of the dictionary."""
    if not disguise.has_chinese(written) or re.search(r"[a-z]", written):
        return True
    return start in edges and end in edges and any(start < edge < end for edge in edges)


def _excused(rule: Rule, words: str, proof: str, names: str) -> bool:
    if rule.unless == "facts":
        return words in proof or words in names
    return rule.unless == "names" and words in names


def _lawful(lawful: re.Pattern[str] | None, text: str, start: int, end: int) -> bool:
    return lawful is not None and any(m.start() <= start and end <= m.end() for m in lawful.finditer(text))


def words_of(text: str) -> frozenset[str]:
    """The words of ``text``, which is written as a paragraph so that it can be read."""
    return frozenset(text.split())


def known_packs() -> tuple[str, ...]:
    """Packs that a channel may name."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.yaml") if file.stem not in {BASE, "platforms"}))


@cache
def platforms() -> dict[str, Platform]:
    """The platforms that are known, by id."""
    data = _read("platforms")["platforms"]
    found = {}
    for name, entry in data.items():
        refused = SYNTHETIC_VOICE and entry.get("synthetic_voice") == "refuse"
        found[name] = Platform(
            name,
            entry["title"],
            tuple(entry.get("packs", ())),
            entry["reason"] if refused else "",
            entry.get("notice_every_minutes"),
        )
    return found


def packs_for(language: str, packs: Iterable[str] | None, platform: str = "") -> tuple[str, ...]:
    """The packs of a channel: those that it names, or its language's, and its platform's.

    Raises:
        PolicyError: the platform is unknown.
    """
    chosen = tuple(packs) if packs is not None else DEFAULT_PACKS.get(language, ())
    if not platform:
        return chosen
    if platform not in platforms():
        raise PolicyError(f"there is no platform “{platform}”")
    return tuple(dict.fromkeys((*chosen, *platforms()[platform].packs)))


@cache
def load_policies(packs: tuple[str, ...]) -> Policies:
    """The rules of ``packs`` and the base pack, read once.

    Raises:
        PolicyError: there is no such pack.
    """
    return Policies(packs)


def _read(name: str) -> dict[str, Any]:
    path = _FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise PolicyError(f"there is no policy pack “{name}”; there are: {', '.join(known_packs())}")
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return data


@cache
def _pack(name: str) -> tuple[tuple[Rule, ...], frozenset[str]]:
    data = _read(name)
    innocent: set[str] = set()
    rules = []
    for entry in data["rules"]:
        innocent.update(entry.get("innocent", ()))
        terms = [found for written in entry.get("terms", "").lower().split() for found in expanded(written)]
        rules.append(
            Rule(
                f"{name}.{entry['id']}",
                entry["message"],
                entry.get("unless", ""),
                _joined(entry.get("patterns")),
                _joined(entry.get("lawful")),
                _joined(entry.get("chinese")),
                _joined(entry.get("lawful_chinese")),
                tuple(dict.fromkeys(terms)),
            )
        )
    return tuple(rules), frozenset(innocent)


def _joined(patterns: list[str] | None) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


def expanded(text: str) -> list[str]:
    """``最(好|佳)`` as ``["最好", "最佳"]``; several parentheses multiply."""
    match = re.search(r"\(([^()]*)\)", text)
    if match is None:
        return [text]
    before, after = text[: match.start()], text[match.end() :]
    return [whole for part in match[1].split("|") for whole in expanded(before + part + after)]


def _trie(words: Iterable[str]) -> str:
    """A regular expression for any of ``words``, the longest first, that shares their beginnings."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}

    def write(node: dict[str, Any]) -> str:
        branches = [re.escape(character) + write(rest) for character, rest in node.items() if character]
        if not branches:
            return ""
        inner = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
        return f"(?:{inner})?" if "" in node else inner

    return write(tree)
