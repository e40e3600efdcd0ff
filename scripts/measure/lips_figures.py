"""The figures of lips, with their targets."""

from __future__ import annotations

from typing import Any

from measure.report import Report

SLOPE_MS = 2.0


def add_lips(report: Report, where: str, lips: dict[str, Any]) -> None:
    """Adds the figures of a ``lips_report`` of the ``recording`` or of a ``viewer``.

    Vowels and closures of a voice that tells no phonemes are left out. A slope that is known less surely than its
    limit, as from the few lines that are clearly read from an animal's mouth, is told and not judged; then the viewer's
    tells.
    """
    vowel, acted = lips["vowel_lag"], lips["acted_lag"]
    low, high = acted.get("middle_95_sound_late_ms", (None, None))
    report.add(f"{where}_sound_late_p2_5", low, "ms", least=-40)
    report.add(f"{where}_sound_late_p97_5", high, "ms", most=60)
    if where == "recording":
        unsure = acted.get("slope_confidence_ms")
        limits = (-SLOPE_MS, SLOPE_MS) if unsure is not None and unsure <= SLOPE_MS else (None, None)
        report.add(f"{where}_sound_slope_over_run", _minus(acted.get("slope_over_run_ms")), "ms", *limits)
    if not lips["untimed"]:
        report.add(f"{where}_lips_lag", (vowel.get("pooled") or {}).get("ms"), "ms", -40, 40)
        report.add(f"{where}_lips_lag_median_line", vowel.get("p50"), "ms", -40, 40)
        report.add(f"{where}_closed_in_pbm", lips.get("closed_share"), "share", least=0.9)
    report.add(f"{where}_closed_in_silence", lips.get("silence_closed_share"), "share")


def _minus(value: float | None) -> float | None:
    return None if value is None else -value
