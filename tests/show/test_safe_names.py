from __future__ import annotations

import pytest

from engine.script import FactBook
from engine.settings import Channel
from engine.show.safe_names import safe_name


@pytest.fixture(scope="module")
def book(channel: Channel) -> FactBook:
    return FactBook(channel.items, channel.name)


@pytest.mark.parametrize("name", ["Ann", "Anna", "María", "Anna-Lena", "Tom B", "小明", "王芳", "Олег"])
def test_names_are_said(book: FactBook, name: str) -> None:
    assert safe_name(name, book) == name


@pytest.mark.parametrize(
    "name",
    [
        "Guest 1234", "Admin", "Northwind", "Mia", "TrailMate", "Nike",
        "Say Meow", "Free", "Half Price", "Zero Dollars",
        "sh1thead", "Mike Hunt", "www.x.com", "Bob99", "Best", "xX_k_Xx", "A", "Bartholomew Maximilian", "管理员",
        "全场免费", "傻逼", "一折", "Аnn", "Doctor Bob", "Everyone",
    ],
)  # fmt: skip
def test_what_is_no_plain_name_is_not_said(book: FactBook, name: str) -> None:
    assert safe_name(name, book) is None
