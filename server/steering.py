"""Wishes of operators on their way to the studio, and what becomes of them on the way back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from engine.runtime.steering import Answer, Edit, Questions, Say, SetManner, Steer, Steered, Wish
from server.errors import BadWishError, BusyError, NoAnswerError

ANSWER_S = 5.0
"""The studio answers within this time, or it is not there."""

SPOKEN_ANSWER_S = 20.0
"""So long for wishes whose words are spoken before they are granted: a long sentence of Mandarin takes over six seconds
to make on a small machine. The pages wait a little longer (``wishes.js``).
"""

SPOKEN = (Say, Edit, Answer, SetManner)

MOST_OPEN = 64
"""Wishes that may be under way at once."""

_components = msgspec.json.schema_components([Wish], ref_template="#/components/schemas/{name}")
WISH_SCHEMA: dict[str, Any] = _components[0][0]
WISH_SCHEMAS: dict[str, Any] = _components[1]
"""JSON Schema of a wish, and of each kind of it, for OpenAPI."""


def read_wish(body: bytes) -> Wish:
    """A wish from JSON, such as ``{"type": "pin", "product_id": "lamp"}``.

    Raises:
        BadWishError: it is none; the text names the key.
    """
    try:
        wish: Wish = msgspec.json.decode(body, type=Wish)
    except msgspec.DecodeError as error:
        raise BadWishError(str(error)) from error
    return wish


class Steering:
    """One channel's wishes. ``publish`` puts a message on the channel's bus."""

    def __init__(self, publish: Callable[[Steer], Awaitable[None]]) -> None:
        self._publish = publish
        self._open: dict[str, asyncio.Future[Steered]] = {}
        self.questions: Questions = Questions(())

    async def wish(self, user: str, wish: Wish) -> Steered:
        """Tell the studio, and wait for what becomes of it.

        Raises:
            BusyError: too many wishes are under way.
            NoAnswerError: the studio does not answer; whether it was done is not known.
        """
        if len(self._open) >= MOST_OPEN:
            raise BusyError("too many wishes are under way; try again in a moment", retry_after_s=1)
        request_id = secrets.token_hex(8)
        answer = self._open[request_id] = asyncio.get_running_loop().create_future()
        try:
            await self._publish(Steer(request_id, user, wish))
            async with asyncio.timeout(SPOKEN_ANSWER_S if isinstance(wish, SPOKEN) else ANSWER_S):
                became: Steered = await answer
        except TimeoutError:
            raise NoAnswerError("the studio does not answer; look at the timeline before you try again") from None
        finally:
            del self._open[request_id]
        return became

    def hear(self, message: Steered | Questions) -> None:
        """Take in what the studio says."""
        if isinstance(message, Questions):
            self.questions = message
            return
        answer = self._open.get(message.request_id)
        if answer is not None and not answer.done():
            answer.set_result(message)
