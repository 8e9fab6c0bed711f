"""What the tests of fetching share: small files in the model's place, a bar, a mirror's names."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index import model
from index.files import ModelFile

CONTENTS = {"tokenizer.json": b'{"vocab": 1}' * 50, "model.onnx": bytes(range(256)) * 400}
FILES = tuple(
    ModelFile(name, len(body), hashlib.sha256(body).hexdigest()) for name, body in CONTENTS.items()
)


class Bar:
    """Writes down what a progress bar would draw: (name, total, bytes so far, finished)."""

    def __init__(self) -> None:
        """Begin with nothing drawn."""
        self.drawn: list[tuple[str, int, int, bool]] = []

    def start(self, name: str, total: int) -> None:
        """Begin a bar."""
        self.drawn.append((name, total, 0, False))

    def advance(self, n: int) -> None:
        """Lengthen the last bar."""
        name, total, sofar, finished = self.drawn[-1]
        self.drawn[-1] = (name, total, sofar + n, finished)

    def finish(self) -> None:
        """End the last bar."""
        self.drawn[-1] = (*self.drawn[-1][:3], True)


def names_in(folder: Path) -> list[str]:
    """Return the names of what lies in a folder, lock and marker aside."""
    return sorted(p.name for p in folder.iterdir() if p.name not in (model._LOCK, model._MARKER))
