"""What can go wrong with a language model."""

from __future__ import annotations

from engine.script.facts import ScriptError


class ModelError(ScriptError):
    """The model gave nothing. ``retryable`` is False where trying again cannot help."""

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.retryable = retryable


class ModelTooSlowError(ModelError):
    """The deadline passed."""


class ModelDiedError(ModelError):
    """The model's process ended, or its server broke off."""


class ModelRefusedError(ModelError):
    """The model's server did not take the request."""


class ModelMissingError(ModelError):
    """The model, its package or its key is not there; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message, retryable=False)
