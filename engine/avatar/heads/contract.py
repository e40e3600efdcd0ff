"""What every neural face generator can do: sound and a reference picture in, the face with its mouth region out."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.avatar.errors import BodyError
from engine.flow import Floats

Image = NDArray[np.uint8]


class HeadError(BodyError):
    """A head that cannot be used; the text says what would be right."""


class FaceGenerator(Protocol):
    """One network. Not thread-safe."""

    size: int
    """Pixels of a side of the pictures that go in and come out."""

    def features(self, pcm_48k: Floats, sample: int) -> Floats:
        """What the network hears for the picture that begins at ``sample`` of a line's sound; a pure function."""
        ...

    def generate(self, features: Floats, face: Image, reference: Image) -> Image:
        """``face`` (size, size, 3; BGR) as it looks while ``features`` are heard.

        ``face`` is the picture that is being made, whose mouth does not matter; ``reference`` the same person at rest.
        """
        ...


class Network(Protocol):
    """Loaded weights: arrays in, one array out."""

    inputs: tuple[tuple[int | None, ...], ...]
    """The shapes that it takes; None is any number. Empty where the file does not say."""

    def run(self, *arrays: Floats) -> Floats:
        """The first output for these inputs, in the order of ``inputs``. Raises HeadError."""
        ...
