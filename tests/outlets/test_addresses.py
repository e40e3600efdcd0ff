"""What of an address may be shown."""

from __future__ import annotations

import pytest

from engine.outlets.rtmp import public_address


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtmp://live.example.com/app/secret-key", "rtmp://live.example.com"),
        ("rtmps://user:password@live.example.com:443/app?auth=abc", "rtmps://live.example.com:443"),
    ],
)
def test_only_scheme_host_and_port(url: str, shown: str) -> None:
    assert public_address(url) == shown
