"""Run the ONNX export of a BERT encoder with onnxruntime and tokenizers alone: no torch.

Importing torch and transformers takes ten seconds and half a gigabyte; this takes neither.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.normalizers import BertNormalizer

from index.adapter import Adapter
from index.errors import ModelMissingError
from index.model import MODEL_FILES, MODEL_NAME, FileState, status

MAX_TOKENS = 512  # rows of the position table; [CLS] and [SEP] included
PAD = 0  # token id of [PAD]
DIM = 512  # length of a vector of the pinned model
# Bump when the same files give other vectors, so that caches of embeddings are not mixed.
RECIPE = 1
MODEL_ID = f"{MODEL_NAME}@{'.'.join(file.sha256[:12] for file in MODEL_FILES)}.r{RECIPE}"
_MOST_THREADS = 8  # the model is small: more threads than this wait for one another

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]


class OnnxBert:
    """Tokens in, last hidden states out. Safe to use from several threads at once."""

    def __init__(
        self, folder: Path, threads: int | None = None, adapter: Adapter | None = None,
        file: Path | None = None,
    ) -> None:  # fmt: skip
        """Load the model from ``folder``; ``threads`` defaults to the CPUs this process may use.

        :param adapter: an update of the weights, applied to a copy in memory.
        :param file: run this model file, made from the pinned one, in its place.
        :raises ModelMissingError: a file is missing or is not the pinned one.
        """
        require(folder)
        tokenizer, model = (folder / file.name for file in MODEL_FILES)
        self.tokenizer = _tokenizer(tokenizer)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or min(_cpus(), _MOST_THREADS)
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        # Idle threads sleep instead of spinning: a server waits most of its time, and shares.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = _session(file or model, adapter, options)
        self.dim: int = self._session.get_outputs()[0].shape[-1]

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return each text's token ids, [CLS] … [SEP], at most ``MAX_TOKENS``."""
        clean = [_encodable(text) for text in texts]
        if len(clean) == 1:  # skips the thread pool: 0.1 ms on a question
            return [self.tokenizer.encode(clean[0]).ids]
        return [encoding.ids for encoding in self.tokenizer.encode_batch_fast(clean)]

    def hidden(self, ids: Ids, mask: Ids) -> Floats:
        """Return the last hidden states, float32 (n, tokens, dim).

        :param ids: int64 (n, tokens), padded on the right (the graph reads only lengths).
        :param mask: int64 (n, tokens), 1 for a token and 0 for padding.
        """
        states: Floats = self._session.run(
            None,
            {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)},
        )[0]
        return states


def _session(model: Path, adapter: Adapter | None, options: Any) -> Any:  # noqa: ANN401
    """Load a model file, updated where there is an adapter: from a kept file where that works."""
    start = partial(
        onnxruntime.InferenceSession, sess_options=options, providers=["CPUExecutionProvider"]
    )
    if adapter is None:
        return start(str(model))
    if kept := adapter.applied_file(model):
        try:
            return start(str(kept))
        except Exception:  # the runtime's errors have no common class; a damaged file is remade
            kept.unlink(missing_ok=True)
    return start(adapter.applied(model.read_bytes()))


def pad(rows: Sequence[Sequence[int]]) -> tuple[Ids, Ids]:
    """Return ids and mask, int64 (n, longest), padded on the right."""
    ids = np.full((len(rows), max(map(len, rows))), PAD, dtype=np.int64)
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask


def require(folder: Path) -> None:
    """Refuse a folder that is not the pinned model.

    :raises ModelMissingError: names what is missing and what is not the pinned file.
    """
    found = status(folder)
    if not found.ready:
        raise ModelMissingError(
            folder,
            [
                f"缺 {entry.file.name}"
                if entry.state is FileState.MISSING
                else f"{entry.file.name} 内容不对"
                for entry in found.files
                if entry.state is not FileState.PRESENT
            ],
        )


def _tokenizer(path: Path) -> Tokenizer:
    """Load the tokenizer, lower-casing: its vocabulary has no upper-case letter at all.

    As published it keeps case, so «APP» and «iOS» would be [UNK]. Text without upper-case letters
    gives the same tokens either way.
    """
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.normalizer = BertNormalizer(lowercase=True, strip_accents=False)
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _encodable(text: str) -> str:
    """Replace lone surrogates, which JSON can carry and UTF-8 cannot; other text is unchanged."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):  # respects taskset and container limits
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
