"""What a small model may say in Chinese; the words stand in ``lexicons/talk_zh.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.flow import LineKind
from engine.script.lexicons import listed
from engine.script.llm.talk import FACT, PRODUCT, Subject, names_of, unwrapped
from engine.settings import Product

MOST_CHARACTERS = 48
"""A longer line is no single breath."""

_WIDE = str.maketrans(",!?:;", "，！？：；")
_MARKS = re.compile(r"[，。！？：；、…～\s]")
_BEFORE_FACT = re.compile(rf"(?:^|[，：]|{PRODUCT}|它|这款|这一款)(?:也|还)?$")
_AFTER_NAME = re.compile(
    rf"$|[也还]?{FACT}|[，。！：]|了[，。！]|来[了啦]|[登上出]场|[吧呢啦]|这一页|这边|这里|的(?:资料|卡片|信息|细节|时间|环节|页面|图片)"
)
"""What may follow a name of which nothing is said."""

_BELONGING = re.compile(r"(?<![上里])(?<!接下来)(?<!下面)的$")
"""What would say something of the name behind it ("大家关心的……")."""

_CONDITION = re.compile(r"(?:如果|要是|假如|万一)[^，：]*$")


class ChineseTalk:
    """See ``Talk``."""

    def cleaned(self, text: str, product: Product) -> str:
        """See ``Talk``."""
        text = unwrapped(text).strip('“”"「」 ')
        if re.search(r"[\u3400-\u9fff]", text):
            text = re.sub(r"(?<![0-9]),|,(?![0-9])|[!?;]|(?<![0-9]):", lambda mark: mark[0].translate(_WIDE), text)
        for name in names_of(product):
            text = re.sub(re.escape(name), name, text, flags=re.IGNORECASE)
        text = re.sub(r"[~～]+(?=[。！？]?$)", "", text)
        return text if not text or text[-1] in "。！？" else f"{text.rstrip('，、：；.')}。"

    def faults(self, text: str, subject: Subject) -> tuple[str, ...]:
        """See ``Talk``."""
        return tuple(dict.fromkeys(_faults(text, subject)))

    def follows(self, frame: str) -> bool:
        """See ``Talk``."""
        said = frame.replace("{text}", "").replace("{the}", "")
        return bool(re.search(r"再|还|另外|补充|接着|继续|往下|也|下一条|然后", said))

    def frame(self, text: str, subject: Subject) -> str:
        """See ``Talk``."""
        return _marked(text, subject).replace(FACT, "{text}").replace(PRODUCT, "{the}")


def _marked(text: str, subject: Subject) -> str:
    if subject.fact:
        text = re.sub(rf"(?<![0-9.]){re.escape(subject.fact)}(?![0-9%])", FACT, text)
    for name in names_of(subject.product):
        text = text.replace(name, PRODUCT)
    return text


def _faults(text: str, subject: Subject) -> Iterator[str]:
    marked = _marked(text, subject)
    if not 4 <= len(text) <= MOST_CHARACTERS or re.search(r"[。！？].*[。！？]$", marked):
        yield "要写成一句短句"
    if subject.kind is LineKind.PITCH and marked.count(FACT) != 1:
        yield f"“{subject.fact}”要原样出现一次"
        return
    if subject.kind is not LineKind.PITCH and marked.count(PRODUCT) != 1:
        yield "商品名要出现一次"
        return
    if marked.count(PRODUCT) > 1:
        yield "商品名只说一次"
    asks = marked.endswith("？")
    known = listed("talk_zh", "words") | (listed("talk_zh", "ask_words") if subject.kind is LineKind.ASK else set())
    for piece in re.split(rf"{PRODUCT}|{FACT}", marked):
        for clause in _MARKS.split(piece):
            odd = "" if clause == "好的" else unknown(clause, known)
            if odd:
                yield f"不要说“{odd}”"
    yield from _said_of_name(marked, subject.kind)
    if subject.kind is LineKind.PITCH:
        before, _, tail = marked.partition(FACT)
        if not _BEFORE_FACT.search(before) or _CONDITION.search(before):
            yield "事实要紧跟在商品名或逗号后面"
        if tail not in {"。", "！", "哦。", "呢。"}:
            yield "句子要以事实结尾"
    elif subject.kind is LineKind.ASK and not asks:
        yield "要写成问句"


def _said_of_name(marked: str, kind: LineKind) -> Iterator[str]:
    """What is said of the product by what stands before its name or behind it."""
    before, named, behind = marked.partition(PRODUCT)
    if not named:
        return
    if _BELONGING.search(before):
        yield "商品名前面不要形容"
    if kind is not LineKind.ASK and not _AFTER_NAME.match(behind):
        yield "不要说商品怎么样，只请它出来"


def unknown(clause: str, known: frozenset[str] | set[str]) -> str:
    """What of ``clause`` cannot be cut into ``known`` words, from the first place where no way goes on; else ""."""
    longest = 8
    reached = {0}
    for start in range(len(clause)):
        if start in reached:
            reached |= {
                end for end in range(start + 1, min(len(clause), start + longest) + 1) if clause[start:end] in known
            }
    return "" if len(clause) in reached else clause[max(reached) :]
