"""What can be wrong with a channel's picture: the body, the graphics, the backdrop, the manner."""

from __future__ import annotations

import dataclasses
from datetime import date

from engine.avatar import BodyError, UnlicensedError, open_body
from engine.motion import MotionError, manner_of
from engine.settings import Channel, Problem, problem_at
from engine.settings.consent import ending
from engine.stage.backdrop import why_no_backdrop


def body_problems(channel: Channel) -> list[Problem]:
    """A body that cannot be opened, or graphics that are not there."""
    try:
        open_body(channel.body, channel.canvas, channel.body_rights).close()
    except UnlicensedError as error:
        wrong = problem_at(channel.file, "body", f"the body's licence does not allow selling with it: {error.forbids}")
        hint = "if you hold the right, say which: body_rights: “what you were granted, by whom, when”"
        # It is told where the body stands; what is missing is the other key.
        return [dataclasses.replace(wrong, key="body_rights", hint=hint)]
    except BodyError as error:
        return error.problems or [problem_at(channel.file, "body", str(error))]
    return []


def body_notes(channel: Channel, today: date) -> list[str]:
    """What is to be said of a good body on this machine and on this day: its speed, and a consent that soon ends."""
    body = open_body(channel.body, channel.canvas, channel.body_rights)
    body.close()
    soon = ending(body.consent, today) if body.consent is not None else ""
    return [note for note in (body.note, soon) if note]


def manner_problems(channel: Channel) -> list[Problem]:
    """A manner file that is missing or none."""
    try:
        manner_of(channel.moves_like)
    except MotionError as error:
        return [problem_at(channel.file, "moves_like", str(error))]
    return []


def backdrop_problems(channel: Channel) -> list[Problem]:
    """A backdrop that is not known and no picture."""
    wrong = why_no_backdrop(channel.canvas.backdrop, channel.file.parent)
    return [problem_at(channel.file, "canvas.backdrop", *wrong)] if wrong else []
