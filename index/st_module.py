"""The same ONNX file served through sentence-transformers, for tools that expect its models.

``sentence_transformer(folder)`` gives a ``SentenceTransformer`` whose vectors are those of
``OnnxEncoder``; it can be saved, and loaded again with ``trust_remote_code=True`` (the folder
names this module). Importing this imports torch.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

from index.encoder import QUERY_INSTRUCTION
from index.model import MODEL_FILES
from index.onnx_bert import MAX_TOKENS, MODEL_ID, OnnxBert, pad


class OnnxTransformer(InputModule):
    """First module of a model: text to token embeddings, without gradients."""

    config_keys = ["model_id"]  # noqa: RUF012 - sentence-transformers' own way
    model_id = MODEL_ID
    max_seq_length = MAX_TOKENS

    def __init__(self, folder: str | Path, threads: int | None = None) -> None:
        """Load the model; see ``OnnxBert`` for ``threads`` and errors."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._folder = Path(folder)
        self._bert = OnnxBert(self._folder, threads)
        self.tokenizer = self._bert.tokenizer

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: object
    ) -> dict[str, torch.Tensor | Any]:
        """Return ``input_ids`` and ``attention_mask``, int64 (n, longest)."""
        rows = self._bert.tokenize([(prompt or "") + text for text in inputs])
        ids, mask = pad(rows)
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}

    def forward(
        self, features: dict[str, torch.Tensor | Any], **_: object
    ) -> dict[str, torch.Tensor | Any]:
        """Add ``token_embeddings``, float32 (n, longest, dim)."""
        ids, mask = (
            np.asarray(features[key].cpu(), dtype=np.int64)
            for key in ("input_ids", "attention_mask")
        )
        states = torch.from_numpy(self._bert.hidden(ids, mask))
        features["token_embeddings"] = states.to(features["input_ids"].device)
        return features

    def get_embedding_dimension(self) -> int:
        """Return the length of a vector."""
        return self._bert.dim

    def save(
        self, output_path: str, *_: object, safe_serialization: bool = True, **__: object
    ) -> None:
        """Copy the model files; there are no torch weights to serialise."""
        for file in MODEL_FILES:
            shutil.copyfile(self._folder / file.name, Path(output_path) / file.name)
        self.save_config(output_path, "onnx_transformer.json")

    @classmethod
    def load(
        cls, model_name_or_path: str, subfolder: str = "", *_: object, **__: object
    ) -> OnnxTransformer:
        """Load what ``save`` wrote; local folders only."""
        return cls(Path(model_name_or_path) / subfolder)


def sentence_transformer(folder: Path, threads: int | None = None) -> SentenceTransformer:
    """Return the model in ``folder`` as a ``SentenceTransformer`` on the CPU.

    ``encode_query`` adds the instruction that queries take; ``encode`` adds nothing.
    """
    first = OnnxTransformer(folder, threads)
    return SentenceTransformer(
        modules=[first, Pooling(first.get_embedding_dimension(), "cls"), Normalize()],
        prompts={"query": QUERY_INSTRUCTION, "document": ""},
        device="cpu",
    )
