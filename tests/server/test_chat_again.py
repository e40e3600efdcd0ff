"""A question is not lost because the studio was away when it came."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.runtime.messages import ChatReply
from engine.settings import load_channel
from server.chat import ASK_AGAIN_S, ASK_TIMES, Chat

CHANNEL = load_channel(Path(__file__).parents[2] / "avatars" / "mia.yaml")


def test_a_message_without_a_reply_is_sent_again_until_it_has_one() -> None:
    now = [100.0]
    chat = Chat(CHANNEL, lambda: now[0])
    client = chat.enter("127.0.0.1")
    assert client is not None
    message = chat.typed(client, msgspec.json.encode({"text": "How much is it?"}).decode())
    assert message is not None
    assert chat.unanswered() == []
    now[0] += ASK_AGAIN_S
    assert chat.unanswered() == [message]
    assert chat.unanswered() == []
    reply = ChatReply(message.message_id, message.viewer, message.text, "$19.99", "p1")
    chat.replied(reply)
    chat.replied(reply)
    assert len(chat.history) == 1
    now[0] += 10 * ASK_AGAIN_S
    assert chat.unanswered() == []


def test_it_is_not_sent_for_ever() -> None:
    now = [0.0]
    chat = Chat(CHANNEL, lambda: now[0])
    client = chat.enter("127.0.0.1")
    assert client is not None
    chat.typed(client, msgspec.json.encode({"text": "Hello?"}).decode())
    sent = 0
    for _ in range(10 * ASK_TIMES):
        now[0] += ASK_AGAIN_S
        sent += len(chat.unanswered())
    assert sent == ASK_TIMES - 1
