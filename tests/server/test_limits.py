"""Who counts as one, however many addresses there are to choose from."""

from __future__ import annotations

import pytest

from server.limits import AddressBuckets, household
from server.room.tries import TRIES_AT_ONCE, Tries


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"), ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"), ("::1", "::/64"), ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.7"), ("", ""), ("a peer", "a peer"),
    ],
)  # fmt: skip
def test_an_ipv6_connection_is_one(address: str, who: str) -> None:
    assert household(address) == who


def test_other_addresses_of_the_connection_do_not_help() -> None:
    buckets, tries = AddressBuckets(1, 2, lambda: 0.0), Tries(lambda: 0.0)
    assert [buckets.take(f"2001:db8::{n}") for n in range(1, 4)] == [True, True, False]
    assert buckets.take("2001:db8:0:1::1")
    guesses = [tries.may_try(f"name {n}", f"2001:db8::{n}") for n in range(1, TRIES_AT_ONCE + 2)]
    assert guesses == [True] * TRIES_AT_ONCE + [False]
    tries.forgive("name 1", "2001:db8::99")
    assert tries.may_try("another", "2001:db8::1")
