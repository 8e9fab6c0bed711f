"""The other end of `qa.desk.jobs`: one task, read from stdin, told on stdout, then the end.

Lines on stdout are JSON: ``{"step", "done", "total"}`` on the way, at last ``{"result"}`` or
``{"error"}``, a sentence for people.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from corpus.errors import TiaowenError

if TYPE_CHECKING:
    from qa.desk.bench import Setting

_NICE: Final = 10  # below the page that answers meanwhile
_ROUNDS: Final = 3  # of building again because documents changed during the build
_EVERY: Final = 0.1  # seconds between two reports
Told = Callable[[str, int, int], None]


def build(values: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Build and publish the index of a home until it is what is stored.

    A document that is withdrawn while it is built would be missed by those who load the index.
    """
    from corpus import CorpusStore
    from index.policy_index import build_index, is_stale
    from qa.service import index_root

    home = Path(values["home"])
    encoder = _encoder(values)
    with CorpusStore.open(home) as store:
        for _ in range(_ROUNDS):
            manifest = build_index(store, index_root(home), encoder, progress=told)
            if not is_stale(store, index_root(home), encoder):
                break
    return asdict(manifest)


def preview(values: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """What changed word lists gain and lose on the evaluation cases."""
    from qa.desk.bench import bench

    return dict(bench().preview(values["before"], values["after"], _setting(values, told)))


def evaluate(values: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """Run the evaluation and leave its run folder with the report under ``into``."""
    from qa.desk.bench import bench

    return dict(bench().run(Path(values["into"]), _setting(values, told)))


def _setting(values: Mapping[str, Any], told: Told) -> Setting:
    from qa.desk.bench import Setting

    return Setting(
        model=values.get("model"),
        model_dir=_folder(values),
        words_only=bool(values.get("words_only")),
        told=told,
        sample=values.get("sample"),
    )


def _folder(values: Mapping[str, Any]) -> Path | None:
    return Path(values["model_dir"]) if values.get("model_dir") else None


_TASKS: Final[Mapping[str, Callable[[Mapping[str, Any], Told], dict[str, Any]]]] = {
    "build": build,
    "preview": preview,
    "evaluate": evaluate,
}


def _encoder(values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an Encoder, imported late
    """The encoder that the page serves with; None where it serves by words only."""
    from index import model as model_files
    from index.encoder import load_encoder

    if values.get("words_only"):
        return None
    return load_encoder(values.get("model"), model_files.model_dir(_folder(values)))


class _Teller:
    """Tells how far the work is, not more often than anybody looks."""

    def __init__(self) -> None:
        self._next = 0.0
        self._step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step != self._step or done >= total or now >= self._next:
            self._step, self._next = step, now + _EVERY
            tell({"step": step, "done": done, "total": total})


def tell(value: Mapping[str, Any]) -> None:
    """Say one line; work goes on where nobody listens any more."""
    with contextlib.suppress(BrokenPipeError, ValueError):
        sys.__stdout__.write(json.dumps(value, ensure_ascii=False) + "\n")  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]


def main() -> int:
    """Do the task on stdin; return the exit code."""
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    order = json.load(sys.stdin)
    sys.stdout = sys.stderr  # what a library prints is no report
    try:
        tell({"result": _TASKS[order["task"]](order, _Teller())})
    except TiaowenError as error:
        tell({"error": str(error)})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
