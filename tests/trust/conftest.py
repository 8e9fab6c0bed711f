"""The process in whose forks jobs are killed, and the homes that they work on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus import CorpusStore, ingest
from index.policy_index import build_index
from qa.backup import back_up
from qa.feedback import Feedback, open_feedback
from tests.index.factories import HashEncoder
from tests.qa.town import POINTS, write_documents


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended: exit code (-9 when killed), seconds, points passed, what it said."""

    code: int
    seconds: float
    points: int
    said: str


Run = Callable[..., Ended]


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    """Return what runs a job in a fork: ``run(do, home, after=seconds)`` or ``point=n``."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.trust.warm"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip

    def one(do: str, home: Path, **more: Any) -> Ended:  # noqa: ANN401
        assert process.stdin is not None
        assert process.stdout is not None
        job = {"do": do, "home": str(home), **more}
        process.stdin.write(json.dumps(job) + "\n")
        process.stdin.flush()
        return Ended(**json.loads(process.stdout.readline()))

    yield one
    process.communicate(timeout=60)


@dataclass(frozen=True, slots=True)
class Scene:
    """Folders made once: a home with its index, another to import, and a backup of a third."""

    home: Path
    grown: Path  # the same home with one document more than its index
    folder: Path
    archive: Path


def revised(number: int) -> str:
    """A document like the points of 上虞, under another 文号."""
    text = POINTS.replace("虞政办发〔2025〕7号", f"虞政办发〔2025〕{number}号")
    return text.replace("1500套", f"{number}套")


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Make the folders."""
    root = tmp_path_factory.mktemp("scene")
    home, grown, other = root / "home", root / "grown", root / "other"
    with CorpusStore.open(home, samples=False) as store:
        ingest(store, write_documents(root / "originals"))
        build_index(store, home / "index", HashEncoder())
    said = open_feedback(home)
    said.add(Feedback("up", comment="原来的"))
    said.close()
    shutil.copytree(home, grown)
    folder = root / "folder"
    folder.mkdir()
    for number in range(20, 26):
        (folder / f"{number}.txt").write_text(revised(number), encoding="utf-8")
    (folder / "上虞.txt").write_text(POINTS.replace("1500套", "1600套"), encoding="utf-8")
    with CorpusStore.open(grown, samples=False) as store:
        ingest(store, [folder / "20.txt"])
    shutil.copytree(grown, other)
    said = open_feedback(other)
    said.add(Feedback("down", comment="备份里的"))
    said.close()
    back_up(other, root / "b.zip")
    return Scene(home, grown, folder, root / "b.zip")
