from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
from measure.browser import summarise
from measure.kept import Watched, read_units, write_unit
from measure.on_air import write_channel
from measure.report import Report

from engine.settings import Rtmp, load_channel

MIA = Path(__file__).resolve().parents[2] / "avatars" / "mia.yaml"


def test_figures_are_judged_and_json_holds_them() -> None:
    report = Report()
    report.add("fps", 25.02, "1/s", 24.9, 25.1)
    report.add("cpu", 1.7, "cores", most=1.6)
    report.add("told", 3.0, "s")
    report.add("missing", None, "ms", most=5)
    report.add("never", float("inf"), "s", most=5)
    report.details["x"] = {"a": float("nan"), "b": [1.0, float("inf")]}
    plain = json.loads(json.dumps(report.plain(), allow_nan=False))
    assert (plain["met"], plain["judged"]) == (1, 4)
    assert plain["missed"] == ["cpu", "missing", "never"]
    assert plain["figures"]["fps"]["target"] == "24.9 … 25.1"
    assert plain["figures"]["told"]["ok"] is None
    assert plain["details"]["x"] == {"a": None, "b": [1.0, None]}


def test_units_come_back_as_written_and_a_torn_one_is_left_out(tmp_path: Path) -> None:
    out = io.BytesIO()
    for n in range(3):
        write_unit(out, n * 3600, 10.0 + n, bytes([n]) * (n + 1))
    file = tmp_path / "video.units"
    file.write_bytes(out.getvalue()[:-1])
    kept = read_units(file)
    assert (kept.pts, kept.arrived, kept.data) == ([0, 3600], [10.0, 11.0], [b"\0", b"\1\1"])


def test_the_channel_of_the_measurement_is_a_good_one(tmp_path: Path) -> None:
    channel = load_channel(write_channel(MIA, tmp_path, 18_555, 19_555))
    assert channel.server.port == 18_555
    assert [output.kind for output in channel.outputs] == ["recording", "rtmp"]
    rtmp = channel.outputs[1]
    assert isinstance(rtmp, Rtmp)
    assert rtmp.url == "rtmp://127.0.0.1:19555/live"
    assert channel.body.is_absolute()


def test_browser_samples_become_rates_and_offsets() -> None:
    samples = [
        {
            "at": float(t),
            "video": {"timestamp": 1000.0 * t, "framesDecoded": 25 * t, "estimatedPlayoutTimestamp": 1e6 + 1000 * t,
                      "jitterBufferDelay": 0.04 * 25 * t, "jitterBufferEmittedCount": 25 * t},
            "audio": {"audioLevel": 0.5, "estimatedPlayoutTimestamp": 1e6 + 1000 * t + 12},
        }
        for t in range(30)
    ]  # fmt: skip
    found = summarise(samples)
    assert found["fps"] == 25.0
    assert found["seconds"] == 24.0
    offsets = found["sound_against_picture_ms"]
    assert (offsets["p50"], offsets["trend_ms"]["over_span"]) == (12.0, 0.0)
    assert np.allclose(offsets["series_ms"], 12.0)
    assert found["jitter_buffer_ms"]["video"] == 40.0
    assert summarise([]) == {"seconds": 0.0}


def test_sender_reports_map_to_ntp_also_over_the_wrap(tmp_path: Path) -> None:
    origin = 2**32 - 90_000
    reports = [
        {"kind": "video", "ntp": 5000.0 + t, "rtp": (origin + 90_000 * t) % 2**32, "arrived": 100.0 + t}
        for t in range(1, 10)
    ]
    reports.append({"kind": "video", "ntp": 0.0, "rtp": 0, "arrived": 100.0})
    watched = Watched(tmp_path, {"origins": {"video": origin}, "sender_reports": reports})
    times, offsets = watched.ntp_offset_s("video", 102.5, 200.0)
    assert times.tolist() == [103.0, 104.0, 105.0, 106.0, 107.0, 108.0, 109.0]
    assert np.allclose(offsets, 5000.0)
