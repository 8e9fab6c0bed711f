"""Reading JSON lines at the file boundary: every complaint names file, line and field."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from eval.errors import CaseError, EvalError

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object of a file, with typed reads that know where they are."""

    values: dict[str, Any]
    file: str
    line: int

    def error(self, field: str | None, reason: str) -> CaseError:
        """Return the error for ``field`` of this line."""
        return CaseError(self.file, self.line, field, reason)

    def only(self, known: Collection[str]) -> None:
        """Refuse fields that are not in ``known``: a misspelt field would be ignored silently."""
        unknown = sorted(set(self.values) - set(known))
        if unknown:
            raise self.error(unknown[0], f"未知字段（可用：{'、'.join(sorted(known))}）")

    def text(self, field: str) -> str:
        """Read a string that is not blank."""
        value = self.values.get(field)
        if not isinstance(value, str) or not value.strip():
            raise self.error(field, "应为非空字符串")
        return value

    def text_or_none(self, field: str) -> str | None:
        """Read a string that is not blank, or null."""
        return None if self.values.get(field) is None else self.text(field)

    def flag(self, field: str, default: bool | None = None) -> bool:
        """Read true or false."""
        value = self.values.get(field, default)
        if not isinstance(value, bool):
            raise self.error(field, "应为 true 或 false")
        return value

    def one_of(self, field: str, allowed: Collection[str]) -> str:
        """Read one of the allowed words."""
        value = self.text(field)
        if value not in allowed:
            raise self.error(field, f"「{value}」不在允许值中（{'、'.join(allowed)}）")
        return value

    def enum(self, field: str, kind: type[E], default: E | None = None) -> E:
        """Read a value of an enumeration."""
        if default is not None and field not in self.values:
            return default
        return kind(self.one_of(field, [member.value for member in kind]))

    def texts(self, field: str) -> tuple[str, ...]:
        """Read a list of strings, missing means empty."""
        values = self.values.get(field, [])
        if not isinstance(values, list):
            raise self.error(field, "应为字符串列表")
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise self.error(field, "列表中应为非空字符串")
        return tuple(values)

    def records(self, field: str) -> tuple[Record, ...]:
        """Read a list of objects, missing means empty."""
        values = self.values.get(field, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.error(field, "应为对象列表")
        return tuple(Record(value, self.file, self.line) for value in values)


def read_records(path: Path) -> Iterator[Record]:
    """Yield the objects of a JSON lines file; blank lines are skipped.

    :raises CaseError: a line that is not a JSON object.
    :raises EvalError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvalError(f"无法读取 {path}（{error}）") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except ValueError as error:
            raise CaseError(str(path), number, None, f"不是合法的 JSON（{error}）") from error
        if not isinstance(values, dict):
            raise CaseError(str(path), number, None, "应为 JSON 对象")
        yield Record(values, str(path), number)


def read_all(path: Path, parse: Callable[[Record], T]) -> tuple[T, ...]:
    """Parse every record of a file, in order."""
    return tuple(parse(record) for record in read_records(path))
