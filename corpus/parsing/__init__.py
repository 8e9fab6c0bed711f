"""The clause parser: text in, citable passages out."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.identity import aligned
from corpus.parsing.interpretation import split_enumerations
from corpus.parsing.lines import split_lines
from corpus.parsing.oddities import numbering_warnings
from corpus.parsing.outline import build_tree, find_labels
from corpus.parsing.passages import Context, passages_of
from corpus.types import Clause, ParseWarning

PARSER_VERSION = "4"  # part of the corpus digest: a new parser makes indexes stale


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """Passages in order of place, spans disjoint, and what was odd about the numbering."""

    clauses: tuple[Clause, ...]
    warnings: tuple[ParseWarning, ...]


def parse(text: str, doc_id: str = "", kind: str = "") -> ParsedDocument:
    """Passages of a repaired text. ``kind`` 解读 makes every leaf section a clause."""
    plain = aligned(text)  # the rules read simplified script; what is kept is cut from ``text``
    lines = split_lines(plain)
    found = find_labels(plain, lines)
    root = build_tree(found, len(text))
    warnings = numbering_warnings(plain, found, root)
    interpretation = kind in {"解读", "问答"}
    if interpretation:
        split_enumerations(plain, root)
    clauses = passages_of(Context.of(text, plain, lines, interpretation), root, doc_id)
    return ParsedDocument(clauses, tuple(warnings))
