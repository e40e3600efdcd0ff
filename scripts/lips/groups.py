"""Visemes that look alike: the groups by which a frame is judged, chosen before anything was measured."""

from __future__ import annotations

from engine.motion.visemes import VISEMES

GROUPS: dict[str, tuple[str, ...]] = {
    "rest": ("sil",),
    "closed": ("PP",),
    "teeth on lip": ("FF",),
    "narrow": ("TH", "DD", "nn", "LL", "SS", "kk"),
    "pushed forward": ("CH", "ZH", "RR"),
    "round": ("ww", "ou", "uo", "oh"),
    "open": ("aa", "ae"),
    "spread": ("E", "ih", "er"),
}
"""Sounds of tongue and teeth behind barely open lips are one group; the relaxed er looks most like the spread ones."""

GROUP_NAMES = tuple(GROUPS)
GROUP_OF: tuple[int, ...] = tuple(next(i for i, g in enumerate(GROUPS.values()) if v in g) for v in VISEMES)
"""Index of the group of each of ``VISEMES``."""
