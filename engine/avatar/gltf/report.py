"""What an import says: what the model has and lacks, how each sound is made, what is not drawn, and the licence."""

from __future__ import annotations

from dataclasses import dataclass

from engine.avatar.body_file import BodyData
from engine.avatar.gltf.bones import finger_bone
from engine.avatar.gltf.model import Model
from engine.avatar.gltf.paint import Paints
from engine.avatar.gltf.posture import Posture
from engine.avatar.gltf.recipes import Recipes

MANY_TRIANGLES = 60_000
"""Up to so many a host is drawn in time on two cores (``scripts/bench_bodies.py``)."""

_KINDS = {"toon": "toon (MToon, unlit)", "soft": "soft light (metal-rough)"}


@dataclass(frozen=True)
class Report:
    """Everything known at the end of an import; ``triangles`` are those of the file; ``still_chains`` of its
    springs do not swing.
    """

    model: Model
    recipes: Recipes
    posture: Posture
    paints: Paints
    body: BodyData
    triangles: int
    still_chains: int

    def lines(self) -> list[str]:
        """Plain text, a line a fact."""
        kept = sum(len(part.triangles) for part in self.body.parts if not part.limb or part.shown.value != "raised")
        text = [f"{self.model.kind}: {self.body.name}"]
        text += [f"  {line}" for line in self.model.licence.lines()]
        text.append(f"has      {'; '.join([*self._skeleton(), *self.recipes.has])}")
        text.append(
            f"drawn    {' and '.join(sorted(_KINDS[k] for k in self.paints.kinds))}; "
            f"{self.triangles:,} triangles, {kept:,} of them can be seen; {len(self.body.textures)} textures"
        )
        if self.triangles > MANY_TRIANGLES:
            text.append(f"         more than {MANY_TRIANGLES:,} triangles may be drawn coarsely or late; reduce them")
        text += [f"lacks    {line}" for line in [*self._bones_missing(), *self.recipes.lacks]]
        ignored = {*self.model.ignored, *self.paints.ignored}
        if self.still_chains:
            ignored.add(f"{self.still_chains} spring chains: on arms, at the bust, out of the picture, or too many")
        text += [f"ignored  {what}" for what in sorted(ignored)]
        text.append("sounds")
        text += [f"  {viseme:<4} {made}" for viseme, made in self.recipes.mouths.items()]
        return text

    def _skeleton(self) -> list[str]:
        found = [f"{len(self.model.bones)} humanoid bones"]
        if self.body.chains:
            found.append(f"{len(self.body.chains)} spring chains that swing")
        return found

    def _bones_missing(self) -> list[str]:
        found = []
        if "neck" not in self.model.bones:
            found.append("neck bone: the head turns on one joint")
        if not self.posture.has_arms:
            found.append("arm bones: no gestures, and the arms stay as they are")
        else:
            gone = [f for f in range(1, 6) if finger_bone("left", f, 1) not in self.model.bones]
            if gone:
                found.append("finger bones: hands stay open" if len(gone) == 5 else f"{len(gone)} of 5 fingers")
        return found
