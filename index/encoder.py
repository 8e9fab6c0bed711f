"""Texts in, unit vectors out: the default ONNX encoder and any sentence-transformers model."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from index.adapter import PUBLISHED, Adapter, Adapters, Kind, shipped
from index.errors import EncoderLoadError
from index.model import MODEL_FILES, MODEL_NAME
from index.onnx_bert import DIM, MODEL_ID, Floats, OnnxBert, pad, require

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

OnProgress: TypeAlias = Callable[[int, int], None]  # texts done, texts in all

# From the model card of BAAI/bge-*-zh-v1.5: queries take it, passages take nothing.
QUERY_INSTRUCTION = "为这个句子生成表示以用于检索相关文章："
_DEFAULTS = (None, "", MODEL_NAME, f"BAAI/{MODEL_NAME}")
CHEAPER = ("fast", "int8")  # names of forms of the default model, which need its files
# 1,000 policy sentences (40,000 tokens) on 2 shared cores: 512 to 2,048 alike (8 s), 16,384 13 s.
BATCH_TOKENS = 2048


class Encoder(Protocol):
    """What turns text into vectors; tests stand in for it with a few lines."""

    @property
    def name(self) -> str:
        """Model, content digest and recipe: equal names give equal vectors."""
        ...

    @property
    def dim(self) -> int:
        """The length of a vector."""
        ...

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Kind = "passage",
        progress: OnProgress | None = None,
    ) -> Floats:
        """Return float32 (n, dim), row ``i`` for ``texts[i]``, unit rows; cosine = dot product."""
        ...


class OnnxEncoder:
    """BAAI/bge-small-zh-v1.5 by ONNX Runtime: [CLS] of the last layer, at unit length.

    With a trained update of passages (`index.adapter`) it is another model, under another name.
    """

    dim = DIM

    def __init__(
        self, folder: Path, threads: int | None = None, adapters: Adapters = PUBLISHED
    ) -> None:
        """Load from a model folder; ``threads`` defaults to the CPUs this process may use.

        :param adapters: trained updates of the weights; those for another model are left out.
        :raises ModelMissingError: a file is missing or is not the pinned one.
        """
        require(folder)
        self._folder, self._threads = folder, threads
        self._adapters = adapters.fitting(MODEL_FILES[1].sha256)
        passage = self._adapters.passage
        self.name = f"{MODEL_ID}+{passage.name}" if passage else MODEL_ID
        self._loaded: dict[Kind, OnnxBert] = {}
        self._loading = threading.Lock()

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Kind = "passage",
        progress: OnProgress | None = None,
    ) -> Floats:
        """Return float32 (n, dim), unit rows; of a text beyond 512 tokens the beginning counts."""
        prefix = "" if kind == "passage" else QUERY_INSTRUCTION
        bert = self.bert(kind)
        rows = bert.tokenize([prefix + text for text in texts])
        vectors = np.empty((len(rows), self.dim), dtype=np.float32)
        done = 0
        for batch in batches([len(row) for row in rows]):
            ids, mask = pad([rows[number] for number in batch])
            vectors[batch] = bert.hidden(ids, mask)[:, 0]
            done += len(batch)
            if progress is not None:
                progress(done, len(rows))
        return unit(vectors)

    def bert(self, kind: Kind) -> OnnxBert:
        """Return the model, loaded when it is first needed: who only asks embeds no passages."""
        with self._loading:
            if kind not in self._loaded:
                self._loaded[kind] = self._load(kind)
            return self._loaded[kind]

    def _load(self, kind: Kind) -> OnnxBert:
        """Load the model as texts of a kind are read; read alike, they share one session."""
        adapter = self._adapters.of(kind)
        for other, loaded in self._loaded.items():
            if self._adapters.of(other) is adapter:
                return loaded
        return self._made(adapter)

    def _made(self, adapter: Adapter | None) -> OnnxBert:
        return OnnxBert(self._folder, self._threads, adapter)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by name or folder."""

    def __init__(self, model: str) -> None:
        """Load with PyTorch on the CPU.

        :raises EncoderLoadError: not found, not reachable, or not such a model.
        """
        self._model = _load_sentence_transformer(model)
        self.name = f"{model}@{_fingerprint(self._model)}"
        self.dim = len(self.encode([""])[0])
        self._instruction = self._model.prompts.get("query") or _instruction_for(model)

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Kind = "passage",
        progress: OnProgress | None = None,
    ) -> Floats:
        """Return float32 (n, dim), unit rows; queries take the model's own query prompt."""
        passage = kind == "passage"
        prompt = self._model.prompts.get("document") if passage else self._instruction
        parts = []
        step = 256
        for start in range(0, len(texts), step):
            part = list(texts[start : start + step])
            parts.append(self._model.encode(part, prompt=prompt or None, show_progress_bar=False))
            if progress is not None:
                progress(start + len(part), len(texts))
        if not parts:
            return np.empty((0, self.dim), dtype=np.float32)
        return unit(np.concatenate(parts).astype(np.float32))


def load_encoder(model: str | None, folder: Path, threads: int | None = None) -> Encoder:
    """Return the default encoder from ``folder``, or the one that ``model`` names.

    ``fast`` and ``int8`` are cheaper forms of the default one, from the same folder; any other
    name is a sentence-transformers model.

    :raises ModelMissingError: the default model is not (whole) in ``folder``.
    :raises EncoderLoadError: ``model`` does not load.
    """
    if model in _DEFAULTS:
        return OnnxEncoder(folder, threads, shipped())
    assert model is not None  # None is a default
    if model in CHEAPER:
        from index.fast import FastEncoder, Int8Encoder

        if model == "fast":
            return FastEncoder(folder, threads)
        return Int8Encoder(folder, threads, shipped())
    return SentenceTransformerEncoder(model)


def needs_default(model: str | None) -> bool:
    """Whether a model named on the command line is made of the default model's files."""
    return model in _DEFAULTS or model in CHEAPER


def batches(lengths: Sequence[int], budget: int = BATCH_TOKENS) -> Iterator[list[int]]:
    """Yield positions in batches of like length, padded size at most ``budget`` tokens.

    Longest first: the largest memory need shows at once. Equal lengths keep their order.
    """
    order = sorted(range(len(lengths)), key=lambda number: -lengths[number])
    batch: list[int] = []
    for number in order:
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def unit(vectors: Floats) -> Floats:
    """Scale rows to length 1; a zero row stays zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
    return scaled


def _instruction_for(model: str) -> str:
    """Return the instruction of BAAI's Chinese models, whose repositories do not carry it."""
    name = model.lower()
    return QUERY_INSTRUCTION if "bge-" in name and "-zh" in name else ""


def _load_sentence_transformer(model: str) -> SentenceTransformer:
    try:
        # Ten seconds to import with torch, so only for those who ask for such a model.
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(
            model, device="cpu", trust_remote_code=False, model_kwargs={"use_safetensors": True}
        )
    except Exception as error:  # it raises whatever its many loaders raise
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise EncoderLoadError(model, lines[0]) from error


def _fingerprint(model: SentenceTransformer) -> str:
    """Return 12 hex digits over weights and set-up, the same wherever the model lies."""
    import torch

    digest = hashlib.sha256(f"{model!r}{sorted(model.prompts.items())}".encode())
    for name, tensor in model.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:12]
