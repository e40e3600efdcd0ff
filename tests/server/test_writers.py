"""A viewer whose socket broke keeps what is its own, and nobody else gets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.runtime.messages import ChatMessage, ChatReply
from server import writers as writers_module
from server.chat import Chat, ChatClient
from server.writers import KEPT_S, OWN, Payload, Writers
from tests.server.conftest import make_channel


@pytest.fixture
def now() -> list[float]:
    return [1000.0]


@pytest.fixture
def chat(tmp_path: Path, now: list[float]) -> Chat:
    return Chat(make_channel(tmp_path, 8080), lambda: now[0])


def entered(chat: Chat, address: str = "10.0.0.7") -> ChatClient:
    client = chat.enter(address)
    assert client is not None
    return client


def asked(chat: Chat, client: ChatClient, text: str) -> ChatMessage:
    message = chat.typed(client, json.dumps({"text": text, "name": "Ann"}))
    assert message is not None
    return message


def answer(chat: Chat, message: ChatMessage, text: str = "I'll ask the shop.", private: bool = True) -> None:
    chat.replied(ChatReply(message.message_id, message.viewer, message.text, text, private=private))


def back(chat: Chat, token: str, address: str = "172.16.0.9") -> tuple[ChatClient, list[Payload]]:
    """The page on another socket, and what it is told there."""
    client = entered(chat, address)
    assert chat.typed(client, json.dumps({"again": token})) is None
    return client, heard(client)


def heard(client: ChatClient) -> list[Payload]:
    return [client.outbox.get_nowait() for _ in range(client.outbox.qsize())]


def test_a_question_that_waits_is_the_pages_own_again_and_its_reply_arrives(chat: Chat) -> None:
    before = entered(chat)
    message = asked(chat, before, "does it fit a bike cage")
    (echo,) = heard(before)
    token = before.writer.token
    chat.leave(before)
    client, told = back(chat, token)
    assert told == [{"type": "again", "token": token}, echo | {"again": True}]
    answer(chat, message)
    (reply,) = heard(client)
    assert (reply["type"], reply["id"], reply["mine"], reply["text"]) == (
        "reply", message.message_id, True, "I'll ask the shop.",
    )  # fmt: skip
    assert chat.history == []


def test_a_private_reply_that_was_made_while_the_page_was_away_is_told_once_it_is_back(
    chat: Chat, now: list[float]
) -> None:
    before = entered(chat)
    message = asked(chat, before, "does it fit a bike cage")
    chat.leave(before)
    answer(chat, message)
    now[0] += KEPT_S - 1
    client, told = back(chat, before.writer.token)
    assert [(each["type"], each.get("id")) for each in told] == [
        ("again", None), ("message", message.message_id), ("reply", message.message_id),
    ]  # fmt: skip
    assert client.writer.guest == before.writer.guest


def test_a_reply_into_a_socket_that_only_seems_to_stand_is_told_again(chat: Chat) -> None:
    dead = entered(chat)
    message = asked(chat, dead, "does it fit a bike cage")
    answer(chat, message)
    _, told = back(chat, dead.writer.token)
    assert [each["type"] for each in told] == ["again", "message", "reply"]
    second = asked(chat, dead, "and the lid?")
    heard(dead)
    chat.leave(dead)
    answer(chat, second)
    assert heard(dead) == []
    assert [each["type"] for each in back(chat, dead.writer.token)[1]] == ["again", *["message", "reply"] * 2]


def test_nothing_is_kept_for_long(chat: Chat, now: list[float]) -> None:
    before = entered(chat)
    answer(chat, asked(chat, before, "does it fit a bike cage"))
    waits = asked(chat, before, "is there a gift box")
    now[0] += KEPT_S + 1
    assert [each.get("id") for each in back(chat, before.writer.token)[1]] == [None, waits.message_id]
    for client in list(chat._clients):
        chat.leave(client)
    now[0] += KEPT_S + 1
    client, told = back(chat, before.writer.token)
    assert told == [{"type": "again", "token": client.writer.token}]
    assert client.writer.token != before.writer.token
    assert len(chat._writers) == 1


def test_without_the_token_nobody_gets_anything(chat: Chat) -> None:
    before = entered(chat)
    message = asked(chat, before, "does it fit a bike cage")
    chat.leave(before)
    answer(chat, message)
    other = entered(chat)
    for guessed in ("Ann", before.writer.guest, message.message_id, before.writer.token[:-1]):
        assert [each["type"] for each in back(chat, guessed)[1]] == ["again"]
    assert heard(other) == []
    assert len(before.writer.token) >= 24


def test_a_page_says_once_who_it_was(chat: Chat) -> None:
    before, other = entered(chat), entered(chat)
    asked(chat, other, "is there a gift box")
    client, _ = back(chat, before.writer.token)
    chat.typed(client, json.dumps({"again": other.writer.token}))
    assert [each["type"] for each in heard(client)] == ["refused"]
    writing = entered(chat)
    mine = asked(chat, writing, "how big?")
    chat.typed(writing, json.dumps({"again": other.writer.token}))
    told = [each.get("id") for each in heard(writing)]
    assert told == [mine.message_id, None, mine.message_id], "who has written is not somebody else"


def test_a_page_that_shows_its_own_token_stays_who_it_is(chat: Chat) -> None:
    client = entered(chat)
    chat.typed(client, json.dumps({"again": client.writer.token}))
    message = asked(chat, client, "how big?")
    chat.leave(client)
    assert [each.get("id") for each in back(chat, client.writer.token)[1]] == [None, message.message_id]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_module, "MOST_AWAY", 3)
    writers = Writers(lambda: 0.0)
    gone = [writers.new() for _ in range(5)]
    for number, writer in enumerate(gone):
        for n in range(OWN + 2):
            writer.wrote(f"{number}.{n}", {"id": n})
        writers.leave(writer)
        writers.leave(writer)
    assert [writers.back(writer.token) is writer for writer in gone] == [False, False, True, True, True]
    assert [each["id"] for each in writers.own(gone[4])] == list(range(2, OWN + 2))
    silent = writers.new()
    writers.leave(silent)
    assert writers.back(silent.token) is None
    assert len(writers) == 3
