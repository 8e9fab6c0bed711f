"""Run folders: what was asked, of what, and what came back. Scoring reads only these.

A folder holds ``config.json`` (what was run), ``cases.jsonl`` (the cases as they were),
``predictions.jsonl`` (one line a case) and ``clauses.json`` (clause id to a name for people).
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from eval.caseset import read_cases, write_cases
from eval.errors import CaseError, RunError
from eval.records import Record, read_records
from eval.types import Case, Prediction, Quote, Reference, Resolved
from qa.types import Status

FORMAT = 1  # raise when the meaning of a stored field changes


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What a run was made of; equal hashes mean that two runs can be compared."""

    label: str
    corpus: str
    split: str
    corpus_digest: str
    cases_digest: str
    cases: int
    documents: int
    clauses: int
    model: str | None
    commit: str | None
    version: str
    as_of: str
    started_at: str
    seconds: float
    format: int = FORMAT
    reranker: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run folder in memory: every case has exactly one prediction, in case order."""

    config: RunConfig
    cases: tuple[Case, ...]
    predictions: tuple[Prediction, ...]
    names: Mapping[str, str]

    def pairs(self) -> tuple[tuple[Case, Prediction], ...]:
        """Cases with their predictions, in case order."""
        return tuple(zip(self.cases, self.predictions, strict=True))


def write_run(folder: Path, run: Run) -> None:
    """Write a run folder; ``config.json`` comes last, so a killed run is seen as unfinished."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").unlink(missing_ok=True)
    write_cases(folder / "cases.jsonl", run.cases)
    lines = (json.dumps(asdict(p), ensure_ascii=False) + "\n" for p in run.predictions)
    (folder / "predictions.jsonl").write_text("".join(lines), encoding="utf-8")
    _write_json(folder / "clauses.json", dict(run.names))
    aside = folder / f".config-{os.getpid()}"
    _write_json(aside, asdict(run.config))
    aside.replace(folder / "config.json")


def _write_json(path: Path, values: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_run(folder: Path) -> Run:
    """Read a run folder.

    :raises RunError: missing, unfinished, of another format, or predictions that do not match.
    :raises CaseError: a bad line.
    """
    config = _read_config(folder)
    cases = read_cases(folder / "cases.jsonl")
    parsed = [parse_prediction(record) for record in read_records(folder / "predictions.jsonl")]
    by_id = {prediction.case_id: prediction for prediction in parsed}
    missing = [case.id for case in cases if case.id not in by_id]
    if missing or len(parsed) != len(cases):
        what = f"缺少 {missing[0]} 等 {len(missing)} 题" if missing else "有重复或多余的行"
        raise RunError(folder, f"predictions.jsonl 与 cases.jsonl 不一致（{what}）")
    try:
        names = json.loads((folder / "clauses.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(folder, f"clauses.json 无法读取（{error}）") from error
    return Run(config, cases, tuple(by_id[case.id] for case in cases), names)


def _read_config(folder: Path) -> RunConfig:
    path = folder / "config.json"
    if not path.is_file():
        raise RunError(folder, "没有 config.json，不是评测结果目录或评测中断了，请运行 eval run")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        config = RunConfig(
            **{f.name: values[f.name] for f in fields(RunConfig) if f.name in values}
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(folder, f"config.json 无法读取（{error}）") from error
    if config.format != FORMAT:
        raise RunError(folder, f"格式为 {config.format}，本程序需要 {FORMAT}，请重新运行 eval run")
    return config


def parse_prediction(record: Record) -> Prediction:
    """Read one prediction.

    :raises CaseError: naming file, line and field.
    """
    values = record.values
    status = record.enum("status", Status)
    try:
        return Prediction(
            case_id=record.text("case_id"),
            status=status,
            confidence=float(values["confidence"]),
            ms=float(values["ms"]),
            resolved=_parse_resolved(values["resolved"]),
            quotes=tuple(
                Quote(q["clause_id"], q["doc_id"], _span(q["span"]), q["text"], q["faithful"])
                for q in values["quotes"]
            ),
            related=tuple(values["related"]),
            ranking=tuple((clause_id, float(score)) for clause_id, score in values["ranking"]),
            message=values["message"],
            warnings=tuple(values["warnings"]),
            read_as=values["read_as"],
            trace=tuple(values["trace"]),
            steps_ms=dict(values["steps_ms"]),
        )
    except KeyError as error:
        raise record.error(str(error.args[0]), "缺少此字段") from error
    except (TypeError, ValueError, AttributeError) as error:
        if isinstance(error, CaseError):
            raise
        raise record.error(None, f"字段类型不对（{error}）") from error


def _parse_resolved(values: dict[str, Any]) -> Resolved:
    return Resolved(
        targets=tuple(tuple(target) for target in values["targets"]),
        references=tuple(
            Reference(r["clause_id"], r["doc_id"], _span(r["span"]), r["text"])
            for r in values["references"]
        ),
        stated=values["stated"],
        area=values["area"],
    )


def _span(values: Sequence[int]) -> tuple[int, int]:
    start, end = values
    return (start, end)


def commit_of(folder: Path) -> str | None:
    """Short commit of the working copy, with ``+`` for local changes; None outside of one."""
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
