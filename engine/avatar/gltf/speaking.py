"""Whether a model that says how it speaks does so: something must be seen to move when its mouth opens."""

from __future__ import annotations

import numpy as np

from engine.avatar.body_file import PartData
from engine.avatar.gltf.model import Model
from engine.avatar.gltf.recipes import OPENING
from engine.avatar.passes import ACTED_M


def refuse_mute(model: Model, parts: list[PartData]) -> None:
    """Raises BodyError where no curve of an opening mouth moves any vertex by more than what counts as moved."""
    if any(_opens(part) for part in parts):
        return
    raise model.document.error(
        "nothing in it moves when the mouth opens, so it cannot speak: the expressions or the jaw bone move no vertex "
        "that is drawn, or none far enough to be seen; give the jaw bone weights, or the mouth morph targets, and "
        "export it again"
    )


def _opens(part: PartData) -> bool:
    opening = [number for number, name in enumerate(part.shapes) if name.startswith(OPENING)]
    if not opening or not part.deltas.shape[1]:
        return False
    return float(np.linalg.norm(part.deltas[opening, :, :3], axis=2).max()) > ACTED_M
