"""The training questions, of two kinds, none of them scored.

Those about other cities (``train.jsonl``) are about documents that no scored question is about.
Those about the five documents (``home.jsonl``) are other questions than the scored ones, by other
authors.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.caseset import FOLDER, read_cases
from eval.engine import shared_folder
from eval.types import Case

TRAIN = FOLDER / "train.jsonl"
HOME = FOLDER / "home.jsonl"
HOME_CORPORA = ("digests", "originals")  # what the questions of HOME are asked over


def train_cases(path: Path = TRAIN) -> dict[str, tuple[Case, ...]]:
    """The training questions by city, which is a folder of the shared documents."""
    groups: dict[str, list[Case]] = {}
    for case in read_cases(path):
        groups.setdefault((case.gold or case.near)[0].file.split("/")[1], []).append(case)
    return {city: tuple(cases) for city, cases in groups.items()}


def home_cases() -> tuple[Case, ...]:
    """The training questions about the five documents."""
    return read_cases(HOME)


def documents_of(cases: Sequence[Case]) -> list[Path]:
    """The files that these questions are about.

    :raises CorpusMissingError: the shared documents are not there.
    """
    names = {gold.file for case in cases for gold in (*case.gold, *case.near)}
    return [shared_folder() / name for name in sorted(names)]
