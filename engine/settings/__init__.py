"""What a merchant writes: channel and catalogue files, checked."""

from engine.settings.catalogue import Catalogue, Fact, FactType, Policy, Product
from engine.settings.channel import (
    Canvas,
    Channel,
    ChannelPolicy,
    Chat,
    Output,
    Persona,
    Recording,
    Rtmp,
    Server,
    Show,
    Voice,
)
from engine.settings.errors import Problem, SettingsError, format_problems
from engine.settings.load import is_catalogue, load_catalogue, load_channel, problem_at

__all__ = [
    "Canvas",
    "Catalogue",
    "Channel",
    "ChannelPolicy",
    "Chat",
    "Fact",
    "FactType",
    "Output",
    "Persona",
    "Policy",
    "Problem",
    "Product",
    "Recording",
    "Rtmp",
    "Server",
    "SettingsError",
    "Show",
    "Voice",
    "format_problems",
    "is_catalogue",
    "load_catalogue",
    "load_channel",
    "problem_at",
]
