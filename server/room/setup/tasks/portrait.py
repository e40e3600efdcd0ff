"""Draws the host as the form has her, with the real body: a quick sketch while sliders move, then a finer one."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
from pydantic import ValidationError

from engine.avatar import Body as AnyBody
from engine.avatar import BodyError, open_body
from engine.avatar.body import MOST_DETAIL, Body
from engine.avatar.body_file import BodyData
from engine.avatar.human import Looks
from engine.avatar.human.build import Workshop, build, dyes
from engine.avatar.human.source import HumanData
from engine.avatar.human.spec import srgb
from engine.settings.channel import Canvas
from engine.stage import StageError
from engine.stage.portrait import smiling
from server.room.setup.tasks import Plain, TaskError

CANVAS = Canvas(width=450, height=800)
QUALITY = 88

LOOKING = "only looked at in the set-up, not shown to anybody"
"""The right to see a body whose licence does not allow selling with it."""


class Studio:
    """Remembers the body that was built last: a change of colours alone is drawn with it again."""

    def __init__(self) -> None:
        self._workshop: Workshop | None = None
        self._shape: Any = None
        self._body: BodyData | None = None
        self._is_fine = False

    def draw(self, given: Plain) -> Plain:
        """``looks`` as a host file has them, a logo's path whole; ``brand``, ``backdrop``, ``folder``; ``fine`` or not.

        ``folder`` is that of the backdrop.

        Gives ``picture``, a JPEG in base64, and ``fine``: whether it is as good as it gets.
        """
        try:
            looks = Looks.model_validate(given["looks"])
        except ValidationError as error:
            raise TaskError("looks_wrong") from error
        try:
            body = self._built(looks, fine=bool(given.get("fine")))
            picture = _picture(body, given)
        except (BodyError, StageError) as error:
            raise TaskError("portrait_failed", str(error)) from error
        return {"picture": picture, "fine": self._is_fine}

    def _built(self, looks: Looks, *, fine: bool) -> BodyData:
        shape = _shape_of(looks)
        if self._body is None or shape != self._shape or (fine and not self._is_fine):
            if self._workshop is None:
                self._workshop = Workshop(HumanData())
            borrow = not fine and self._body is not None
            self._body = build(looks, self._workshop, lambda share, text: None, draft=True, borrow=borrow)
            self._shape, self._is_fine = shape, not borrow
        colours, branded = dyes(looks)
        return replace(self._body, colours=colours, branded=branded)


def draw_body(given: Plain) -> Plain:
    """The portrait of a finished ``body`` file, for hosts that no form can change."""
    canvas = _canvas(given)
    try:
        body = open_body(Path(given["body"]), canvas, LOOKING)
    except BodyError as error:
        raise TaskError("portrait_failed", str(error)) from error
    return {"picture": _drawn(body, canvas, given), "fine": True}


def _picture(data: BodyData, given: Plain) -> str:
    canvas = _canvas(given)
    brand = srgb(canvas.brand_colour)
    return _drawn(Body(replace(data, colours=data.colours | dict.fromkeys(data.branded, brand)), canvas), canvas, given)


def _drawn(body: AnyBody, canvas: Canvas, given: Plain) -> str:
    body.detail = MOST_DETAIL
    try:
        picture = smiling(body, canvas, Path(given.get("folder", "")))
    except StageError as error:
        raise TaskError("portrait_failed", str(error)) from error
    finally:
        body.close()
    encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1]
    return base64.b64encode(encoded.tobytes()).decode()


def _canvas(given: Plain) -> Canvas:
    return CANVAS.model_copy(update={"brand_colour": given["brand"], "backdrop": given["backdrop"]})


def _shape_of(looks: Looks) -> Any:
    """All that a body must be built again for: everything but the dyes. The beard's is also painted, as stubble."""
    return looks.model_dump(
        exclude={
            "name": True,
            "eyes": True,
            "hair": {"root", "tip"},
            "glasses": {"colour"},
            "earrings": {"colour"},
            "outfit": {"colour", "second"},
        }
    )
