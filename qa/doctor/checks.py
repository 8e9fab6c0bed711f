"""All checks in order; one that itself breaks is a finding, not the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qa.doctor import home, machine, search
from qa.doctor.types import Check, Patient, fail

Examination = Callable[[Patient], Iterator[Check]]
ALL: tuple[Examination, ...] = (
    machine.python,
    machine.packages,
    machine.text,
    home.writable,
    home.room,
    home.databases,
    home.documents,
    search.model,
    search.index,
    search.build_lock,
    search.word_lists,
    machine.port,
)


def examine(patient: Patient, checks: Sequence[Examination] = ALL) -> Iterator[Check]:
    """Look at everything; nothing in the home is made, mended or changed."""
    for check in checks:
        try:
            yield from check(patient)
        except Exception as error:  # whatever is out of order here shall be told, too
            said = f"检查时出错（{type(error).__name__}: {error}）"
            yield fail(check.__name__, said, "请把这一行反馈给我们")
