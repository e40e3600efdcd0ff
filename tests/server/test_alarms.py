"""Alarms by a clock that the test turns, and the webhook over real HTTPS."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from engine.runtime.messages import Health, OnAir, ProcessState
from engine.settings.alarms import Alarms as Limits
from server.alarms import KEPT, Alarm, Alarms, Kind, Latch
from server.history import History
from server.state import ChannelState
from server.webhook import MOST_WAITING, Webhook, signature
from tests.server.conftest import ON_AIR, make_channel
from tests.settings.https_server import Answer, Shop, https_shop

QUIET = OnAir(picture=100, stopped=False, slate=False, now=None, upcoming=())
STOPPED = OnAir(picture=100, stopped=True, slate=True, now=None, upcoming=())
PAUSED = OnAir(picture=100, stopped=False, slate=False, now=None, upcoming=(), paused=True)


class Scene:
    """A channel whose processes beat once a second, as the test says."""

    def __init__(self, folder: Path, **limits: float) -> None:
        self.now = 5000.0
        self.state = ChannelState(make_channel(folder, 1), lambda: self.now)
        self.history = History(lambda: self.now)
        self.told: list[Alarm] = []
        self.alarms = Alarms(
            Limits(**limits), self.state, self.history, self.told.append, lambda: self.now, lambda: self.now + 1e9
        )
        self.figures: dict[str, dict[str, float]] = {
            "master": {"pictures": 0, "repeated": 0, "left_out": 0, "memory_bytes": 100e6},
            "studio": {"ahead_seconds": 12},
        }
        self.states = {"master": "on air", "studio": "working"}
        self.details: dict[str, str] = {}
        self.troubles: dict[str, dict[str, str]] = {}
        self.dumb: set[str] = set()
        self.grows: dict[str, float] = {"pictures": 25, "repeated": 0}
        self.air = ON_AIR
        self.live(40)

    def live(self, seconds: float) -> list[str]:
        """Go on for so many seconds; what was raised (+) and cleared (-) meanwhile."""
        seen = len(self.told)
        for _ in range(round(seconds)):
            self.now += 1
            self.state.hear(self.air)
            for name, growth in self.grows.items():
                self.figures["master"][name] += growth
            for process, figures in self.figures.items():
                if process not in self.dumb:
                    detail = self.details.get(process, "")
                    message = Health(
                        process, 1, self.states[process], detail, dict(figures), self.troubles.get(process, {})
                    )
                    self.state.hear(message)
                    self.history.hear(message)
            self.alarms.look()
        return [f"{'+' if a.cleared_at is None else '-'}{a.kind} {a.process}" for a in self.told[seen:]]

    def process_state(self, process: str, state: str, detail: str = "") -> None:
        message = ProcessState(process, state, 1, detail)
        self.state.hear(message)
        self.alarms.hear(message)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_a_latch_goes_on_and_off_after_its_times_and_not_for_a_moment() -> None:
    latch = Latch(5.0, 3.0)
    assert [latch.turns(t, True) for t in (0, 4.9)] == [False, False]
    assert not latch.turns(4.95, False)
    assert [latch.turns(t, True) for t in (5, 9.9, 10)] == [False, False, True]
    assert not latch.turns(11, False)
    assert not latch.turns(12, None)  # Neither bad nor good: the wait begins again.
    assert [latch.turns(t, False) for t in (13, 15.9, 16)] == [False, False, True]
    assert latch.on is False


def test_a_channel_that_is_well_raises_nothing(scene: Scene) -> None:
    assert scene.live(120) == []
    assert (scene.alarms.active, scene.alarms.all, scene.alarms.last) == ((), (), None)


def test_a_silent_process_is_an_alarm_until_it_is_heard_again(scene: Scene) -> None:
    scene.dumb.add("studio")
    assert scene.live(5) == []
    assert scene.live(1) == ["+silent studio"]
    assert scene.alarms.last is not None
    assert (scene.alarms.last.detail, scene.alarms.last.at) == ("6 s", scene.now + 1e9)
    assert scene.live(10) == []
    scene.dumb.clear()
    assert scene.live(3) == []
    assert scene.live(1) == ["-silent studio"]
    assert scene.alarms.active == ()
    assert [alarm.cleared_at is None for alarm in scene.alarms.all] == [False]


def test_a_process_that_ended_is_one_alarm_until_it_ran_for_a_minute(scene: Scene) -> None:
    scene.process_state("master", "ended", "signal SIGKILL")
    assert [str(alarm.kind) for alarm in scene.told] == ["ended"]
    assert scene.told[0].detail == "signal SIGKILL"
    scene.process_state("master", "starting")
    scene.process_state("master", "running")
    assert scene.live(30) == []
    scene.process_state("master", "ended", "exit status 1")
    assert len(scene.told) == 1
    assert scene.live(59) == []
    assert scene.live(1) == ["-ended master"]


def test_a_process_that_is_known_to_be_gone_is_not_silent_too(scene: Scene) -> None:
    scene.dumb.add("studio")
    scene.process_state("studio", "ended")
    assert scene.live(30) == []
    assert [alarm.kind for alarm in scene.told] == [Kind.ENDED]


def test_a_process_that_ends_too_often_is_degraded_until_it_ran_for_a_minute(scene: Scene) -> None:
    scene.process_state("stage", "degraded", "exit status 1")
    scene.live(1)
    assert [str(alarm.kind) for alarm in scene.told] == ["ended", "degraded"]
    scene.process_state("stage", "starting")
    scene.figures["stage"], scene.states["stage"] = {"drawn": 1}, "drawing"
    assert scene.live(58) == []
    assert scene.live(5) == ["-ended stage", "-degraded stage"]


def test_a_catalogue_that_cannot_be_read_is_an_alarm_until_it_can(scene: Scene) -> None:
    scene.details["studio"] = "catalogue.yaml, line 3: not YAML"
    assert scene.live(1) == ["+catalogue studio"]
    assert scene.told[-1].detail == "catalogue.yaml, line 3: not YAML"
    scene.details.clear()
    assert scene.live(4) == ["-catalogue studio"]


def test_an_outlet_that_sends_nothing(scene: Scene) -> None:
    scene.figures["outlet:rtmp"] = {"packets": 0}
    scene.states["outlet:rtmp"] = "waiting"
    assert scene.live(15) == []
    assert scene.live(1) == ["+outlet_down outlet:rtmp"]
    scene.states["outlet:rtmp"] = "sending"
    assert scene.live(3) == []
    scene.states["outlet:rtmp"] = "connecting"
    assert scene.live(2) == []
    scene.states["outlet:rtmp"] = "sending"
    assert scene.live(6) == ["-outlet_down outlet:rtmp"]


def test_what_is_wrong_with_a_removed_output_is_over(scene: Scene) -> None:
    scene.figures["outlet:rtmp"], scene.states["outlet:rtmp"] = {"packets": 0}, "waiting"
    assert scene.live(16) == ["+outlet_down outlet:rtmp"]
    scene.process_state("outlet:rtmp", "ended", "signal SIGTERM")
    scene.process_state("outlet:rtmp", "removed")
    assert scene.alarms.active == ()
    assert [(each.kind, each.cleared_at) for each in scene.told[-2:]] == [
        (Kind.OUTLET_DOWN, scene.now + 1e9),
        (Kind.ENDED, scene.now + 1e9),
    ]
    assert {each.cleared_at for each in scene.alarms.all} == {scene.now + 1e9}
    # One of that name that comes later begins anew.
    assert scene.live(15) == []
    assert scene.live(1) == ["+outlet_down outlet:rtmp"]


def test_other_limits_hold_from_a_restart_on(scene: Scene) -> None:
    scene.figures["outlet:rtmp"], scene.states["outlet:rtmp"] = {"packets": 0}, "waiting"
    assert scene.live(6) == []
    scene.alarms.reload(Limits(outlet_down_s=7, repeated_percent=1))
    assert scene.live(2) == ["+outlet_down outlet:rtmp"]
    scene.grows["repeated"] = 0.4  # 1.6 %
    assert scene.live(60) == ["+repeated master"]


def test_a_model_that_does_not_choose_is_an_alarm_until_it_does(scene: Scene) -> None:
    assert scene.live(5) == []
    scene.troubles["studio"] = {"choosing": "api.example.com did not answer within 0.6 s"}
    assert scene.live(2) == ["+choosing studio"]
    scene.troubles.clear()
    assert scene.live(4) == ["-choosing studio"]


def test_a_recording_that_cannot_be_signed_is_an_alarm_until_one_is(scene: Scene) -> None:
    scene.figures["outlet:recording"] = {"packets": 0}
    scene.states["outlet:recording"] = "sending"
    assert scene.live(5) == []
    scene.troubles["outlet:recording"] = {"signing": "mia-20261129-130000.mp4: the certificate has expired"}
    assert scene.live(60) == ["+signing outlet:recording"]
    assert scene.told[-1].detail == "mia-20261129-130000.mp4: the certificate has expired"
    scene.states["outlet:recording"] = "waiting"
    assert scene.live(10) == []
    scene.states["outlet:recording"] = "sending"
    scene.troubles.clear()
    assert scene.live(4) == ["-signing outlet:recording"]


def test_repeated_pictures_raise_at_two_percent_and_clear_at_half_of_it(scene: Scene) -> None:
    scene.grows["repeated"] = 0.4  # 1.6 %
    assert scene.live(60) == []
    scene.grows["repeated"] = 1.0  # 4 %
    assert scene.live(15) == ["+repeated master"]
    scene.grows["repeated"] = 0.4
    assert scene.live(60) == []
    scene.grows["repeated"] = 0.0
    assert scene.live(30) == ["-repeated master"]


def test_pictures_left_out_raise_as_repeated_ones_do(scene: Scene) -> None:
    scene.grows |= {"pictures": 24, "left_out": 1}  # 4 %
    assert scene.live(15) == ["+repeated master"]
    scene.grows |= {"pictures": 25, "left_out": 0}
    assert scene.live(30) == ["-repeated master"]


def test_an_empty_queue_and_silence_count_only_while_the_show_is_on(scene: Scene) -> None:
    scene.figures["studio"]["ahead_seconds"] = 0.0
    scene.air = QUIET
    assert scene.live(5) == []
    assert scene.live(1) == ["+queue_empty studio"]
    assert scene.live(4) == []
    assert scene.live(1) == ["+no_speech master"]
    scene.air = STOPPED
    assert sorted(scene.live(5)) == ["-no_speech master", "-queue_empty studio"]
    scene.air = PAUSED
    assert scene.live(60) == []
    scene.air, scene.figures["studio"]["ahead_seconds"] = QUIET, 1.0
    assert scene.live(12) == ["+no_speech master"]
    scene.air = ON_AIR
    assert scene.live(3) == ["-no_speech master"]


def test_a_show_that_begins_has_time_to_fill_its_queue(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    began = Alarms(Limits(), scene.state, scene.history, scene.told.append, lambda: scene.now)
    scene.alarms, scene.air = began, QUIET
    assert scene.live(29 + 10) == []
    assert scene.live(3) == ["+no_speech master"]


def test_a_ledger_that_waits_or_loses(scene: Scene) -> None:
    scene.figures["studio"]["ledger_waiting"] = 3.0
    assert scene.live(1) == ["+ledger studio"]
    assert scene.told[-1].detail == "3 waiting, 0 lost"
    scene.figures["studio"]["ledger_waiting"] = 0.0
    assert scene.live(1) == ["-ledger studio"]
    scene.figures["studio"]["ledger_lost"] = 2.0
    assert scene.live(59) == ["+ledger studio"]
    assert scene.live(2) == ["-ledger studio"]
    scene.figures["studio"]["ledger_lost"] = 0.0  # It was started again.
    assert scene.live(5) == []


def test_memory_that_grew_over_the_hour(scene: Scene) -> None:
    scene.live(3500)
    scene.figures["master"]["memory_bytes"] = 120e6
    assert scene.live(150) == []
    scene.figures["master"]["memory_bytes"] = 190e6
    assert scene.live(200) == ["+memory master"]
    assert scene.told[-1].detail.startswith("100 MB → ")
    scene.figures["master"]["memory_bytes"] = 101e6
    assert scene.live(200) == ["-memory master"]


def test_a_process_that_failed(scene: Scene) -> None:
    scene.states["studio"] = "failed"
    assert scene.live(1) == ["+failed studio"]
    scene.states["studio"] = "working"
    assert scene.live(4) == ["-failed studio"]


def test_what_is_remembered_is_bounded(scene: Scene) -> None:
    for number in range(KEPT + 50):
        scene.process_state(f"outlet:{number}", "ended")
    assert len(scene.alarms.all) == KEPT
    assert scene.alarms.all[-1].process == f"outlet:{KEPT + 49}"


# The webhook.

ALARM = Alarm(1, 1_700_000_000.0, Kind.SILENT, "studio", "6 s")
SECRET = SecretStr("0123456789abcdef")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with https_shop(tmp_path) as running:
        yield running


def hook_of(shop: Shop) -> Webhook:
    address = SecretStr(shop.url("/hook"))
    return Webhook("mia", address, SECRET, (0.01, 0.01, 0.01), shop.allowance, lambda: 1_700_000_009.0)


async def until_done(hook: Webhook, number: int) -> None:
    running = asyncio.create_task(hook.run())
    async with asyncio.timeout(10):
        while hook.sent + hook.lost < number:  # noqa: ASYNC110 it happens in a thread
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_an_alarm_is_told_in_order_and_signed(shop: Shop) -> None:
    shop.answers["/hook"] = Answer(204)
    hook = hook_of(shop)
    hook.tell(ALARM)
    hook.tell(replace(ALARM, cleared_at=1_700_000_060.5))
    await until_done(hook, 2)
    raised, cleared = (json.loads(body) for body in shop.posted)
    assert {key: raised[key] for key in ("event", "channel", "kind", "process", "detail", "raised_at")} == {
        "event": "raised", "channel": "mia", "kind": "silent", "process": "studio", "detail": "6 s",
        "raised_at": "2023-11-14T22:13:20.000Z",
    }  # fmt: skip
    assert (cleared["event"], cleared["cleared_at"]) == ("cleared", "2023-11-14T22:14:20.500Z")
    headers = shop.asked[0][1]
    wanted = hmac.new(b"0123456789abcdef", b"1700000009." + shop.posted[0], hashlib.sha256).hexdigest()
    assert (headers["everhost-timestamp"], headers["everhost-signature"]) == ("1700000009", wanted)
    assert headers["content-type"] == "application/json"
    assert signature("other", "1700000009", shop.posted[0]) != wanted


async def test_it_tries_again_with_the_same_id_and_not_for_ever(shop: Shop) -> None:
    answers = iter([503, 503, 200, *[500] * 10])
    shop.answers["/hook"] = lambda _headers: Answer(next(answers))
    hook = hook_of(shop)
    hook.tell(ALARM)
    await until_done(hook, 1)
    assert (hook.sent, len({json.loads(body)["id"] for body in shop.posted})) == (1, 1)
    hook.tell(ALARM)
    await until_done(hook, 2)
    assert (hook.sent, hook.lost, len(shop.posted)) == (1, 1, 3 + 4)


async def test_what_cannot_help_is_not_tried_again(shop: Shop) -> None:
    shop.answers["/hook"] = Answer(403)
    hook = hook_of(shop)
    hook.tell(ALARM)
    await until_done(hook, 1)
    assert (hook.lost, len(shop.posted)) == (1, 1)


async def test_what_waits_is_bounded_and_without_an_address_nothing_does(shop: Shop) -> None:
    hook = hook_of(shop)
    for _ in range(MOST_WAITING + 5):
        hook.tell(ALARM)
    assert hook.lost == 5
    nowhere = Webhook("mia", SecretStr(""), SecretStr(""))
    for _ in range(MOST_WAITING + 5):
        nowhere.tell(ALARM)
    assert nowhere.lost == 0


def test_a_voice_that_fails_is_an_alarm_until_it_speaks_again(scene: Scene) -> None:
    scene.troubles["studio"] = {"voice": "endpoint alloy: api.example.com did not answer within 8 s"}
    assert scene.live(1) == ["+voice studio"]
    assert scene.told[-1].detail == "endpoint alloy: api.example.com did not answer within 8 s"
    scene.troubles["studio"] = {}
    assert scene.live(4) == ["-voice studio"]


def test_a_disk_that_gets_full_is_an_alarm_with_what_is_left(scene: Scene) -> None:
    disk = {"packets": 0, "disk_bytes": 1e12, "disk_free_bytes": 1.2e11}
    scene.figures["outlet:recording"] = disk
    scene.states["outlet:recording"] = "sending"
    assert scene.live(5) == []
    disk["disk_free_bytes"] = 0.99e11
    assert scene.live(2) == ["+disk outlet:recording"]
    assert scene.told[-1].detail == "99.0 GB, 10 %"
    disk["disk_free_bytes"] = 1.05e11
    assert scene.live(120) == [], "a little more is not enough"
    # While nothing is known, nothing changes.
    del scene.figures["outlet:recording"]["disk_bytes"]
    assert scene.live(120) == []
    disk |= {"disk_bytes": 1e12, "disk_free_bytes": 2e11}
    assert scene.live(70) == ["-disk outlet:recording"]


def test_a_disk_that_will_be_full_within_six_hours_is_an_alarm(scene: Scene) -> None:
    disk = {"packets": 0.0, "disk_bytes": 1e12, "disk_free_bytes": 4e11}
    scene.figures["outlet:recording"] = disk
    scene.states["outlet:recording"] = "sending"
    raised: list[str] = []
    for _ in range(61):
        disk["disk_free_bytes"] -= 1e9  # 60 GB an hour, so 340 GB last 5.7 hours.
        raised += scene.live(60)
    assert raised == ["+disk outlet:recording"]
    assert scene.told[-1].detail.endswith(" h")
    raised = scene.live(3700)
    assert raised == ["-disk outlet:recording"], "it gets no fuller"


def test_an_output_that_records_nothing_has_no_disk(scene: Scene) -> None:
    scene.figures["outlet:platform"] = {"packets": 0}
    scene.states["outlet:platform"] = "sending"
    assert scene.live(300) == []
