"""What an exported host says of its framing."""

from __future__ import annotations

FRAMED_BY = "everhost_framing"
"""Extras of an exported head: metres from the joint up to chin and crown, by which the picture is framed."""
