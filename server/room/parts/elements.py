"""The plain HTML that parts are made of."""

from __future__ import annotations

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement


class Text(TextElement):
    """An element ``tag`` with text in it; ``set_text`` changes it, and sends nothing when it is the same."""

    def __init__(self, tag: str, text: str = "", classes: str = "") -> None:
        super().__init__(tag=tag, text=text)
        self.classes(classes)


def box(tag: str = "div", classes: str = "", **attributes: object) -> Element:
    """An element that holds others. ``attributes`` are its HTML attributes, ``_`` standing for ``-``."""
    element = ui.element(tag).classes(classes)
    set_attributes(element, **attributes)
    return element


def set_attributes(element: Element, **attributes: object) -> None:
    """Set HTML attributes, ``_`` standing for ``-``; nothing is sent when they are what they were."""
    for name, value in attributes.items():
        key = name.rstrip("_").replace("_", "-")
        # NiceGUI sends the element at each assignment, whatever was there before.
        if element.props.get(key) != value:
            element.props[key] = value


def icon(name: str) -> Element:
    """A picture of ``icons.svg``, for the eye only."""
    with box("svg", aria_hidden="true") as drawing:
        box("use", href=f"/static/icons.svg#{name}")
    return drawing


def button(text: str, icon_name: str, classes: str = "", **attributes: object) -> Element:
    """A button of the page's own script (``room.js``), which acts by ``data-`` attributes."""
    with box("button", f"button {classes}", type="button", **attributes) as made:
        icon(icon_name)
        Text("span", text)
    return made
