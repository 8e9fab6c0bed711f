"""What the desk needs of the evaluation, which this room may not import.

The evaluation registers an object under the entry-point group `GROUP`; without one the page says
that this part is not installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, Protocol, cast

from qa.desk.errors import MissingError

GROUP: Final = "tiaowen.bench"
_MISSING: Final = (
    "评测部分没有装好，这一项现在用不了；其余功能不受影响。请用 pip install -e . 重新安装。"
)
Told = Callable[[str, int, int], None]
Texts = Mapping[str, str]  # file name of a word list to its text


@dataclass(frozen=True, slots=True)
class Setting:
    """With what the cases are answered. ``sample``: about so many of them, spread; None: all."""

    model: str | None
    model_dir: Path | None
    words_only: bool
    told: Told
    sample: int | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of a run, ready to show: ``interval`` is that of 95 %, ``what`` its meaning."""

    label: str
    value: str
    interval: str
    cases: int
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """A finished run: ``facts`` say what was run (label and value), main measures first."""

    folder: Path
    label: str
    started: str
    facts: tuple[tuple[str, str], ...]
    measures: tuple[Measured, ...]


class Bench(Protocol):
    """The evaluation as the desk sees it."""

    def latest(self, roots: Sequence[Path]) -> Report | None:
        """The newest finished run among the run folders in ``roots``."""
        ...

    def report_html(self, folder: Path) -> str:
        """The whole report of a run as one page.

        :raises TiaowenError: when the folder is no finished run.
        """
        ...

    def draft(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """A case to be finished by a person, from what somebody asked.

        :param said: as a line of `tiaowen batch`, with ``helpful`` and ``comment`` where known.
        :raises TiaowenError: when no case can be made of it; the message says why.
        """
        ...

    def preview(self, before: Texts, after: Texts, setting: Setting) -> Mapping[str, Any]:
        """What a home's word lists gain and lose on the evaluation cases.

        JSON values: ``cases``, ``measures`` (label, before, after), ``gained``, ``lost``,
        ``moved`` (question, before, after, why).
        """
        ...

    def run(self, into: Path, setting: Setting) -> Mapping[str, Any]:
        """Run the evaluation; leave a run folder with its report under ``into``, and name it."""
        ...


@cache
def bench() -> Bench:
    """The registered evaluation.

    :raises MissingError: when none is registered, or it does not load.
    """
    for point in entry_points(group=GROUP):
        try:
            return cast("Bench", point.load())
        except Exception as error:  # whatever its modules raise while they are imported
            raise MissingError(f"{_MISSING}（{type(error).__name__}）") from error
    raise MissingError(_MISSING)
