"""The brand's colour as CSS variables that are readable on light and dark (WCAG 2.2 contrast)."""

from __future__ import annotations

import colorsys

AA = 4.5
"""Least contrast of normal text (WCAG 2.2, success criterion 1.4.3)."""

LIGHT_PAPER = "#ffffff"
DARK_PAPER = "#17151c"


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1 (WCAG 2.2)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, paper: str) -> str:
    """``colour``, made darker or lighter in small steps until it can be read on ``paper``."""
    darker = luminance(paper) > 0.4
    hue, light, saturation = colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))
    while contrast(colour, paper) < AA and (light > 0 if darker else light < 1):
        light = max(0.0, light - 0.01) if darker else min(1.0, light + 0.01)
        red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, light, saturation))
        colour = f"#{red:02x}{green:02x}{blue:02x}"
    return colour


def theme_css(brand: str) -> str:
    """``--brand`` as given; ``--brand-fill`` with ``--on-brand`` text on it; ``--brand-ink`` as text on paper."""
    fill = readable(brand, LIGHT_PAPER)
    return (
        f":root{{--brand:{brand};--brand-fill:{fill};--on-brand:#fff;--brand-ink:{readable(brand, LIGHT_PAPER)}}}\n"
        f"@media(prefers-color-scheme:dark){{:root{{--brand-ink:{readable(brand, DARK_PAPER)}}}}}\n"
    )
