"""The system under evaluation, as this room sees it: a port that fakes can stand in for."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from corpus.types import Clause, Document, Role
from eval.errors import CorpusMissingError
from qa.types import Answer

if TYPE_CHECKING:
    from qa.cli.output import Bars

_CACHE = Path("index") / "embeddings.sqlite3"  # where a home keeps its embeddings


class Store(Protocol):
    """The documents and clauses of a corpus."""

    def documents(self) -> Sequence[Document]:
        """All documents in corpus order."""
        ...

    def clauses(self, *, roles: Iterable[Role] | None = None) -> Sequence[Clause]:
        """Passages of these roles, in corpus order."""
        ...

    def digest(self) -> str:
        """SHA-256 of what is stored."""
        ...


class Engine(Protocol):
    """Answers questions over one corpus; `qa.service.Service` is one."""

    @property
    def store(self) -> Store:
        """The corpus."""
        ...

    def answer(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        area: str | None = None,
        as_of: date | None = None,
    ) -> Answer:
        """Answer one question."""
        ...

    def search(
        self, query: str, *, limit: int = 10, area: str | None = None
    ) -> Sequence[tuple[str, float]]:
        """Rank clauses: (clause_id, score), best first."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


@dataclass(frozen=True, slots=True)
class Setup:
    """How to open an engine. ``corpus``: ``digests``, ``originals`` or the path of a home."""

    corpus: str
    model: str | None = None
    model_dir: Path | None = None
    bars: Bars | None = None
    reranker: str | None = None


@contextmanager
def open_engine(setup: Setup) -> Iterator[Engine]:
    """Open the engine over a corpus; close it at the end.

    ``digests``, ``originals`` and ``cities`` get a fresh home each, so that nothing a person added
    to their own home takes part. Embeddings are kept in the user's cache between runs.

    :raises CorpusMissingError: the originals or the home are not there.
    """
    if setup.corpus == "cities":
        with open_files(city_files(), setup) as engine:
            yield engine
        return
    if setup.corpus not in ("digests", "originals"):
        home = Path(setup.corpus).expanduser()
        if not home.is_dir():
            raise CorpusMissingError(
                f"没有语料「{setup.corpus}」：可用 digests、originals，或一个已有的数据目录"
            )
        with _opened(home, setup, samples=True) as engine:
            yield engine
        return
    if setup.corpus == "originals":
        with open_folder(shared_folder() / "originals", setup) as engine:
            yield engine
        return
    with fresh_home() as home, _opened(home, setup, samples=True) as engine:
        yield engine


@contextmanager
def open_folder(folder: Path, setup: Setup) -> Iterator[Engine]:
    """Open the engine over the documents of a folder, in a fresh home."""
    with open_files([folder], setup) as engine:
        yield engine


@contextmanager
def open_files(paths: Sequence[Path], setup: Setup) -> Iterator[Engine]:
    """Open the engine over these files and folders, in a fresh home."""
    from corpus import CorpusStore, ingest

    with fresh_home() as home:
        store = CorpusStore.open(home, samples=False)
        ingest(store, paths)
        store.close()
        with _opened(home, setup, samples=False) as engine:
            yield engine


def city_files() -> list[Path]:
    """The documents that ``cases/cities.jsonl`` asks about: other cities, other formats."""
    lines = (Path(__file__).parent / "cases" / "cities.jsonl").read_text(encoding="utf-8")
    cases = map(json.loads, lines.splitlines())
    named = {gold["file"] for case in cases for gold in (*case["gold"], *case.get("near", ()))}
    return [shared_folder() / name for name in sorted(named)]


@contextmanager
def fresh_home() -> Iterator[Path]:
    """Make an empty home that borrows the embedding cache of earlier evaluations."""
    from platformdirs import user_cache_path

    kept = user_cache_path("tiaowen", appauthor=False) / "eval" / _CACHE.name
    with tempfile.TemporaryDirectory(prefix="tiaowen-eval-") as folder:
        home = Path(folder)
        _copy(kept, home / _CACHE)
        yield home
        _copy(home / _CACHE, kept)


def _copy(source: Path, target: Path) -> None:
    """Copy a cache file whole or not at all; a cache that cannot be kept costs only time."""
    if not source.is_file():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}-{os.getpid()}")
        shutil.copyfile(source, aside)
        aside.replace(target)
    except OSError:
        return


@contextmanager
def _opened(home: Path, setup: Setup, *, samples: bool) -> Iterator[Engine]:
    from qa.service import open_service

    service = open_service(
        home,
        model=setup.model,
        model_dir=setup.model_dir,
        reranker=setup.reranker,
        progress=setup.bars,
        samples=samples,
    )
    try:
        yield service
    finally:
        service.close()


def shared_folder() -> Path:
    """Return the folder of test data: TIAOWEN_SHARED, or ``shared`` beside the repository.

    :raises CorpusMissingError: it is not there.
    """
    named = os.environ.get("TIAOWEN_SHARED")
    root = Path(__file__).resolve().parents[1]
    places = [Path(named)] if named else [root.parent / "shared", root / "shared"]
    for place in places:
        if (place / "originals").is_dir():
            return place
    raise CorpusMissingError(
        "找不到测试数据目录 shared（内含 originals/）。找过："
        + "、".join(map(str, places))
        + "。请用环境变量 TIAOWEN_SHARED 指明其位置，或改用 --corpus digests"
    )
