"""The transformers backend with a tiny random model: it says nothing of sense, but by the whole way.

torch and transformers are an extra that CI does not install: pip install "everhost[torch]".
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.script.llm import Message, ModelMissingError, Wish
from engine.script.llm.worker import WorkerCompleter

MODULE = "engine.script.llm.transformers_model"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch = pytest.importorskip("torch", reason='pip install "everhost[torch]"')
    transformers = pytest.importorskip("transformers", reason='pip install "everhost[torch]"')
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers  # noqa: PLC0415

    words = {letter: i for i, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    words["<|end|>"] = len(words)
    raw = Tokenizer(models.BPE(vocab=words, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=raw, eos_token="<|end|>", pad_token="<|end|>")
    tokenizer.chat_template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant: "
    torch.manual_seed(0)
    shape = transformers.Qwen2Config(
        vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=4096,
    )  # fmt: skip
    place = tmp_path_factory.mktemp("tiny")
    transformers.Qwen2ForCausalLM(shape).save_pretrained(place)
    tokenizer.save_pretrained(place)
    return place


def test_it_writes_up_to_the_limit_and_stops_where_it_is_told(folder: Path) -> None:
    worker = WorkerCompleter("tiny", MODULE, str(folder), 2048)
    asked = [Message("system", "Be brief."), Message("user", "Hi")]
    made = worker.complete(asked, Wish(max_tokens=12, temperature=0.0, stop=()), 60.0)
    assert made.tokens_written == 12
    assert made.tokens_read == len("system: Be brief.\nuser: Hi\nassistant: ")
    cut = worker.complete(asked, Wish(max_tokens=12, temperature=0.0, stop=(made.text[2],)), 60.0)
    assert cut.text == made.text[:2]
    worker.close()


def test_a_folder_without_a_model_is_named() -> None:
    pytest.importorskip("transformers", reason='pip install "everhost[torch]"')
    worker = WorkerCompleter("tiny", MODULE, "/nowhere/at all", 2048)
    with pytest.raises(ModelMissingError, match="transformers cannot load"):
        worker.complete([Message("user", "Hi")], Wish(), 30.0)
    worker.close()
