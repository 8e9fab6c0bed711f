"""Small trained changes to the encoder: low-rank updates of its weights.

A resident's question and the clause that answers it share few words, and the published encoder
was never shown such pairs. Two updates are trained on questions about other cities' policies
(`eval.adapting`): one that passages are read with and one for questions. An index made with
another update of passages is built anew; the update of questions changes nothing that is stored.

Each updated weight is ``W + down · up`` (low-rank adaptation, Hu et al. 2021). The model file
is pinned by digest, so the place of every weight in it is known, and the update is applied to
the bytes of the file on their way to ONNX Runtime.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index import marked
from index.errors import AdapterError
from index.files import UNREADABLE

Kind: TypeAlias = Literal["query", "passage"]
FILES: Mapping[Kind, str] = {"passage": "passage_adapter.npz", "query": "question_adapter.npz"}
_FLOAT = np.dtype("<f4")  # weights of the model file


@dataclass(frozen=True, slots=True)
class Update:
    """The update of one weight matrix.

    ``offset``: byte where its float32 values start in the model file, stored in C order with
    shape (inputs, columns); ``first``: the first column that is updated, of several matrices
    packed side by side. ``down``: (inputs, rank), ``up``: (rank, outputs).
    """

    offset: int
    columns: int
    first: int
    down: NDArray[np.float32]
    up: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Adapter:
    """All updates, for the model file with digest ``model``. ``name`` identifies the training."""

    name: str
    model: str
    updates: tuple[Update, ...]

    def save(self, path: Path) -> None:
        """Write half-precision factors and their places, without pickle."""
        about = {
            "name": self.name,
            "model": self.model,
            "updates": [
                {"offset": u.offset, "columns": u.columns, "first": u.first} for u in self.updates
            ],
        }
        factors = {}
        for number, update in enumerate(self.updates):
            factors[f"down{number}"] = update.down.astype(np.float16)
            factors[f"up{number}"] = update.up.astype(np.float16)
        arrays: dict[str, Any] = {"about": np.array(json.dumps(about)), **factors}
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path) -> Adapter:
        """Read what `save` wrote.

        :raises AdapterError: the file is not such a file.
        """
        try:
            # Opened here: over a damaged archive NumPy leaves the file open.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                about = json.loads(str(stored["about"]))
                updates = tuple(
                    Update(
                        place["offset"],
                        place["columns"],
                        place["first"],
                        stored[f"down{number}"].astype(np.float32),
                        stored[f"up{number}"].astype(np.float32),
                    )
                    for number, place in enumerate(about["updates"])
                )
            return cls(about["name"], about["model"], updates)
        except UNREADABLE as error:
            raise AdapterError(path, str(error)) from error

    @property
    def digest(self) -> str:
        """SHA-256 of everything that `applied` adds, 12 hex digits."""
        found = hashlib.sha256(self.model.encode())
        for u in self.updates:
            found.update(f"{u.offset} {u.columns} {u.first} {u.up.shape}".encode())
            found.update(np.ascontiguousarray(u.down).tobytes())
            found.update(np.ascontiguousarray(u.up).tobytes())
        return found.hexdigest()[:12]

    def kept_file(self, model: Path) -> Path:
        """Where the updated model is kept as a file, beside ``model``."""
        return model.with_name(f"updated-{self.digest}.onnx")

    def applied_file(self, model: Path) -> Path | None:
        """Return the updated model as a file beside ``model``, made where it is missing or damaged.

        A process that starts loads it in a third of the time that `applied` takes.

        :return: None where the folder cannot be written; then use `applied`.
        """
        target = self.kept_file(model)
        if marked.sound(target):
            return target
        try:
            marked.write_marked(target, self.applied(model.read_bytes()))
            _prune(model.parent)
        except OSError:
            return None
        return target

    def applied(self, model: bytes) -> bytes:
        """Return the model file with the updates added to its weights.

        :raises ValueError: an update lies outside the file.
        """
        changed = bytearray(model)
        for update in self.updates:
            inputs, outputs = len(update.down), update.up.shape[1]
            end = update.offset + inputs * update.columns * _FLOAT.itemsize
            if not 0 <= update.offset < end <= len(changed):
                raise ValueError(f"update at {update.offset} is outside the model file")
            values = np.frombuffer(changed, _FLOAT, inputs * update.columns, update.offset)
            weight = values.reshape(inputs, update.columns)
            weight[:, update.first : update.first + outputs] += update.down @ update.up
        return bytes(changed)


def _prune(folder: Path) -> None:
    """Remove updated files of earlier versions: the newest are those in use."""
    kept = sorted(folder.glob("updated-*.onnx"), key=lambda path: -path.stat().st_mtime_ns)
    for path in kept[len(FILES) :]:
        marked.remove(path)


@dataclass(frozen=True, slots=True)
class Adapters:
    """The updates that passages and questions are read with; None: as published."""

    passage: Adapter | None = None
    query: Adapter | None = None

    def of(self, kind: Kind) -> Adapter | None:
        """The update for texts of one kind."""
        return self.passage if kind == "passage" else self.query

    def fitting(self, model: str) -> Adapters:
        """Those for the model file with this digest."""
        passage, query = (one if one and one.model == model else None for one in self)
        return Adapters(passage, query)

    def __iter__(self) -> Iterator[Adapter | None]:
        return iter((self.passage, self.query))


PUBLISHED = Adapters()


def shipped() -> Adapters:
    """The adapters that come with the package; None where there is none."""
    return Adapters(_shipped("passage"), _shipped("query"))


def _shipped(kind: Kind) -> Adapter | None:
    with as_file(files("index") / FILES[kind]) as path:
        return Adapter.load(path) if path.is_file() else None
