"""Which clauses of an English line speak of the product, and which of these add what the facts do not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from engine.script.guard.evidence import Evidence
from engine.script.lexicons import listed
from engine.script.quantities import quantities
from engine.script.verdict import Finding
from engine.script.vocabulary import same_claims, stem, stems_of

_CLAUSES = re.compile(
    r"[,;:.!?]\s*|\s(?=(?:because|since|so|as|while|when|whenever|if|unless|until|before|after|where|although)\b)|"
    r"\s(?=(?:and|but|or|that|which)\b)"
)
_JOINING = re.compile(
    r"^(?:(?:and|but|or|so|because|since|as|that|plus|also|then|yet|now|well|oh|yes|indeed|even|still|only|just|"
    r"by the way|on top of that|in fact|besides)\s+)+",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:the |this |these |that |those |each |every |both |all |our |my |a |an |one )?(?P<first>[A-Za-z][\w'-]*)",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"(?:and|or) (?:it |they |also |even )?(?!(?:you|i|we|if|when|what|how|that's|yes|so|then|here)\b)[a-z]|with "
)


@cache
def _stems(key: str) -> frozenset[str]:
    return frozenset(stem(word) for word in listed("grammar", key))


def added(text: str, evidence: Evidence) -> Iterator[Finding]:
    """What is joined to a clause about the product with "and" or "with", and shares no word with its facts."""
    if not evidence.tells_facts or text.rstrip().endswith("?"):
        return
    said_of_it = of_the_product(text, evidence)
    for clause in re.split(r" , |(?=\swith\s)", said_of_it):
        found = _JOINED.match(clause.strip())
        if found is None:
            continue
        stems = stems_of(clause.lower())
        if (
            not stems <= _stems("joining") | _stems("talk")
            and not (stems - _stems("joining")) & evidence.stems
            and not quantities(clause)
        ):
            yield Finding("claim", "adds what its facts do not", clause.strip(), evidence.first)


def of_the_product(text: str, evidence: Evidence) -> str:
    """The clauses of ``text`` that speak of the product: those about it, and those that go on without a subject.

    A clause about the viewer, the host, or a scene ("if your apple tree has grown wild") may use any word.
    """
    of_it, of_others = listed("grammar", "of_the_product"), listed("grammar", "of_others")
    kept: list[str] = []
    about_it = False
    for clause in _CLAUSES.split(text):
        rest = _JOINING.sub("", clause.strip())
        joined = clause.strip() != rest
        subject = _SUBJECT.match(rest)
        if subject is None:
            continue
        first = subject["first"].lower()
        opening = rest.split(" ", 1)[0].lower()
        if first in of_it or opening in of_it:
            about_it = True
        elif opening in of_others or first in of_others:
            about_it = False
        elif is_proved(first, evidence) or (rest != subject["first"] and opening in {"the", "a", "an"}):
            about_it = True
        elif opening == "with":
            about_it = about_it or not kept
        elif not joined and not kept:
            about_it = False
        if about_it:
            kept.append(clause)
    return " , ".join(kept)


def is_proved(word: str, evidence: Evidence) -> bool:
    """Whether the facts hold the word, a form of it, another spelling, or, if it has a hyphen, all of its parts."""
    if stem(word) in evidence.stems:
        return True
    if any(stem(other) in evidence.stems for other in same_claims().get(word, ())):
        return True
    parts = [part for part in word.split("-") if part]
    return len(parts) > 1 and all(stem(part) in evidence.stems or part in _GLUE for part in parts)


_GLUE = frozenset(["in", "of", "to", "and", "up", "on", "by"])
