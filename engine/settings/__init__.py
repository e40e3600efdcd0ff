"""What a merchant writes: channel and catalogue files, checked."""

from engine.settings.catalogue import UNCOUNTED, Catalogue, Fact, FactType, Policy, Product
from engine.settings.changes import ChangeError, Changes
from engine.settings.channel import (
    Canvas,
    Channel,
    ChannelPolicy,
    Chat,
    Output,
    Persona,
    Recording,
    Retention,
    Rtmp,
    Server,
    Whip,
)
from engine.settings.chinese import in_chinese, speaks_chinese
from engine.settings.errors import Problem, SettingsError, format_problems
from engine.settings.follow import Follower, place_of
from engine.settings.load import is_catalogue, load_channel, load_rest, problem_at
from engine.settings.read import Loaded, in_order, load_catalogue, read_catalogue
from engine.settings.show import Campaign, Hours, Show
from engine.settings.sources import Given, Note, Origin
from engine.settings.state import state_dir
from engine.settings.voice import Voice
from engine.settings.writer import Writer

__all__ = [
    "UNCOUNTED",
    "Campaign",
    "Canvas",
    "Catalogue",
    "ChangeError",
    "Changes",
    "Channel",
    "ChannelPolicy",
    "Chat",
    "Fact",
    "FactType",
    "Follower",
    "Given",
    "Hours",
    "Loaded",
    "Note",
    "Origin",
    "Output",
    "Persona",
    "Policy",
    "Problem",
    "Product",
    "Recording",
    "Retention",
    "Rtmp",
    "Server",
    "SettingsError",
    "Show",
    "Voice",
    "Whip",
    "Writer",
    "format_problems",
    "in_chinese",
    "in_order",
    "is_catalogue",
    "load_catalogue",
    "load_channel",
    "load_rest",
    "place_of",
    "problem_at",
    "read_catalogue",
    "speaks_chinese",
    "state_dir",
]
