"""What keeps a channel from starting: unknown packs, unknown platforms, and platforms that refuse an AI voice."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.checks import policy_problems
from engine.settings import Channel, ChannelPolicy, Problem, load_channel

MIA = Path(__file__).parents[2] / "avatars" / "mia.yaml"


@pytest.fixture(scope="module")
def channel() -> Channel:
    return load_channel(MIA, check_files=False)


def problems(channel: Channel, **policy: object) -> list[Problem]:
    return policy_problems(channel.model_copy(update={"policy": ChannelPolicy.model_validate(policy)}))


def test_a_plain_channel_has_none(channel: Channel) -> None:
    assert policy_problems(channel) == []
    assert problems(channel, packs=["us", "cn"], platform="douyin", notice_every_minutes=10) == []


def test_tiktok_shop_us_refuses_with_the_reason(channel: Channel) -> None:
    (problem,) = problems(channel, platform="tiktok_shop_us")
    assert problem.key == "policy.platform"
    assert "may not start: TikTok Shop in the United States does not allow AI-made voices" in problem.message


def test_unknown_names_are_told_with_those_there_are(channel: Channel) -> None:
    pack, platform = problems(channel, packs=["us", "mars"], platform="moon")
    assert (pack.key, pack.message) == ("policy.packs[1]", "there is no policy pack “mars”")
    assert pack.hint == "use one of: cn, eu, us"
    assert platform.message == "there is no platform “moon”"
    assert "tiktok_shop_us" in platform.hint


def test_a_platform_s_longest_time_between_notices_holds(channel: Channel) -> None:
    (problem,) = problems(channel, platform="douyin", notice_every_minutes=20)
    assert (problem.key, problem.hint) == ("policy.notice_every_minutes", "write 15 or less")
