"""The process of a GGUF model, run by llama.cpp with one thread."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from engine.script.llm.serve import INSTALL_GGUF, Answer, NotInstalledError, serve

_MIN_P = 0.08


def load(model: str, context: int) -> Answer:
    """Answers by the GGUF file ``model``.

    Raises:
        NotInstalledError: xllamacpp or the file is missing, or llama.cpp cannot read it.
    """
    if not Path(model).is_file():
        raise NotInstalledError(f"there is no model at {model}; `make llm` fetches one")
    try:
        import xllamacpp  # noqa: PLC0415
    except ImportError as error:
        raise NotInstalledError(f"the GGUF writer needs xllamacpp: {INSTALL_GGUF}") from error
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.n_ctx = context
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.verbosity = -1
    params.warmup = False
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        raise NotInstalledError(f"llama.cpp cannot load {model}: {error}") from error

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        reply = server.handle_chat_completions(
            {
                "messages": [{"role": role, "content": text} for role, text in request["messages"]],
                "max_tokens": request["max_tokens"],
                "temperature": request["temperature"],
                "stop": request["stop"],
                "min_p": _MIN_P,
                "cache_prompt": True,
            }
        )
        data = json.loads(reply) if isinstance(reply, str | bytes) else reply
        if "choices" not in data:
            return {"error": f"llama.cpp refused: {str(data)[:200]}"}
        usage = data["usage"]
        read = usage["prompt_tokens"] - (usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
        text = data["choices"][0]["message"]["content"] or ""
        return {"text": text, "read": read, "written": usage["completion_tokens"]}

    return answer


if __name__ == "__main__":
    sys.exit(serve(load))
