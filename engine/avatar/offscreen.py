"""An OpenGL context without a window, by EGL.

Mesa's software driver draws with ``LP_NUM_THREADS`` threads of its own; the process sets that environment variable
before the first context (0: in the caller's thread, which is the best neighbour for an encoder).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import moderngl

from engine.avatar.archive import DAMAGE
from engine.avatar.errors import BodyError

UNDRAWN: tuple[type[Exception], ...] = (*DAMAGE, moderngl.Error)
"""What drawing a body may raise whose file was read, and whose numbers still make no picture."""

_EGL: dict[str, Any] = {"backend": "egl"}

PACKAGES = "libegl1 libgl1 libgl1-mesa-dri"


def open_context() -> moderngl.Context:
    """A new context, current in this thread. Raises BodyError, naming the Debian packages, without EGL."""
    try:
        return moderngl.create_context(require=330, standalone=True, **_EGL)
    except Exception as error:  # glcontext raises bare Exception when libEGL is missing or refuses
        raise BodyError(
            f"no OpenGL 3.3 by EGL on this machine ({error}); on Debian or Ubuntu: apt-get install {PACKAGES}"
        ) from error


@contextmanager
def offscreen_context() -> Iterator[moderngl.Context]:
    """A context for the length of a block; it and all made in it are released at the end."""
    context = open_context()
    context.gc_mode = "context_gc"
    try:
        yield context
    finally:
        context.gc()
        context.release()
