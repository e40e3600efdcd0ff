"""Words: the template writer, the guard, and the answers to the chat."""

from engine.script.answers import Answer, Answerer
from engine.script.facts import FactBook, ScriptError, money, spoken_name
from engine.script.guard import Finding, Guard, Verdict, judge_typed
from engine.script.intents import Intent
from engine.script.selector import Selector, SelectorError
from engine.script.topic import Kind, Topic
from engine.script.topics import TopicFinder
from engine.script.writer import FEW_LEFT, Draft, Place, TemplateWriter

__all__ = [
    "FEW_LEFT",
    "Answer",
    "Answerer",
    "Draft",
    "FactBook",
    "Finding",
    "Guard",
    "Intent",
    "Kind",
    "Place",
    "ScriptError",
    "Selector",
    "SelectorError",
    "TemplateWriter",
    "Topic",
    "TopicFinder",
    "Verdict",
    "judge_typed",
    "money",
    "spoken_name",
]
