"""Addresses that others wrote: what is fetched, and all that is not."""

from __future__ import annotations

import ipaddress
import threading
import time
from http.server import BaseHTTPRequestHandler

import pytest

from engine.settings.fetch import Allowance, FetchError, Limits, checked_addresses, fetch, is_public, post
from tests.settings.https_server import LOCAL, Answer, Shop

LIMITS = Limits(max_bytes=10_000, seconds=5)


def refusal(shop: Shop, url: str, limits: Limits = LIMITS, allowance: Allowance | None = None) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(url, limits, allowance=allowance or shop.allowance)
    return caught.value


def test_an_answer_comes_back_whole(shop: Shop) -> None:
    shop.answers["/a?b=1"] = Answer(body=b"x" * 9_999, headers={"ETag": '"7"'})
    answer = fetch(shop.url("/a?b=1"), LIMITS, allowance=shop.allowance, headers={"Accept": "image/png"})
    assert (answer.status, answer.content, answer.headers["etag"]) == (200, b"x" * 9_999, '"7"')
    path, headers = shop.asked[0]
    assert path == "/a?b=1"
    assert (headers["accept"], headers["accept-encoding"]) == ("image/png", "identity")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://shop.test/a.png", "does not begin with https://"),
        ("file:///etc/passwd", "does not begin with https://"),
        ("ftp://shop.test/", "does not begin with https://"),
        ("https://ann:secret@shop.test/", "is not a host that may be asked"),
        ("https:///a", "is not a host that may be asked"),
        ("https://shop.test:99999/", "is not an address"),
        ("https://nowhere.test/", "cannot be found"),
    ],
)
def test_other_schemes_and_hosts_are_refused(shop: Shop, url: str, why: str) -> None:
    assert why in str(refusal(shop, url))
    assert shop.asked == []


PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "0.0.0.0",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "168.63.129.16",
    "192.88.99.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:0:0:0:0:0:f5ff:fffe",
    "fec0::1",
    "100::1",
    "2001:db8::1",
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:80e::200e", "::ffff:8.8.8.8"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(FetchError, match="not an address of the public internet"):
        checked_addresses("x.test", ["8.8.8.8", address], Allowance())


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_taken(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
    assert checked_addresses("x.test", [address], Allowance()) == [address]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_never_reached_without_the_allowance(shop: Shop, host: str) -> None:
    error = refusal(shop, f"https://{host}:{shop.port}/", allowance=Allowance(tls=shop.tls))
    assert "not an address of the public internet" in str(error)
    assert shop.asked == []


@pytest.mark.parametrize(
    "target", ["https://10.0.0.1/x", "https://169.254.169.254/latest/meta-data", "http://8.8.8.8/", "https://[::1]/"]
)
def test_every_redirect_is_checked_again(shop: Shop, target: str) -> None:
    shop.answers["/a"] = Answer(302, headers={"Location": "/b"})
    shop.answers["/b"] = Answer(307, headers={"Location": target})
    said = str(refusal(shop, shop.url("/a")))
    assert "not an address of the public internet" in said or "does not begin with https://" in said
    assert [path for path, _ in shop.asked] == ["/a", "/b"]


def test_redirects_are_followed_up_to_the_limit(shop: Shop) -> None:
    for number in range(6):
        shop.answers[f"/{number}"] = Answer(301, headers={"Location": f"/{number + 1}"})
    shop.answers["/4"] = Answer(body=b"here")
    assert fetch(shop.url("/0"), LIMITS, allowance=shop.allowance).content == b"here"
    shop.answers["/4"] = Answer(301, headers={"Location": "/5"})
    assert str(refusal(shop, shop.url("/0"))) == "more than 4 redirects"


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(shop: Shop) -> None:
    """DNS rebinding: the address that was checked is connected to; the name is not looked up again."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [LOCAL] if len(asked) == 1 else ["10.0.0.1"]

    shop.answers["/a"] = Answer(body=b"checked")
    allowance = Allowance(frozenset({LOCAL}), resolve, shop.tls)
    assert fetch(shop.url("/a"), LIMITS, allowance=allowance).content == b"checked"
    assert asked == ["shop.test"]
    shop.answers["/a"] = Answer(302, headers={"Location": "/b"})
    asked.clear()
    assert "10.0.0.1" in str(refusal(shop, shop.url("/a"), allowance=allowance))


def test_one_private_address_among_public_ones_is_enough_to_refuse(shop: Shop) -> None:
    shop.names["mixed.test"] = ["8.8.8.8", "192.168.0.4"]
    assert "mixed.test is at 192.168.0.4" in str(refusal(shop, shop.url("/", "mixed.test")))


def test_the_certificate_must_be_that_of_the_name(shop: Shop) -> None:
    shop.names["other.test"] = [LOCAL]
    error = refusal(shop, shop.url("/", "other.test"))
    assert "no certificate that holds" in str(error)
    assert error.retryable is False


def test_an_answer_over_the_limit_is_refused_before_or_while_it_comes(shop: Shop) -> None:
    shop.answers["/told"] = Answer(body=b"x" * 10_001)

    def pour(request: BaseHTTPRequestHandler) -> None:
        for _ in range(10_000):
            request.wfile.write(b"x" * 1000)

    shop.answers["/untold"] = Answer(write=pour)
    assert "larger than 0.01 MB" in str(refusal(shop, shop.url("/told")))
    assert "larger than 0.01 MB" in str(refusal(shop, shop.url("/untold")))


def test_packed_and_cut_answers_are_refused(shop: Shop) -> None:
    shop.answers["/packed"] = Answer(body=b"x", headers={"Content-Encoding": "gzip"})
    shop.answers["/cut"] = Answer(body=b"x" * 10, headers={"Content-Length": "500"})
    assert "packed" in str(refusal(shop, shop.url("/packed")))
    assert refusal(shop, shop.url("/cut")).retryable


@pytest.mark.parametrize("what", ["body", "head"])
def test_a_server_that_drips_is_left_when_time_is_up(shop: Shop, what: str) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        if what == "head":
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(200):
            request.wfile.write(b"x" if what == "body" else b"X-A: b\r\n")
            request.wfile.flush()
            time.sleep(0.05)

    shop.answers["/slow"] = Answer(200 if what == "body" else 0, write=drip)
    began = time.monotonic()
    error = refusal(shop, shop.url("/slow"), Limits(10_000, 0.6))
    assert time.monotonic() - began < 8
    assert "did not answer within 0.6 s" in str(error)
    assert error.retryable


def test_a_look_up_that_hangs_is_left_when_time_is_up(shop: Shop) -> None:
    let_go = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        let_go.wait(30)
        return [LOCAL]

    began = time.monotonic()
    error = refusal(shop, shop.url("/"), Limits(100, 0.3), Allowance(frozenset({LOCAL}), resolve, shop.tls))
    assert time.monotonic() - began < 20
    let_go.set()
    assert "was not found in time" in str(error)


@pytest.mark.parametrize(("status", "retryable"), [(404, False), (403, False), (500, True), (503, True), (429, True)])
def test_a_refusal_says_whether_it_helps_to_try_again(shop: Shop, status: int, retryable: bool) -> None:
    shop.answers["/"] = Answer(status, headers={"Retry-After": "120"})
    error = refusal(shop, shop.url("/"))
    assert f"it answers {status}" in str(error)
    assert (error.retryable, error.retry_after_s) == (retryable, 120.0)


def test_a_post_brings_its_body_and_headers_and_any_good_status_will_do(shop: Shop) -> None:
    shop.answers["/hook"] = Answer(204)
    assert post(shop.url("/hook"), b"hello", LIMITS, headers={"X-Sign": "1"}, allowance=shop.allowance) == 204
    ((path, headers),) = shop.asked
    assert (path, headers["x-sign"], headers["content-length"], shop.posted) == ("/hook", "1", "5", [b"hello"])


@pytest.mark.parametrize(
    ("answer", "why", "retryable"),
    [
        (Answer(302, headers={"Location": "/other"}), "redirects, which is not followed", False),
        (Answer(403), "answers 403", False),
        (Answer(503), "answers 503", True),
    ],
)
def test_a_post_that_is_not_taken_says_why(shop: Shop, answer: Answer, why: str, retryable: bool) -> None:
    shop.answers["/hook"] = answer
    with pytest.raises(FetchError, match=why) as caught:
        post(shop.url("/hook"), b"hello", LIMITS, allowance=shop.allowance)
    assert caught.value.retryable is retryable


def test_a_post_goes_to_public_addresses_only(shop: Shop) -> None:
    with pytest.raises(FetchError, match="not an address of the public internet"):
        post("https://169.254.169.254/", b"x", LIMITS, allowance=shop.allowance)
    assert shop.asked == []
