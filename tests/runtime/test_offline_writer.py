"""A video file that cannot be written ends the drawing, whatever the reason is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.outlets.base import OutletError
from engine.runtime.offline import _FileWriter
from engine.settings import Channel


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("a muxer's own error")])
def test_whoever_draws_hears_of_it_and_nobody_waits_for_ever(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(_: _FileWriter) -> None:
        raise error

    monkeypatch.setattr(_FileWriter, "_encode_all", fails)
    writer = _FileWriter(channel, tmp_path / "a.mp4")
    silence = np.zeros((1920, 2), np.float32)

    def draw() -> None:
        for picture in range(50):
            writer.put(picture, writer.buffer(), silence)

    with pytest.raises(OutletError, match=r"cannot write .*a\.mp4"):
        draw()
    with pytest.raises(OutletError, match=r"No space left|own error"):
        writer.close()
