"""Repair of raw text in named steps, with an offset map and a record of every change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from corpus.cleaning import breaks, furniture, pinyin, restored, shifted, steps, wrapped
from corpus.cleaning.offsets import Draft, Edit, OffsetMap
from corpus.types import Repair

Step = Callable[[str], Iterable[Edit]]

# Order matters: marks and line ends first, so that later steps see plain lines.
STEPS: tuple[tuple[str, Step], ...] = (
    ("line_ends", steps.line_ends),
    ("invisible", steps.invisible),
    ("markdown", steps.markdown),
    ("bold", steps.bold),
    ("lost_breaks", breaks.lost_breaks),
    ("form_marks", furniture.form_marks),
    ("rulers", furniture.rulers),
    ("furniture", furniture.furniture),
    ("page_numbers", furniture.page_numbers),
    ("shifted_bytes", shifted.shifted),
    ("lone_marks", shifted.lone_marks),
    ("pinyin", pinyin.pinyin_notes),
    ("stated_elsewhere", restored.stated_elsewhere),
    ("wrapped_lines", wrapped.wrapped_lines),
    ("number_spaces", steps.number_spaces),
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Repaired text, the map back to the raw text, and what was changed."""

    text: str
    offset_map: OffsetMap
    repairs: tuple[Repair, ...]


def clean(raw_text: str, only: Iterable[str] | None = None) -> Cleaned:
    """Run the cleaning steps (all, or the named ones) in their order."""
    wanted = None if only is None else frozenset(only)
    draft = Draft(raw_text)
    for name, step in STEPS:
        if wanted is None or name in wanted:
            draft.apply(name, step(draft.text))
    return Cleaned(draft.text, draft.offset_map(), draft.repairs())
