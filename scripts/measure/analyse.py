"""From what was collected to figures: delivery, recording, lips, words, chat, cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.flow import SAMPLE_RATE
from measure import browser
from measure.chat import Heard, Latency, arrival_of, latency
from measure.collect import RENDER_S, Collected, say
from measure.heard import read_syllables, read_words
from measure.kept import Watched, decode_h264
from measure.lines import Spoken, spread
from measure.lips_figures import add_lips
from measure.mouth_track import TimedLine, TimedPicture, lips_report, read_mouth, wanted
from measure.recording import Motion, integrated_loudness, packet_times, pictures, read_sound
from measure.report import Report
from measure.session import Session
from measure.timing import cadence, cadence_within, percentiles, steps_back, trend

FPS, FPS_EITHER_WAY = 25.0, 0.1
LIP_LINES = 60
LIP_LINE_S = 1.2
"""Shorter lines have too few pictures to align."""

VIEWER_PIECE_S = 60.0
BROWSER_SETTLES_S = 150
"""Chromium moves sound and picture towards each other for the first minutes; its slope after that is given as well."""

METHOD = {
    "cpu": "psutil, the supervisor and all its descendants; viewers, nginx, ffmpeg and this script count as others",
    "memory": "lower quartile of the last fifth of the time less the second fifth's, of the process that grew most",
    "viewers": "aiortc in a process of its own: complete access units after the jitter buffer, with monotonic arrival "
    "times; those of viewer 0 are kept and decoded after the run, so that decoding does not disturb it",
    "repeated": "decoded pictures in which no 8-pixel block's mean luma moved by more than measure.stillness.STILL; a "
    "freeze is more than five in a row in which nothing drifts either (measure.recording.Motion)",
    "sound_late": "each sampled line is spoken again and found in the decoded sound by cross-correlation; the mouth "
    "that motion meant for it is aligned with the mouth that mediapipe sees; positive: sound after picture (EBU R37)",
    "lips_lag": "the same mouth aligned with the energy of the vowels, all lines together; positive: picture late; a "
    "picture's time is the middle of the time that it is shown (its beginning would give 20 ms less)",
    "closed": "p, b and m with a picture of lips nearer to rest than a fifth of the way to wide open, within the "
    "phoneme widened by half a picture; rest is the median in silence, wide open the 90th percentile in speech",
    "words": "Whisper-base, beam 5, in pieces cut between lines; both sides in spoken form; words written together or "
    "apart and British or American spelling are no error",
    "browser": "getStats of headless Chromium on the viewer page; it ran for details.browser.asked_s of the window",
}


def analyse(session: Session) -> Report:
    """All figures of the parts that were measured."""
    got, report = session.got, Report()
    report.details["method"] = METHOD
    if got.first_decoded:
        report.add("start_to_first_picture", got.first_decoded - got.command_started, "s", most=8.0)
        report.add("stop", got.stop_s, "s", most=3.0)
        report.add("cpu", float(got.cpu["cores"]), "cores", most=1.6)
        if "memory_grown_most_mb" in got.cpu:
            report.add("memory_grown_by_one_process", float(got.cpu["memory_grown_most_mb"]), "MB", most=10.0)
        report.details["cpu"] = got.cpu
        report.details["everhost_stderr"] = got.everhost_stderr
        _viewers(session, report)
    steps = {"browser": _browser, "rtmp": _rtmp, "recording": _recording, "viewer_lips": _viewer_lips, "words": _words,
             "chat": _chat, "joins": _joins, "marginal": _marginal, "render": _render}  # fmt: skip
    parts = set(got.parts)
    if "lips" in parts:
        parts.add("recording")
    for name, step in steps.items():
        if name in parts:
            say(f"analysing: {name}")
            step(session, report)
    return report


def _add_fps(report: Report, name: str, fps: float) -> None:
    report.add(name, fps, "1/s", FPS - FPS_EITHER_WAY, FPS + FPS_EITHER_WAY)


def _viewers(session: Session, report: Report) -> None:
    """Cadence of arrival at every aiortc viewer within the window."""
    got, rows = session.got, []
    for number in range(int(session.watched.told["viewers"])):
        arrived = session.watched.arrivals(number, "video")
        found = cadence_within(arrived, got.began, got.ended)
        rows.append(found.plain())
        _add_fps(report, f"viewer_{number}_fps", found.fps)
    report.add("viewers_largest_gap", max(1000 * float(row["largest_gap_s"]) for row in rows), "ms", most=200)
    report.details["viewers"] = rows
    times, offsets = session.watched.ntp_offset_s("video", got.began, got.ended)
    audio_times, audio_offsets = session.watched.ntp_offset_s("audio", got.began, got.ended)
    report.details["sender_reports"] = {
        "video_ms": percentiles(1000 * (offsets - np.median(offsets))),
        "audio_ms": percentiles(1000 * (audio_offsets - np.median(audio_offsets))),
        "video_drift_ms": trend(times, 1000 * (offsets - np.median(offsets))).plain(),
        "audio_drift_ms": trend(audio_times, 1000 * (audio_offsets - np.median(audio_offsets))).plain(),
    }
    drift = trend(audio_times, 1000 * audio_offsets).over_span - trend(times, 1000 * offsets).over_span
    report.add("viewer_sound_slope_over_run", float(drift), "ms", -2, 2)


def _browser(session: Session, report: Report) -> None:
    got = session.got
    found = browser.summarise(got.browser_samples)
    report.details["browser"] = found | {"error": got.browser_error, "asked_s": got.browser_seconds}
    _add_fps(report, "browser_fps", float(found.get("fps", 0.0)))
    report.add("browser_freezes", float(found.get("freeze_count", np.inf)), "count", most=0)
    offsets = found.get("sound_against_picture_ms", {})
    series = -np.array(offsets.pop("series_ms", []), np.float64)
    if len(series):
        low, high = np.percentile(series, [2.5, 97.5])
        report.add("browser_sound_late_p2_5", float(low), "ms", least=-40)
        report.add("browser_sound_late_p97_5", float(high), "ms", most=60)
        report.add("browser_sound_slope_over_run", -offsets["trend_ms"]["over_span"], "ms", -2, 2)
        settled = series[BROWSER_SETTLES_S:]
        if len(settled) > BROWSER_SETTLES_S:
            slope = trend(np.arange(len(settled), dtype=np.float64), settled).over_span
            report.add("browser_sound_slope_settled", slope, "ms", -2, 2)
    report.add("browser_audio_level_max", float(found.get("audio_level", {}).get("max", 0.0)), "0 to 1", least=0.01)


def _rtmp(session: Session, report: Report) -> None:
    video, audio = packet_times(session.folder / "rtmp.flv")
    found = cadence(video)
    _add_fps(report, "rtmp_fps", found.fps)
    report.add("rtmp_largest_gap", 1000 * found.largest_gap_s, "ms", most=200)
    report.add("rtmp_times_step_back", float(steps_back(video) + steps_back(audio)), "count", most=0)
    frames = np.array(session.got.rtmp_frames, np.float64)
    arrival: dict[str, Any] = {}
    if len(frames) > 4:
        arrival = {"fps_by_wall_clock": round(trend(frames[2:, 0], frames[2:, 1]).per_second, 4)}
        report.add(
            "rtmp_fps_by_wall_clock", arrival["fps_by_wall_clock"], "1/s", FPS - FPS_EITHER_WAY, FPS + FPS_EITHER_WAY
        )
    keep = ("codec_name", "profile", "level", "width", "height", "has_b_frames", "sample_rate", "channels", "bit_rate")
    streams = [{key: s[key] for key in keep if key in s} for s in session.got.rtmp_streams]
    report.details["rtmp"] = {"cadence": found.plain(), "audio": cadence(audio).plain(), "streams": streams} | arrival


def _recording(session: Session, report: Report) -> None:
    """Pictures, loudness, and (when asked for) lips of the recording, in one pass over its pictures."""
    parts = session.got.parts
    with_lips = "lips" in parts
    lines = session.recorded_in_window() if with_lips else []
    chosen = _for_lips(lines)
    motion = Motion.new()
    track = read_mouth(wanted(_recorded_pictures(session, motion), chosen))
    found = motion.plain()
    if "recording" in parts:
        _recording_figures(session, report, found)
    if with_lips:
        lips = lips_report(chosen, lines, track, session.channel.canvas.fps)
        add_lips(report, "recording", lips)
        report.details["lips_recording"] = lips


def _for_lips(lines: list[TimedLine]) -> list[TimedLine]:
    long = [line for line in lines if line.ends_s - line.begins_s >= LIP_LINE_S]
    by_line = {id(line.spoken): line for line in long}
    return [by_line[id(s)] for s in spread([line.spoken for line in long], LIP_LINES)]


def _recorded_pictures(session: Session, motion: Motion) -> Iterator[TimedPicture]:
    first, last = session.window_s
    for picture in pictures(session.recording):
        if picture.time_s > last:
            return
        if picture.time_s >= first:
            motion.take(picture.time_s, picture.keyframe, picture.frame)
            yield TimedPicture(picture.time_s, picture.frame)


def _recording_figures(session: Session, report: Report, found: dict[str, Any]) -> None:
    got = session.got
    _add_fps(report, "recording_fps", found["cadence"]["fps"])
    report.add("recording_repeated_share", found["repeated_share"], "share", most=0.01)
    report.add("recording_freezes_over_200ms", found["freezes_over_200ms"], "count", most=0)
    report.add("recording_largest_gap", 1000 * found["cadence"]["largest_gap_s"], "ms", most=200)
    loudness, channels = integrated_loudness(session.recording, *session.window_s)
    report.add("recording_loudness", loudness, "LUFS", -17, -15)
    told = {
        name: got.metrics["end"].get(key, 0.0) - got.metrics["start"].get(key, 0.0)
        for name in ("pictures", "repeated", "left_out", "jumps", "late_ticks")
        for key in (f'everhost_{name}{{process="master"}}',)
    }
    certain = [line for line in session.recorded if line.place.certain]
    report.details["recording"] = found | {
        "sound_channels": channels,
        "master_own_count": told,
        "lines_in_ledger": len(session.recorded),
        "lines_found": len(certain),
        "place_score": percentiles([line.place.score for line in certain]),
    }


def _viewer_lips(session: Session, report: Report) -> None:
    """Repeats over the whole window at viewer 0, and lips in a piece from the middle, on the NTP time line."""
    got = session.got
    all_lines = session.heard_timed()
    start = (got.began + got.ended) / 2 - VIEWER_PIECE_S / 2
    motion = Motion.new()
    kept = session.watched.units("video")
    ntp_minus_arrival = float(np.median([session.picture_ntp(p) for p in kept.pts] - np.array(kept.arrived)))
    first, last = start + ntp_minus_arrival, start + VIEWER_PIECE_S + ntp_minus_arrival
    lines = [line for line in all_lines if line.begins_s >= first and line.ends_s <= last]

    def piece() -> Iterator[TimedPicture]:
        for picture in decode_h264(kept):
            if got.began <= picture.arrived <= got.ended:
                ntp = session.picture_ntp(picture.pts)
                motion.take(picture.arrived, picture.keyframe, picture.frame)
                yield TimedPicture(ntp, picture.frame)

    track = read_mouth(wanted(piece(), lines))
    found = motion.plain()
    report.details["viewer_pictures"] = found
    report.add("viewer_0_repeated_share", found["repeated_share"], "share", most=0.01)
    report.add("viewer_0_freezes_over_200ms", found["freezes_over_200ms"], "count", most=0)
    lips = lips_report(lines, all_lines, track, session.channel.canvas.fps)
    report.details["lips_viewer"] = lips
    add_lips(report, "viewer", lips)


def _words(session: Session, report: Report) -> None:
    lines = [line.spoken for line in session.recorded_in_window()]
    if session.channel.language == "zh":
        heard = read_syllables(lines, session.recording_sound.pcm)
        report.details["words"] = heard
        report.add("character_error_rate", heard["cer"], "share", most=0.12)
        report.add("numbers_missed_share", heard["numbers_missed_share"], "share", most=0.03)
        return
    found = read_words(lines, session.recording_sound.pcm)
    report.details["words"] = found
    report.add("word_error_rate", found["wer"], "share", most=0.08)


def _chat(session: Session, report: Report) -> None:
    """Latency of spoken answers as viewer 0 heard them, and of written replies."""
    heard = {line.line_id: line for line in _heard_lines(session)}
    by_question = {q.question_id: q.line_id for q in session.ledger[1]}
    rows: list[dict[str, Any]] = []
    latencies: list[Latency] = []
    for asked in session.got.asked:
        row: dict[str, Any] = {key: asked[key] for key in ("text", "reply", "spoken", "refused", "aimed_at_gap")}
        if asked["replied"]:
            row["reply_s"] = round(asked["replied"] - asked["sent"], 3)
        answer = heard.get(by_question.get(asked["question_id"]) or "")
        if answer is not None:
            took = latency(asked["sent"], answer, list(heard.values()))
            latencies.append(took)
            row |= {"between_lines": took.between_lines, "wait_s": round(took.wait_s, 3),
                    "from_question_s": round(took.from_question_s, 3)}  # fmt: skip
        rows.append(row)
    between = [x for x in latencies if x.between_lines]
    during = [x for x in latencies if not x.between_lines]
    replies = [row["reply_s"] for row in rows if "reply_s" in row]
    if between:
        report.add("chat_between_lines_p50", float(np.median([x.wait_s for x in between])), "s", most=1.2)
        report.add("chat_between_lines_from_question_p50", float(np.median([x.from_question_s for x in between])), "s")
    if during:
        report.add("chat_after_sentence_end_p50", float(np.median([x.wait_s for x in during])), "s", most=1.2)
    report.add("chat_written_reply_p50", float(np.median(replies)) if replies else None, "s")
    report.add(
        "chat_answers_heard", float(len(latencies)), "count", least=float(sum(a["spoken"] for a in session.got.asked))
    )
    report.details["chat"] = {
        "between_lines_wait_s": percentiles([x.wait_s for x in between]),
        "between_lines_from_question_s": percentiles([x.from_question_s for x in between]),
        "during_a_line_wait_s": percentiles([x.wait_s for x in during]),
        "during_a_line_from_question_s": percentiles([x.from_question_s for x in during]),
        "written_reply_s": percentiles(replies),
        "questions": rows,
        "method": "first and last spoken sample of each line found in viewer 0's sound; arrival of their Opus packets; "
        "wait_s counts from the question or from the end of the last sentence that had its place when it came",
    }


def _heard_lines(session: Session) -> list[Heard]:
    """Lines found at viewer 0, with arrival times."""
    sounds, first = session.sounds, session.viewer_sound[1]
    pts, arrived = np.array(sounds.pts, np.int64), np.array(sounds.arrived)
    lines: list[Spoken] = [line for line in session.heard if line.place.certain]
    if not lines:
        return []
    begins = arrival_of(np.array([line.place.start + first for line in lines]), pts, arrived)
    starts = arrival_of(np.array([line.first_sound + first for line in lines]), pts, arrived)
    ends = arrival_of(np.array([line.last_sound + first for line in lines]), pts, arrived)
    return [
        Heard(line.said.line_id, float(begin), float(start), float(end))
        for line, begin, start, end in zip(lines, begins, starts, ends, strict=True)
    ]


def _joins(session: Session, report: Report) -> None:
    got: Collected = session.got
    report.details["joins_s"] = {"aiortc": got.joins_s, "browser": got.browser_joins_s}
    report.add("join_median", float(np.median(got.joins_s)), "s", most=0.5)
    if got.browser_joins_s:
        report.add("browser_join_median", float(np.median(got.browser_joins_s)), "s", most=0.5)


def _marginal(session: Session, report: Report) -> None:
    """Cost of a viewer here and with a stock sender; the cadence shows that both really delivered."""
    found = session.got.marginal
    ours = (found["server_cores_many"] - found["server_cores_few"]) / found["more_viewers"]
    stock = found["stock_cores_one_viewer"] - found["stock_cores_idle"]
    crowd, alone = Watched.load(session.folder / "crowd"), Watched.load(session.folder / "stock-viewer")
    rates = [_fps_within(crowd, n, found["crowd_began"], found["crowd_ended"]) for n in range(crowd.told["viewers"])]
    report.add("viewer_cost", ours, "cores")
    report.add("stock_viewer_cost", stock, "cores")
    report.add("viewer_cost_against_stock", ours / stock if stock > 0 else None, "ratio", most=0.1)
    report.details["marginal"] = found | {
        "crowd_fps": percentiles(rates),
        "stock_fps": round(_fps_within(alone, 0, found["stock_began"], found["stock_ended"]), 3),
    }


def _fps_within(watched: Watched, viewer: int, began: float, ended: float) -> float:
    arrived = watched.arrivals(viewer, "video")
    return cadence_within(arrived, began, ended).fps


def _render(session: Session, report: Report) -> None:
    got, file = session.got, session.folder / "render.mp4"
    done = got.render["exit_status"] == 0 and file.is_file()
    report.add("render_60s_wall", got.render["wall_s"] if done else None, "s", most=45.0)
    report.add("render_60s_cpu", got.render["cpu_s"] if done else None, "s")
    if not done:
        report.details["render"] = got.render
        return
    motion = Motion.new()
    for picture in pictures(file):
        motion.take(picture.time_s, picture.keyframe, picture.frame)
    found = motion.plain()
    sound_s = len(read_sound(file).pcm) / SAMPLE_RATE
    report.details["render"] = got.render | found | {"sound_s": round(sound_s, 3)}
    _add_fps(report, "render_fps", found["cadence"]["fps"])
    report.add("render_pictures", found["cadence"]["count"], "count", RENDER_S * FPS, RENDER_S * FPS)
    report.add("render_freezes_over_200ms", found["freezes_over_200ms"], "count", most=0)
