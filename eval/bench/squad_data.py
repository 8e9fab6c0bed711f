"""Reading SQuAD-layout files (CMRC 2018 and others)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import EvalError


@dataclass(frozen=True, slots=True)
class Reading:
    """One question about one context, with the answers that count as right."""

    id: str
    context: int
    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Squad:
    """Contexts and the questions about them."""

    name: str
    contexts: tuple[str, ...]
    readings: tuple[Reading, ...]


def read_squad(path: Path) -> Squad:
    """Read a file; questions without an answer (SQuAD 2) are left out.

    :raises EvalError: the file cannot be read, is not of this layout, or holds no question.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        paragraphs = [p for article in values["data"] for p in article["paragraphs"]]
        contexts = tuple(str(paragraph["context"]) for paragraph in paragraphs)
        readings = tuple(
            reading
            for number, paragraph in enumerate(paragraphs)
            for reading in _readings(number, paragraph)
        )
    except OSError as error:
        raise EvalError(f"无法读取 {path}（{error}）") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvalError(f"{path} 不是 SQuAD 格式（{error!r}）") from error
    if not readings:
        raise EvalError(f"{path} 里没有带答案的问题")
    return Squad(path.stem, contexts, readings)


def _readings(number: int, paragraph: Mapping[str, Any]) -> Iterator[Reading]:
    for qa in paragraph["qas"]:
        answers = tuple(dict.fromkeys(str(answer["text"]) for answer in qa["answers"]))
        if answers:
            yield Reading(str(qa["id"]), number, str(qa["question"]), answers)
