"""`--reranker`: a cross-encoder reads the question with each of the first candidates again.

Off unless it is asked for: it costs as much as embedding a hundred questions or more, and PyTorch
(docs/adr/0003).

How it mixes with the ranker. Among the first `DEPTH` candidates the cross-encoder alone decides the
order; clauses that were asked for by number stay in front, and all behind them keeps its place.
Every clause keeps the ranker's score, on which the answer model was trained, so a confidence says
what it said before: the lead of a clause (`margin`) is the ranker's score over the best of those
placed behind it, and where the cross-encoder overrules the ranker there is no lead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import RerankerLoadError
from index.passages import clause_texts
from index.tokens import search_form
from index.types import Passage
from qa.query import Query
from qa.stages import Ranked

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

DEPTH = 10  # candidates read again; on dev the right clause is nearly always among the first five
_SCORING = ("ForSequenceClassification", "ForCausalLM")
_ONE_SCORE = "它给每对文字不止一个分数，不是用来排序的"
_NO_HEAD = "它不是交叉编码器（没有训练过的打分层），也许是向量模型，那要用 --model"


class Reranker(Protocol):
    """Scores a question with texts; tests stand in for it with a few lines."""

    @property
    def name(self) -> str:
        """What the operator called it."""
        ...

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (n,), one score a text, higher is better."""
        ...


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder with one score, by name or folder, on the CPU."""

    def __init__(self, name: str) -> None:
        """Load with PyTorch; nothing that the model brings along is run as code.

        :raises RerankerLoadError: not found, not reachable, or not such a model.
        """
        self.name = name
        self._model = _load(name)

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (n,), raw scores; a pair beyond the model's length is cut."""
        from torch.nn import Identity

        if not texts:
            return np.empty(0, dtype=np.float32)
        pairs = [(question, text) for text in texts]
        # Not the sigmoid that is usual: in float32 it makes high scores equal.
        found = self._model.predict(pairs, activation_fn=Identity(), show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


def open_reranker(name: str | None) -> Reranker | None:
    """The cross-encoder that ``--reranker`` names; None (or an empty name): there is none.

    :raises RerankerLoadError: it does not load.
    """
    return CrossEncoderReranker(name) if name else None


def rerank(
    ranked: Ranked, passages: Sequence[Passage], reranker: Reranker, *, first: int = 0
) -> Ranked:
    """Put the first candidates into the order of the cross-encoder; equal scores keep theirs.

    :param passages: of the index, by row.
    :param first: so many rows in front were asked for by number and keep their places.
    """
    rows = ranked.rows[first : first + DEPTH]
    texts = clause_texts([passages[row] for row in rows])
    scores = reranker.scores(asked_text(ranked.query), texts)
    if len(rows) < 2 or not np.isfinite(scores).all():  # a broken model must not shuffle answers
        return replace(ranked, moved=0)
    order = [first + int(i) for i in np.argsort(-scores, kind="stable")]
    places = [*range(first), *order, *range(first + len(rows), len(ranked.rows))]
    return replace(
        ranked,
        rows=tuple(ranked.rows[i] for i in places),
        scores=tuple(ranked.scores[i] for i in places),
        moved=sum(i != place for place, i in enumerate(places)),
    )


def asked_text(query: Query) -> str:
    """What the cross-encoder reads as the question: with the earlier one that it leans on."""
    return search_form(f"{query.context} {query.text}" if query.context else query.text)


def _load(name: str) -> CrossEncoder:
    if not Path(name).is_dir() and (Path(name).is_absolute() or name.startswith((".", "~"))):
        raise RerankerLoadError(name, "没有这个文件夹")
    try:
        from sentence_transformers import CrossEncoder  # ten seconds with torch

        with _quiet():
            model: CrossEncoder = CrossEncoder(
                name, device="cpu", trust_remote_code=False, model_kwargs={"use_safetensors": True}
            )
        labels = model.num_labels
        # One module alone scores with a layer of its own; transformers puts a random one on a model
        # that has none. Of several modules the later ones score.
        about = model.config
        made_of = ((about.architectures if about else None) or [""])[0]
        headless = len(model) == 1 and not made_of.endswith(_SCORING)
    except Exception as error:  # it raises whatever its many loaders raise
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise RerankerLoadError(name, lines[0]) from error
    if headless:
        raise RerankerLoadError(name, _NO_HEAD)
    if labels != 1:
        raise RerankerLoadError(name, _ONE_SCORE)
    return model


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep bars and English remarks of transformers from a terminal that speaks Chinese."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
