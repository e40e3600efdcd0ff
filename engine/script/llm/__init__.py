"""The language-model writer: backends, prompts, what a model may say, and the judge of what it wrote."""

from engine.script.llm.backends import BACKENDS, missing
from engine.script.llm.completer import Completer, Completion, Message, Wish
from engine.script.llm.errors import ModelDiedError, ModelError, ModelMissingError, ModelRefusedError, ModelTooSlowError
from engine.script.llm.judge import Judge
from engine.script.llm.kept import KeptLines
from engine.script.llm.metered import MeteredCompleter
from engine.script.llm.model_writer import ModelWriter, Tally
from engine.script.llm.note_chooser import NoteChooser
from engine.script.llm.whole import WholePitchWriter
from engine.script.llm.worklist import Rests, Task, Worklist

__all__ = [
    "BACKENDS",
    "Completer",
    "Completion",
    "Judge",
    "KeptLines",
    "Message",
    "MeteredCompleter",
    "ModelDiedError",
    "ModelError",
    "ModelMissingError",
    "ModelRefusedError",
    "ModelTooSlowError",
    "ModelWriter",
    "NoteChooser",
    "Rests",
    "Tally",
    "Task",
    "WholePitchWriter",
    "Wish",
    "Worklist",
    "missing",
]
