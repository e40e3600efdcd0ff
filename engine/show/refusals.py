"""What a viewer is told whose message was not let through, in the two languages of the host."""

from __future__ import annotations

from dataclasses import dataclass

from engine.script.intents import language_of

_REASONS: dict[str, dict[str, str]] = {
    "en": {
        "closed": "The chat is closed at the moment.",
        "rate": "That was a lot at once. Please wait a minute before you write again.",
        "busy": "The chat is very full right now. Please ask again in a minute.",
        "length": "Please keep it under {length} letters.",
        "link": "Links cannot be posted here. Please ask without the link.",
        "empty": "There was nothing to read in that message. Please write a few words.",
        "unkind": "Let's keep it friendly. Please ask in other words.",
        "dismissed": "The host goes on with the show. Please ask about anything on the table.",
        "steering": "The host takes questions, not orders. Ask about anything on the table.",
    },
    "zh": {
        "closed": "评论区暂时关闭了。",
        "rate": "发得太快了，请等一分钟再发。",
        "busy": "现在提问的人很多，请过一分钟再问。",
        "length": "请把内容控制在{length}个字以内。",
        "link": "这里不能发链接，请去掉链接再问。",
        "empty": "这条消息里没有文字，请写几个字。",
        "unkind": "请友好一点，换个说法再问。",
        "dismissed": "主播先继续介绍啦，桌上的东西都可以问。",
        "steering": "主播只回答问题，不接指令，桌上的东西都可以问。",
    },
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that was not let through. ``reason`` may be shown to its writer; ``code`` is for counts."""

    message_id: str
    code: str
    reason: str


def refusal(message_id: str, code: str, text: str, most_letters: int) -> Refusal:
    """The refusal of ``text`` for ``code``, told in the language that it was written in."""
    return Refusal(message_id, code, _REASONS[language_of(text)][code].format(length=most_letters))
