"""What a driver is, and the work that all of them are given. Imported in both environments.

Everything imported here must be installed beside the peers too: `requirements.txt` lists it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.tokens import default_tokenizer

Vectors = NDArray[np.float32]
TOP = 10  # what is asked for
DEPTH = 30  # what each leg hands to the fusion, where a peer lets one say so


@dataclass(frozen=True, slots=True)
class Work:
    """The same texts and questions for all. ``texts``: search form, row ``i`` is ``ids[i]``."""

    folder: Path
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    questions: tuple[str, ...]

    @classmethod
    def read(cls, folder: Path, limit: int | None = None) -> Work:
        """Read a work folder; of its texts only the first ``limit``."""
        corpus = list(_rows(folder / "corpus.jsonl"))[:limit]
        questions = _rows(folder / "questions.jsonl")
        return cls(
            folder,
            tuple(row["id"] for row in corpus),
            tuple(row["text"] for row in corpus),
            tuple(row["text"] for row in questions),
        )

    def write(self) -> None:
        """Write texts and questions; vectors are written beside them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / "corpus.jsonl", zip(self.ids, self.texts, strict=True))
        _write(self.folder / "questions.jsonl", enumerate(self.questions))

    def vectors(self) -> Vectors:
        """What the model gives for ``texts``: float32 (n, dim), unit rows."""
        rows: Vectors = np.load(self.folder / "vectors.npy", allow_pickle=False)[: len(self.ids)]
        return rows


class Embed(Protocol):
    """The model, as every driver calls it."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: float32 (n, dim), unit rows."""
        ...

    def question(self, text: str) -> Vectors:
        """Embed one question: float32 (dim,), unit length."""
        ...


class Driver(Protocol):
    """One system. It is opened in another process than the one that built its index."""

    name: str
    version: str
    remarks: tuple[str, ...]  # where the work is not quite the same, and how; shown in the table

    def chunk(self, folder: Path) -> int:
        """Load a folder of Markdown files and cut them as the system does; how many pieces."""
        ...

    def build(self, work: Work, embed: Embed, out: Path) -> None:
        """Tokenise, embed, index, and write what `open` needs."""
        ...

    def open(self, out: Path, embed: Embed) -> None:
        """Load the index."""
        ...

    def ask(self, question: str) -> list[str]:
        """Return the ids of the best texts for a question, at most `TOP`."""
        ...


class Given:
    """Passages looked up among finished vectors; questions are embedded by the model."""

    def __init__(self, work: Work, model: Embed | None = None) -> None:
        """Take the work's vectors; without ``model`` no question can be embedded."""
        self._rows = dict(zip(work.texts, work.vectors(), strict=True))
        self._model = model

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Look up vectors."""
        return np.stack([self._rows[text] for text in texts])

    def question(self, text: str) -> Vectors:
        """Embed one question.

        :raises ValueError: there is no model.
        """
        if self._model is None:
            raise ValueError("no model to embed questions with")
        return self._model.question(text)


class Model:
    """The published model by ONNX Runtime: the same file and the same code for every system."""

    def __init__(self, threads: int | None = None) -> None:
        """Load it from where the product keeps it."""
        from index.encoder import OnnxEncoder
        from index.model import model_dir

        self.encoder = OnnxEncoder(model_dir(), threads)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed one batch as the peer cuts it."""
        return self.encoder.encode(texts)

    def question(self, text: str) -> Vectors:
        """Embed one question, with the model's instruction for queries."""
        row: Vectors = self.encoder.encode([text], kind="query")[0]
        return row


class Words:
    """Texts as the word indexes of the peers take them: our tokens, joined by blanks."""

    def __init__(self) -> None:
        self._plain: dict[str, str] = {}
        self._tokenizer = default_tokenizer()

    def join(self, text: str) -> str:
        """Cut a text by jieba and join its words; `plain` finds the text again."""
        joined = " ".join(self._tokenizer.terms(text)) or "。"
        self._plain[joined] = text
        return joined

    def plain(self, joined: str) -> str:
        """The text that was joined: what is embedded."""
        return self._plain[joined]


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _write(path: Path, rows: Iterable[tuple[object, str]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for name, text in rows:
            out.write(json.dumps({"id": name, "text": text}, ensure_ascii=False) + "\n")
