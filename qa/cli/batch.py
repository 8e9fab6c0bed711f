"""`tiaowen batch`: many questions from a file, answers in the same order."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli import session
from qa.cli.options import AsOf, Code, Home, Model, ModelDir, Reranker
from qa.cli.output import Bars, fail, note, say, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from qa.service import Service

_STREAM = Path("-")


@dataclass(frozen=True, slots=True)
class Case:
    """One question of a batch. ``number`` is its line, counted from 1."""

    number: int
    id: str | int
    question: str
    history: tuple[str, ...]
    area: str | None


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no question; ``id`` where at least that could be read."""

    number: int
    id: str | int | None
    reason: str

    def __str__(self) -> str:
        """Say where and why."""
        name = f"（id「{self.id}」）" if self.id is not None else ""
        return f"第 {self.number} 行{name}：{self.reason}"


def batch(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="问题文件，每行一个 JSON；- 表示标准输入")
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="答案文件，逐行对应；- 表示标准输出")
    ],
    as_of: AsOf = None,
    home: Home = None,
    model: Model = None,
    model_dir: ModelDir = None,
    reranker: Reranker = None,
) -> None:
    """成批回答：逐行读问题，按原来的顺序写出答案。"""
    entries = list(read_cases(_read(source)))
    if target != _STREAM and not target.parent.is_dir():
        fail(f"没有「{target.parent}」这个文件夹，请先建好再写「{target.name}」")
        raise typer.Exit(Code.USAGE)
    bad = [entry for entry in entries if isinstance(entry, BadLine)]
    for entry in bad:
        fail(str(entry))
    with session.opened(home, model, model_dir, reranker=reranker) as service, Bars() as bars:
        records = _answer_all(service, entries, as_of, bars)
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        if target == _STREAM:
            for record in lines:
                say(record)
        else:
            write_lines(target, lines)
    note(f"共 {len(entries)} 行，回答 {len(entries) - len(bad)} 个问题，{len(bad)} 行有误")
    if bad or not entries:
        raise typer.Exit(Code.USAGE)


def read_cases(data: bytes) -> Iterator[Case | BadLine]:
    """Read JSON lines; blank lines are skipped, each bad one becomes a `BadLine`."""
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if raw.strip():
            yield _read_case(number, raw)


def _read_case(number: int, raw: bytes) -> Case | BadLine:
    try:
        value = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return BadLine(number, None, "不是 UTF-8 编码")
    except (ValueError, RecursionError) as error:
        return BadLine(number, None, f"不是 JSON（{error}）")
    if not isinstance(value, dict):
        return BadLine(number, None, '应是一个 JSON 对象，如 {"id": "1", "question": "…"}')
    case_id = value.get("id")
    if isinstance(case_id, bool) or not isinstance(case_id, str | int):
        return BadLine(number, None, "缺少 id（文字或整数）")
    if reason := _problem(value):
        return BadLine(number, case_id, reason)
    history, area = value.get("history") or (), value.get("area") or None
    return Case(number, case_id, value["question"], tuple(history), area)


def _problem(value: dict[str, Any]) -> str | None:
    """Return what is wrong with the fields of a line, None when nothing is."""
    if not isinstance(value.get("question"), str):
        return "缺少 question（文字）"
    history = value.get("history")
    listed = history is None or isinstance(history, list)
    if not listed or any(not isinstance(entry, str) for entry in history or ()):
        return "history 应是由先前问题组成的列表"
    if not isinstance(value.get("area"), str | None):
        return "area 应是文字或 null"
    return None


def _answer_all(
    service: Service, entries: list[Case | BadLine], as_of: date | None, bars: Bars
) -> Iterable[dict[str, Any]]:
    """Yield one record a line. A bad line gets status error, so that the lines still match."""
    from qa.records import batch_record
    from qa.types import Answer, Status

    for done, entry in enumerate(entries, start=1):
        begin = time.perf_counter()
        question = None
        if isinstance(entry, BadLine):
            answer = Answer(Status.ERROR, f"这一行没有回答：{entry}")
        else:
            question = entry.question
            try:
                answer = service.answer(
                    question, history=entry.history, area=entry.area, as_of=as_of
                )
            except Exception as error:  # one question must not cost the answers to the others
                fail(f"第 {entry.number} 行（id「{entry.id}」）：{type(error).__name__}: {error}")
                answer = Answer(Status.ERROR, "回答这个问题时程序出错")
        yield batch_record(entry.id, question, answer, (time.perf_counter() - begin) * 1000)
        bars("batch", done, len(entries))


def _read(source: Path) -> bytes:
    if source == _STREAM:
        return sys.stdin.buffer.read()
    if source.is_dir():
        fail(f"「{source}」是文件夹，这里要一个 JSON 行文件")
        raise typer.Exit(Code.USAGE)
    return source.read_bytes()
