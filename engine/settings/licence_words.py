"""Whether a licence in somebody's own words forbids selling: in English, Chinese and Japanese.

What such a text leaves out, nobody can read out of it; here is what is commonly written. Whoever is stopped by it and
holds the right all the same can say so, and whoever is let through must still know the licence.
"""

from __future__ import annotations

import re
import unicodedata

_USE = r"(?:\s+(?:use|usage|uses|purposes?|exploitation|rights?))?"

_BUSINESS = r"(?:commercial|moneti[sz]\w*\b)"

_PROFIT = r"(?:商[用业業]|[营營盈牟谋謀获獲]利|[赚賺][钱錢]|(?<!改)[变變][现現])"
"""Business and profit, as Chinese licences write them."""

_ENGLISH = (
    # Creative Commons' short names: CC_BY_NC, CC-BY-NC-SA-4.0, CC BY NC, by/nc.
    r"(?<![a-z])(?:cc|by|sa|nd)[-_/]nc(?![a-z])",
    r"(?<![a-z])cc[-_ ](?:by[-_ ])?(?:sa[-_ ])?nc(?![a-z])",
    r"non[-_\s\u2010-\u2015]?commercial",
    r"\b(?:no|not|never)\s+(?:(?:to\s+be(?:\s+used)?|for\s+use|intended|allowed|licen[cs]ed|available|permitted|free)\s+)?"
    rf"(?:(?:for|in)\s+)?(?:any\s+)?(?:(?:re)?sale\s+(?:or|and|nor)\s+)?{_BUSINESS}(?!\s+(?:limit|restriction))",
    r"\b(?:can|may|must|shall|do|does|should|will)\s?(?:not|n?['\u2019]t)\s+(?!(?:need|have|require)\b)"
    rf"(?:\w+\s+){{0,5}}?{_BUSINESS}",
    rf"\b{_BUSINESS}(?:ly)?{_USE}\s*(?:is|are|[:=\u2013-])?\s*(?:strictly\s+|expressly\s+)?"
    r"(?:not\s+(?:allowed|permitted|granted|included)|no\b(?!\s+(?:limit|restriction|problem|issue))|never|prohibited"
    r"|forbidden|disallow(?:ed)?|excluded|denied)",
    rf"\b(?:prohibit|forbid|disallow|exclud)(?:s|es|ed|ing)?\s+(?:any\s+|all\s+)?{_BUSINESS}",
    rf"\bcommercial{_USE}\s+(?:requires?|needs?)\s+(?:\w+\s+){{0,3}}?"
    r"(?:licen[cs]e|permission|agreement|contract|consent)",
    r"\b(?:contact|ask|write)\b[^.;]{0,30}\bfor\s+(?:a\s+)?commercial",
    r"\b(?:non|not)[-\s]?(?:for[-\s])?profit\b",
    r"\b(?:personal|private|research|academics?|education(?:al)?|evaluation|editorial|demo|demonstration)"
    r"(?:\s+(?:use|uses|usage|purposes?|stream(?:s|ing)?))?\s+only\b",
    r"\bonly\s+(?:for\s+)?(?:personal|private|research|academic|educational|evaluation|editorial)\b(?!\s+(?:and|or)\s)",
    r"\bacademic\s+(?:use|licen[cs]e)\b",
    r"\beditorial\b(?=\s*(?:$|[,.;:)(]|licen[cs]e|uses?\b|purposes?))",
)
_LESS_SURE = (
    r"\b(?:personal|private|hobby)[-\s]use\b",
    r"\bfor\s+(?:\w+\s+(?:and|or)\s+)?(?:personal|private|research|academic|educational|evaluation)\s+"
    r"(?:and\s+\w+\s+|or\s+\w+\s+)?(?:use|purposes?)\b",
    r"\b(?:research|academic|educational|evaluation)\s+purposes?\b",
)
"""What is also written beside a leave to sell: “for personal and commercial use”."""

_ALLOWED = (
    rf"\bcommercial(?:ly)?{_USE}\s*(?:is|are|[:=\u2013-])?\s*(?:ok\b|okay|yes|allowed|permitted|free|fine|welcome)",
    r"\b(?:personal|private|hobby|research|academic|educational)\s*(?:use\s*)?(?:,|/|&|\+|and|or)\s*commercial",
    r"\bcommercial\s*(?:use\s*)?(?:,|/|&|\+|and|or)\s*(?:for\s+)?(?:personal|private|hobby|research|academic|educational)",
    r"\b(?:allow|permit)(?:s|ed)?\s+commercial",
)
_GAP = r"[^\s.,;\u3002\u3001\u30fb/\u53ef]"
"""What may stand between two words of one clause: no sign, no space, and no 可 ("may")."""

_CHINESE = (
    rf"(?:[非不]以|非){_PROFIT}",
    rf"(?:不可|不得|不能|不[许許]|不允[许許]|不准|禁止|[严嚴]禁|[请請]?勿|[谢謝][绝絕]|拒[绝絕]){_GAP}{{0,12}}{_PROFIT}",
    rf"{_PROFIT}{_GAP}{{0,6}}(?:不可|不得|不能|不[许許]|不允[许許]|禁止|(?<![不无無])(?:需|[须須])|[请請][联聯])",
    rf"(?:(?<!不)[仅僅只](?:供|限|用于|用於|能用于|能用於|可用于|可用於|作)|(?<![不无無仅僅只])限){_GAP}{{0,6}}"
    r"(?:[个個]人|私人|学习|學習|研究|教育|[学學]术|學術|交流|[参參]考|非商)",
)
_JAPANESE = (
    rf"(?:商[用業]|営利)(?!(?:利用|使用|目的|で|の|も|は)*(?:ok|可|○|◯)){_GAP}{{0,12}}"
    r"(?:不可|禁止|禁じ|できません|出来ません|認め(?:ません|ない)|許可(?:しません|しない|していません|が必要)|遠慮|お断り"
    r"|要相談|要許可|別途|ng(?![a-z])|×)",
    r"非営利",
    rf"(?:個人|私的|研究|学術|教育|同人){_GAP}{{0,10}}(?:のみ|限り|限る|限定|だけ)",
    r"私的(?:利用|使用)の範囲",
)


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_FORBIDS, _DOUBTS = _any_of(*_ENGLISH, *_CHINESE, *_JAPANESE), _any_of(*_LESS_SURE)
_ALLOWS = _any_of(*_ALLOWED)


def forbids_selling(text: str) -> bool:
    """Whether a licence's name or text says that what it covers may not be used for business."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return bool(_FORBIDS.search(plain) or (_DOUBTS.search(plain) and not _ALLOWS.search(plain)))
