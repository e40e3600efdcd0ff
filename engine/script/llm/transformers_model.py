"""The process of a model run by ``transformers`` and torch with one thread."""

from __future__ import annotations

import sys
from typing import Any

from engine.script.llm.serve import INSTALL_TRANSFORMERS, Answer, NotInstalledError, serve

_MIN_P = 0.08


def load(model: str, context: int) -> Answer:
    """Answers by the model in the folder ``model``, or of that name on the hub.

    Raises:
        NotInstalledError: torch, transformers or the model is missing.
    """
    try:
        import torch  # noqa: PLC0415
        import transformers  # noqa: PLC0415
    except ImportError as error:
        raise NotInstalledError(
            f"the transformers writer needs torch and transformers: {INSTALL_TRANSFORMERS}"
        ) from error
    torch.set_num_threads(1)
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(model)
        network = transformers.AutoModelForCausalLM.from_pretrained(model).eval()
    except (OSError, ValueError) as error:
        raise NotInstalledError(f"transformers cannot load {model}: {error}") from error

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        turns = [{"role": role, "content": text} for role, text in request["messages"]]
        text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        inputs = tokenizer(text, return_tensors="pt", add_special_tokens=False)
        read = int(inputs["input_ids"].shape[1])
        if read + request["max_tokens"] > context:
            return {"error": "the prompt does not fit into the context"}
        with torch.inference_mode():
            made = network.generate(
                **inputs,
                max_new_tokens=request["max_tokens"],
                do_sample=request["temperature"] > 0,
                temperature=request["temperature"] or None,
                min_p=_MIN_P if request["temperature"] > 0 else None,
                stop_strings=request["stop"] or None,
                tokenizer=tokenizer,
                pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
            )
        written = made[0, read:]
        text = tokenizer.decode(written, skip_special_tokens=True)
        ends = [text.index(stop) for stop in request["stop"] if stop in text]
        return {"text": text[: min(ends)] if ends else text, "read": read, "written": len(written)}

    return answer


if __name__ == "__main__":
    sys.exit(serve(load))
