"""Models of others are read as tensors, never as pickles."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.encoder import load_encoder
from index.errors import EncoderLoadError

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A very small model of the usual kind, with made-up weights."""
    folder = tmp_path_factory.mktemp("model")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "落", "户", "上", "学"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    tokenizer = transformers.BertTokenizerFast(vocab=str(folder / "vocab.txt"))
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    transformers.BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_tensors_are_read(folder: Path) -> None:
    encoder = load_encoder(str(folder), folder)
    assert encoder.encode(["落户"]).shape == (1, 8)


def test_a_pickle_is_refused(folder: Path, tmp_path: Path) -> None:
    """The same weights as a pickle, which could as well hold a program."""
    for path in folder.iterdir():
        if path.suffix != ".safetensors":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = transformers.BertModel.from_pretrained(folder).state_dict()
    torch.save(weights, tmp_path / "pytorch_model.bin")
    with pytest.raises(EncoderLoadError, match="safetensors"):
        load_encoder(str(tmp_path), tmp_path)
