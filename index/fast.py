"""Two cheaper ways to embed passages, by name: ``--model fast`` and ``--model int8``.

Both stand on the published model and its file, which must be there. What each costs in finding
and saves in time is told in docs/adr/0006.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.adapter import PUBLISHED, Adapter, Adapters, Kind
from index.encoder import OnnxEncoder, OnProgress, unit
from index.errors import EncoderLoadError
from index.files import sha256_of
from index.model import MODEL_FILES, MODEL_NAME
from index.onnx_bert import DIM, Floats, OnnxBert
from index.quantize import quantized
from index.static import StaticTable
from index.static import shipped as shipped_table

_STEP = 2048  # texts pooled at a time


class FastEncoder:
    """Passages by the shipped table of words, questions by the published model it imitates.

    An import runs some hundred times as fast as by the model.
    """

    dim = DIM

    def __init__(
        self, folder: Path, threads: int | None = None, table: StaticTable | None = None
    ) -> None:
        """Load from a model folder; see `OnnxEncoder`.

        :param table: default the shipped one.
        :raises ModelMissingError: the published model is not (whole) in ``folder``.
        :raises EncoderLoadError: there is no table, or it imitates another model.
        """
        self._questions = OnnxEncoder(folder, threads)
        found = table or shipped_table()
        if found is None or found.model != MODEL_FILES[1].sha256:
            raise EncoderLoadError("fast", "词表缺失，或与现在的向量模型不配套，请重新安装本程序")
        self._table = found
        self.name = f"{MODEL_NAME}-fast@{found.name}.r1"

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Kind = "passage",
        progress: OnProgress | None = None,
    ) -> Floats:
        """Return float32 (n, dim), unit rows."""
        if kind != "passage":
            return self._questions.encode(texts, kind=kind, progress=progress)
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), _STEP):
            part = texts[start : start + _STEP]
            vectors[start : start + len(part)] = self._table.embed(part)
            if progress is not None:
                progress(start + len(part), len(texts))
        return unit(vectors)


class Int8Encoder(OnnxEncoder):
    """The default model with its weights rounded to one byte, for questions and for passages.

    Activations are rounded by the largest of a batch, so that a text's vector depends a little on
    what it is embedded beside: equal names do not quite give equal vectors here.
    """

    def __init__(
        self, folder: Path, threads: int | None = None, adapters: Adapters = PUBLISHED
    ) -> None:
        """Round the model in ``folder`` where that is not done yet, and keep it there.

        :raises ModelMissingError: the published model is not (whole) in ``folder``.
        :raises EncoderLoadError: it is not rounded yet, and what rounds it is not installed.
        """
        super().__init__(folder, threads, adapters)
        file = quantized(folder, self._adapters.passage)
        self.name = f"{MODEL_NAME}-int8@{sha256_of(file)[:12]}.r1"

    def _made(self, adapter: Adapter | None) -> OnnxBert:
        return OnnxBert(self._folder, self._threads, file=quantized(self._folder, adapter))
