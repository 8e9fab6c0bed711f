"""Cross-encoders of a few numbers, made and saved by the tests as published ones are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

LETTERS = "远安上虞落户租房居住证入学学位医保培训补贴老年食堂公安局教育不怎么办能吗多少的可以申请"


def tokenizer(folder: Path, letters: str = LETTERS) -> Any:  # noqa: ANN401 - transformers has no type for it
    """Return a BERT tokenizer that knows these characters, its files in ``folder``."""
    from transformers import BertTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(letters)]
    file = folder / "vocab.txt"
    file.write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    return BertTokenizer(vocab=str(file), model_max_length=128)


def save_model(folder: Path, *, labels: int = 1, head: bool = True) -> Path:
    """Save a BERT with random weights of a fixed seed.

    :param labels: scores a pair; ``head``: whether it has a layer that gives them at all.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel

    words = tokenizer(folder)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=128, initializer_range=0.5,
    )  # fmt: skip
    config.num_labels = labels
    with torch.random.fork_rng():
        torch.manual_seed(7)
        model = BertForSequenceClassification(config) if head else BertModel(config)
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    return folder
