"""Buttons and forms that wish something of a channel's show; ``wishes.js`` sends them to the API and shows refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from nicegui.element import Element

from server.room.channel_watch import ChannelWatch
from server.room.parts.elements import Text, box, button, icon, set_attributes
from server.room.words import Words

Wish = Mapping[str, object]


def plain(wish: Wish) -> str:
    """A wish as an attribute holds it."""
    return json.dumps(wish, ensure_ascii=False)


def wish_button(
    text: str, icon_name: str, watch: ChannelWatch, wish: Wish, classes: str = "", **attributes: object
) -> Element:
    """A button that wishes by itself."""
    return button(text, icon_name, classes, data_channel=watch.channel_id, data_wish=plain(wish), **attributes)


def icon_button(label: str, icon_name: str, **attributes: object) -> Element:
    """A button that is only a picture; ``label`` is for ears and as a hint."""
    with box("button", "icon-button", type="button", aria_label=label, title=label, **attributes) as made:
        icon(icon_name)
    return made


@contextmanager
def wish_form(
    watch: ChannelWatch, words: Words, wish: Wish, submit: str, *, icon_name: str = "send", path: str = ""
) -> Iterator[Element]:
    """A form around its fields, with the place for what the guard says, for a reason, and the button ``submit``.

    ``path`` is another address than the channel's steering.
    """
    with box("form", "wish-form", data_channel=watch.channel_id, data_wish=plain(wish)) as form:
        if path:
            set_attributes(form, data_path=path)
        yield form
        with box("div", "objections", role="alert"):
            Text("p", words("objections"), "objections-title")
            box("ul", "findings")
            with box("label", "why"):
                Text("span", words("why"))
                box("input", name="why", maxlength="200", autocomplete="off")
        with box("div", "form-foot"), box("button", "button primary", type="submit"):
            icon(icon_name)
            Text("span", submit, "usual")
            Text("span", words("insist"), "insist")


def text_field(label: str, name: str, rows: int = 2, most: int = 300) -> Element:
    """A labelled field for a line; Enter sends it."""
    with box("label", "field"):
        Text("span", label)
        return box("textarea", name=name, rows=str(rows), maxlength=str(most), required="required", autocomplete="off")


def hidden_field(name: str) -> Element:
    """A field that the page fills itself."""
    return box("input", name=name, type="hidden")


def choice(label: str, name: str, options: Mapping[str, str], **attributes: object) -> Element:
    """A labelled choice; ``options`` are value and text, "" being null in the wish."""
    with box("label", "field"):
        Text("span", label)
        with box("select", name=name, data_empty="null") as made:
            set_attributes(made, **attributes)
            for value, text in options.items():
                Text("option", text).props["value"] = value
    return made


@contextmanager
def dialog(name: str, title: str, words: Words) -> Iterator[Element]:
    """A panel that a button with ``data-open="#name"`` fills and shows; it is not modal, so stop stays in reach."""
    with box("dialog", "panel", id_=name, aria_labelledby=f"{name}-title") as made:
        with box("header"):
            Text("h2", title).props["id"] = f"{name}-title"
            icon_button(words("close"), "close", data_close="")
        yield made
