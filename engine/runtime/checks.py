"""What can be wrong with a channel beyond its text: the voice, the policy, the writer, the database and the port."""

from __future__ import annotations

import errno
import os
import socket
from datetime import date
from functools import partial
from pathlib import Path

from engine.records import LedgerError, ReadOnlyLedger, ledger_place, open_ledger
from engine.script import Draft, FactBook, Guard, TemplateWriter
from engine.script.llm import missing
from engine.script.policy import known_packs, packs_for, platforms
from engine.settings import Channel, Problem, Server, problem_at, state_dir
from engine.settings.consent import ending, load_consent
from engine.settings.voice import OneVoice
from engine.speech import kokoro_voices, missing_of_voice, problems_of_voice, spoken_languages
from engine.speech.tongues.guess import LANGUAGES
from engine.stage.typeface import CJK_FONTS, can_join_letters

FIRST_FREE_PORT = 1024
"""Ports below it need a right of their own (ip(7), ``ip_unprivileged_port_start``)."""


def voice_problems(channel: Channel) -> list[Problem]:
    """Unknown voices, with those that there are; what is wrong with their settings; those of another language."""
    problems: list[Problem] = []
    for i, voice in enumerate(channel.voice.in_turn):
        place = f"voice.fallback[{i - 1}]" if i else "voice"
        found = problems_of_voice(
            voice, lambda key, *told, place=place: problem_at(channel.file, f"{place}.{key}", *told)
        )
        if i and not found and channel.language not in spoken_languages(voice):
            message = f"the voice “{voice.name}” of “{voice.backend}” does not speak {LANGUAGES[channel.language]}"
            found = [problem_at(channel.file, f"{place}.name", message, "it could not speak when the first one fails")]
        problems += found
    for language, voice in channel.voice.others.voices(channel.voice.speed).items():
        wrong = _why_not(language, voice, channel)
        if wrong:
            voices = (name for name, spoken in kokoro_voices.LANGUAGES.items() if language in spoken)
            hint = "take the key away" if language == channel.language else _one_of(voices)
            problems.append(problem_at(channel.file, f"voice.others.{language}", wrong, hint))
    return problems


def _why_not(language: str, voice: OneVoice, channel: Channel) -> str:
    """Why a voice cannot be the one for lines in a language; "" where it can."""
    if language == channel.language:
        return f"{LANGUAGES[language]} is the channel's own language, which its first voice speaks"
    if voice.name not in kokoro_voices.LANGUAGES:
        return f"there is no voice “{voice.name}”"
    if language not in spoken_languages(voice):
        return f"the voice “{voice.name}” of “{voice.backend}” does not speak {LANGUAGES[language]}"
    return ""


def speech_problems(channel: Channel) -> list[Problem]:
    """What keeps a channel from being heard: its voice, what that lacks here, or a language that it does not speak."""
    problems = voice_problems(channel)
    if problems:
        return problems
    if not silence_note(channel):
        hint = "or take the key away: then the channel's own voice reads such lines"
        return [
            problem_at(channel.file, f"voice.others.{language}", why, hint)
            for language, why in lacks_of_others(channel).items()
        ]
    key = "voice" if channel.language in spoken_languages(channel.voice) else "language"
    return [problem_at(channel.file, key, silence_note(channel), "everhost script, guard and ask need no voice")]


def silence_note(channel: Channel) -> str:
    """Why no voice of a channel, which are known, can speak its language here; "" if one can."""
    reasons = [_why_mute(channel, voice) for voice in channel.voice.in_turn]
    return reasons[0] if all(reasons) else _missing_letters(channel.language)


def voice_notes(channel: Channel) -> list[str]:
    """Which voices cannot speak here, though another one can; why, and what gets them."""
    reasons = {voice: _why_mute(channel, voice) for voice in channel.voice.in_turn}
    return [why for why in reasons.values() if why] if not all(reasons.values()) else []


def voice_consent_notes(channel: Channel, today: date) -> list[str]:
    """Which consents to copy a voice, all of which hold, soon end."""
    files = [voice.coqui.consent for voice in channel.voice.in_turn if voice.coqui is not None]
    notes = [ending(load_consent(file, today), today) for file in files if file is not None]
    return [note for note in notes if note]


def lacks_of_others(channel: Channel) -> dict[str, str]:
    """Language of lines that cannot be spoken or shown here: why, and what gets it."""
    found = {
        language: missing_of_voice(voice) or _missing_letters(language)
        for language, voice in channel.voice.others.voices(channel.voice.speed).items()
    }
    return {language: why for language, why in found.items() if why}


def _missing_letters(language: str) -> str:
    """What the letters of a language lack on this machine; "" where nothing."""
    if language in {"zh", "ja"} and not CJK_FONTS.is_dir():
        need = "captions need the font Noto Sans CJK (Debian's fonts-noto-cjk)"
        if language == "zh":
            return f"Chinese {need}: run `{kokoro_voices.COMMAND}`"
        return f"Japanese {need}: run `{kokoro_voices.TONGUES_COMMAND}`"
    if language == "hi" and not can_join_letters():
        return (
            "Hindi captions need the font Noto Sans Devanagari and FriBidi (Debian's fonts-noto-core and libfribidi0): "
            f"run `{kokoro_voices.TONGUES_COMMAND}`"
        )
    return ""


def _why_mute(channel: Channel, voice: OneVoice) -> str:
    if channel.language in spoken_languages(voice):
        return missing_of_voice(voice)
    return (
        f"the voice “{voice.name}” of “{voice.backend}” does not speak {LANGUAGES[channel.language]}, so this channel "
        f"cannot be heard; backend kokoro has voices that do"
    )


def policy_problems(channel: Channel) -> list[Problem]:
    """Unknown policy packs, an unknown platform, or a platform that does not let this channel start."""
    policy, file = channel.policy, channel.file
    problems = [
        problem_at(file, f"policy.packs[{i}]", f"there is no policy pack “{name}”", _one_of(known_packs()))
        for i, name in enumerate(policy.packs or ())
        if name not in known_packs()
    ]
    if not policy.platform:
        return problems
    platform = platforms().get(policy.platform)
    if platform is None:
        message = f"there is no platform “{policy.platform}”"
        return [*problems, problem_at(file, "policy.platform", message, _one_of(platforms()))]
    if platform.refusal:
        hint = "choose another platform; every voice of this program is made by a computer"
        problems.append(problem_at(file, "policy.platform", f"this channel may not start: {platform.refusal}", hint))
    longest = platform.notice_every_minutes
    if longest is not None and policy.notice_every_minutes > longest:
        message = f"{platform.title} asks for a spoken AI notice at least every {longest} minutes"
        problems.append(problem_at(file, "policy.notice_every_minutes", message, f"write {longest} or less"))
    return problems


def writer_problems(channel: Channel) -> list[Problem]:
    """What the language model lacks: its file, its package (with the command), its address or its key."""
    hint = "or take the key “writer” away: the templates are always there"
    return [
        problem_at(channel.file, f"writer.{key}", message, hint)
        for key, message in missing(channel.writer, os.environ).items()
    ]


def campaign_problems(channel: Channel) -> list[Problem]:
    """Sentences of campaigns that the guard would never let on air, with its reasons."""
    if not any(campaign.text for campaign in channel.show.campaigns):
        return []
    book = FactBook.of(channel)
    guard = Guard(book, packs_for(channel.items.language, channel.policy.packs, channel.policy.platform))
    problems = []
    for i, campaign in enumerate(channel.show.campaigns):
        reasons: list[str] = []
        if (
            campaign.text
            and TemplateWriter(book, 1, partial(_is_allowed, guard, reasons)).campaign(campaign.name) is None
        ):
            message = "this sentence may not be said: " + "; ".join(dict.fromkeys(reasons))
            problems.append(problem_at(channel.file, f"show.campaigns[{i}].text", message, "write it in other words"))
    return problems


def _is_allowed(guard: Guard, reasons: list[str], draft: Draft) -> bool:
    """Whether the guard allows a draft; its reasons are collected if not."""
    verdict = guard.verdict(draft)
    reasons += verdict.reasons
    return verdict.ok


def _one_of(names: object) -> str:
    return "use one of: " + ", ".join(sorted(names))  # type: ignore[call-overload]


def records_problems(channel: Channel, known_as: Path) -> list[Problem]:
    """A database that the channel names and that cannot be used. ``known_as`` is its file, or what a draft becomes."""
    if not channel.records.get_secret_value():
        return []
    try:
        open_ledger(channel.model_copy(update={"file": known_as}), state_dir()).close()
    except LedgerError as error:
        hint = "check the address, or take the key away to keep the ledger in a file"
        return [problem_at(channel.file, "records", str(error), hint)]
    return []


def ledger_problems(channel: Channel) -> list[Problem]:
    """A ledger in a file that could not be written on air. The show would go on without it, so only a check asks."""
    place = ledger_place(channel, state_dir())
    if not isinstance(place, Path):
        return []
    message, hint = "", "make it this user's, or move it away: then a new one is begun"
    if place.exists():
        try:
            ReadOnlyLedger(place).close()
        except LedgerError as error:
            message = str(error)
    there = next(folder for folder in (place.parent, *place.parent.parents) if folder.exists())
    # SQLite keeps its log beside the file.
    for needed in (place, there) if place.exists() else (there,):
        if not message and not os.access(needed, os.W_OK):
            message = f"the ledger {place} cannot be written: this user may not write to {needed}"
    return [problem_at(channel.file, "", message, hint)] if message else []


def port_problems(channels: list[Channel]) -> list[Problem]:
    """Ports that another program or another of these channels uses."""
    problems: list[Problem] = []
    taken: dict[int, Path] = {}
    first = channels[0]
    if first.server.control_port:
        problems += _port_problem(first, "control_port", first.server.control_port)
        taken[first.server.control_port] = first.file
    for channel in channels:
        port = channel.server.port
        if port in taken:
            message = f"port {port} is already used by {taken[port].name}"
            problems.append(problem_at(channel.file, "server.port", message, "give each channel a port of its own"))
            continue
        taken[port] = channel.file
        problems += _port_problem(channel, "port", port)
    return problems


def moved_port_problems(before: Server, channel: Channel) -> list[Problem]:
    """An address to which a running channel would move and where it could not listen; its own it has itself."""
    if channel.server.port != before.port:
        return _port_problem(channel, "port", channel.server.port)
    return _port_problem(channel, "host", 0) if channel.server.host != before.host else []


def _port_problem(channel: Channel, key: str, port: int) -> list[Problem]:
    """A port of ``server`` that cannot be opened; 0 is any."""
    error = _bind_error(channel.server.host, port)
    if error is None:
        return []
    if error.errno == errno.EACCES and 0 < port < FIRST_FREE_PORT:
        hint = (
            f"only root may open ports below {FIRST_FREE_PORT}: set server.{key} to another number, such as 8080, and"
            " let a proxy give it out"
        )
    elif error.errno == errno.EADDRINUSE:
        hint = f"stop what uses it, or set server.{key} to another number, such as {port + 1}"
    else:
        key, hint = "host", "write an address of this machine: 127.0.0.1, or 0.0.0.0 for all of them"
    what = f"port {port}" if port else f"“{channel.server.host}”"
    reason = error.strerror or str(error)
    return [problem_at(channel.file, f"server.{key}", f"{what} cannot be opened: {reason}", hint)]


def _bind_error(host: str, port: int) -> OSError | None:
    """Why nobody can listen there now; None when one can."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        return error
    return None
