"""Clauses that a question names by number: «泉鲤政办〔2025〕6号第三条», «第十八条».

Everything here is plain functions over stored documents and clauses, for search and for
questions alike. A text that names no clause costs one regular expression.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpus.numerals import label_number
from corpus.types import Clause, Document, Role
from index.tokens import default_tokenizer, search_form

_NUMERAL = r"[〇零一二三四五六七八九十百两\d]{1,5}"
_UNITS = "条|章|节|款|项|部分|点|编|篇"
_OPEN, _CLOSE = r"[〔\[(【﹝]", r"[〕\])】﹞]"
# In search form, so brackets are half width: 泉鲤政办〔2025〕6号, [2025]6, 2025年6号文
_DOC_NUMBER = re.compile(
    rf"(?P<prefix>[\u4e00-\u9fff]{{0,14}}?)\s*"
    rf"(?:{_OPEN}\s*(?P<year>(?:19|20)\d\d)\s*年?\s*{_CLOSE}\s*第?\s*(?P<number>\d{{1,5}})\s*号?"
    r"|(?P<year2>(?:19|20)\d\d)\s*年\s*第?\s*(?P<number2>\d{1,5})\s*号)(?:文件|文|令)?"
)
_PIECE = rf"第\s*{_NUMERAL}\s*(?:{_UNITS})(?:\s*之\s*{_NUMERAL})?|\(\s*{_NUMERAL}\s*\)"
_HEAD = rf"{_NUMERAL}\s*[、.]?\s*(?=\()"  # the 二 of 二（三）
_TAIL = r"(?<=\))\s*、?\d{1,3}(?![\d年月日号个%.])"  # the 4 of 一（二）4
_LABELS = re.compile(
    rf"(?:{_HEAD})?(?:{_PIECE})(?:[\s、,的]*(?:{_PIECE}))*(?:{_TAIL})?(?![路街线])"
)
_PARTS = re.compile(
    rf"第\s*(?P<number>{_NUMERAL})\s*(?P<unit>{_UNITS})(?:\s*之\s*(?P<extra>{_NUMERAL}))?"
    rf"|\(\s*(?P<item>{_NUMERAL})\s*\)|(?P<plain>{_NUMERAL})"
)
_LABEL_NUMBER = re.compile(
    rf"第\s*({_NUMERAL})\s*({_UNITS})(?:\s*之\s*({_NUMERAL}))?|\D?({_NUMERAL})\D?"
)
_FILLER = re.compile(
    r"讲了?|说了?|写了?|规定|内容|原文|全文|是|什么|啥|哪些|有|怎么|了|的|里面?|中|关于|请问|请|我"
    r"|想|要|看看|看|查一下|查|问|知道|了解|帮|一下|文件|那|这|呢|吗|给|出来|[\W_]"
)
_KINDS = re.compile(r"实施|工作|方案|要点|意见|办法|通知|细则|条例|行动|计划|政策|解读|提升")
# What may stand before a 文号 in a sentence and is no part of it.
_LEAD_IN = re.compile(r".*[看查问按照据的在到把和与下了]")
_DIVISION = re.compile(r"(?:自治[区州县旗]|[省市区县旗州盟])$")
_BROAD = {"章", "编", "篇", "部分"}  # the top level of a document
_BRACKET = "括号"
_INNER = {"款", "项", "点", _BRACKET, ""}  # inside a clause: the clause is what can be shown


@dataclass(frozen=True, slots=True)
class Piece:
    """One number of a reference: 第三条之一 is (3, 1, 条); the 一 of 一（二） has no unit."""

    number: int
    extra: int
    unit: str


@dataclass(frozen=True, slots=True)
class Mention:
    """What a text names by number.

    ``docs``: documents by 文号 (None: it gives none); ``rest``: the words beside 文号 and clause
    numbers, in search form.
    """

    docs: tuple[Document, ...] | None
    pieces: tuple[Piece, ...]
    rest: str

    @property
    def bare(self) -> bool:
        """Whether nothing is said beside the reference."""
        return not _FILLER.sub("", self.rest)

    @property
    def says_no_more(self) -> bool:
        """Whether only the kind of document stands beside the reference («方案第十四条»)."""
        return not _KINDS.sub("", _FILLER.sub("", self.rest))


def mention(text: str, documents: Iterable[Document]) -> Mention:
    """Read 文号 and clause numbers in a text."""
    form = search_form(text)
    named: tuple[Document, ...] | None = None
    match = _DOC_NUMBER.search(form)
    if match:
        named, used = _numbered(match, documents)
        form = form[: match.end() - used] + " " + form[match.end() :]
    labels = _LABELS.search(form)
    if labels is None:
        return Mention(named, (), form)
    pieces = tuple(_piece(part) for part in _PARTS.finditer(labels[0]))
    rest = form[: labels.start()] + " " + form[labels.end() :]
    return Mention(named, pieces, rest)


def lookup(
    question: str, documents: Iterable[Document], clauses: Iterable[Clause]
) -> tuple[str, ...]:
    """Ids of the clauses that a question names by number, the best fitting first.

    A 文号 or the words beside the number say which document; a bare «第十八条» means that
    article of every document. A 文号 alone means all clauses of the document; beside other words
    it names no clause. Empty where the question names none that is stored.
    """
    form = search_form(question)
    if not _LABELS.search(form) and not _DOC_NUMBER.search(form):
        return ()
    shelf = tuple(documents)
    said = mention(question, shelf)
    if said.docs is None and not said.pieces:
        return ()
    chosen: tuple[Document, ...] | None = said.docs
    if chosen is None and said.pieces[0].unit in {"款", "项", "点"}:
        return ()  # «第二点要准备什么» is about something said before
    if chosen is None:
        chosen = shelf if said.bare else _described(said.rest, shelf)
    elif not said.pieces and not said.bare:
        return ()
    by_doc: dict[str, list[Clause]] = {document.doc_id: [] for document in chosen}
    for clause in clauses:
        if clause.doc_id in by_doc:
            by_doc[clause.doc_id].append(clause)
    # 第三条 of no document in particular is the article, where any document has it.
    named = said.docs is not None or not said.bare
    for exact in (False,) if named else (True, False):
        fitting = (_fitting(held, said.pieces, exact) for held in by_doc.values())
        found = tuple(clause.clause_id for some in fitting for clause in some)
        if found:
            break
    return found


def _numbered(
    match: re.Match[str], documents: Iterable[Document]
) -> tuple[tuple[Document, ...], int]:
    """Documents with this 文号, and how many characters up to the match's end name it."""
    year, number = match["year"] or match["year2"], match["number"] or match["number2"]
    prefix = _LEAD_IN.sub("", match["prefix"])
    used = match.end() - match.start() - (len(match["prefix"]) - len(prefix))
    found = []
    for document in documents:
        own = _DOC_NUMBER.search(search_form(document.doc_number or ""))
        if own is None or (own["year"] or own["year2"]) != year:
            continue
        if int(own["number"] or own["number2"]) != int(number):
            continue
        if own["prefix"].endswith(prefix) or prefix.endswith(own["prefix"]):
            found.append(document)
    return tuple(found), used


def _piece(part: re.Match[str]) -> Piece:
    numeral = part["number"] or part["item"] or part["plain"]
    extra = label_number(part["extra"]) if part["extra"] else 0
    unit = part["unit"] or (_BRACKET if part["item"] else "")
    return Piece(label_number(numeral) or 0, extra or 0, unit)


def _described(rest: str, documents: Sequence[Document]) -> tuple[Document, ...]:
    """Documents that the words beside a clause number describe (三明方案), best ones only.

    Most of what is said must fit, or the place; a place says more than a kind.
    """
    said = _FILLER.sub(" ", rest)
    scores: dict[str, int] = {}
    for document in documents:
        place = next((name for name in _place_names(document.area) if name in said), "")
        other = said.replace(place, " ") if place else said
        words = [word for word in default_tokenizer().terms(other) if len(word) > 1]
        about = search_form(f"{document.title} {document.kind} {document.issuer or ''}")
        known = sum(len(word) for word in words if word in about)
        unknown = sum(map(len, words)) - known
        if known > unknown or (place and known + len(place) >= unknown):
            scores[document.doc_id] = known + 2 * len(place)
    best = max(scores.values(), default=0)
    chosen = tuple(d for d in documents if scores.get(d.doc_id) == best)
    proper = tuple(d for d in chosen if ("解读" in d.kind) == ("解读" in rest))
    return proper or chosen


def _place_names(area: str) -> list[str]:
    """Names of a division path from the smallest up, each in full and short."""
    names = []
    for part in reversed([part for part in search_form(area).split("/") if part]):
        names += [part, _DIVISION.sub("", part)]
    return [name for name in names if len(name) > 1]


def _fitting(clauses: Sequence[Clause], pieces: Sequence[Piece], exact: bool) -> Sequence[Clause]:
    """Clauses at a reference: as printed, else by the bare numbers unless ``exact``."""
    if not pieces:
        return [clause for clause in clauses if clause.role is Role.CLAUSE]
    attempts: list[Callable[[Clause], bool]] = [
        lambda clause: _on_path(clause.path, pieces, _same, whole=True),
        lambda clause: _on_path(clause.path, pieces, _same, whole=False),
    ]
    if not exact:
        attempts += [
            lambda clause: _on_path(clause.path, pieces, _like, whole=True),
            lambda clause: _on_path(clause.path, pieces, _like, whole=False),
        ]
    for attempt in attempts:
        found = [clause for clause in clauses if attempt(clause)]
        if found:
            return _main_first(found, clauses)
    shorter = pieces[:-1]
    inner = pieces[-1].unit in _INNER
    return _fitting(clauses, shorter, exact) if shorter and inner else ()


def _main_first(found: Sequence[Clause], clauses: Sequence[Clause]) -> Sequence[Clause]:
    """Numbered clauses before lead-ins, and the label style that most of the document has."""
    styles = Counter(_style(c.label) for c in clauses if c.role is Role.CLAUSE)
    return sorted(found, key=lambda c: (c.role is not Role.CLAUSE, -styles[_style(c.label)]))


def _style(label: str) -> str:
    """The label without its number: 第条, (), 是 or nothing."""
    return re.sub(rf"之?{_NUMERAL}", "", search_form(label))


def _on_path(
    path: Sequence[str],
    pieces: Sequence[Piece],
    fits: Callable[[str, int, Piece], bool],
    *,
    whole: bool,
) -> bool:
    """Whether the pieces lie on a path in order; ``whole``: the last is the clause itself."""
    level = 0
    for position, piece in enumerate(pieces):
        last = whole and position == len(pieces) - 1
        start = max(level, len(path) - 1) if last else level
        at = next((n for n in range(start, len(path)) if fits(path[n], n, piece)), None)
        if at is None:
            return False
        level = at + 1
    return bool(pieces)


def _same(label: str, _level: int, piece: Piece) -> bool:
    """The number under its own name: 第三条 is 第三条, （一） is （一）."""
    match = _LABEL_NUMBER.fullmatch(search_form(label))
    if match is None:
        return False
    number, extra = match[1] or match[4], match[3]
    if (label_number(number), label_number(extra) if extra else 0) != (piece.number, piece.extra):
        return False
    bracket = _BRACKET if search_form(label).startswith("(") else ""
    return (match[2] or bracket) == piece.unit


def _like(label: str, level: int, piece: Piece) -> bool:
    """The number under any name: the third item where there are no articles."""
    match = _LABEL_NUMBER.fullmatch(search_form(label))
    if match is None or piece.extra or (match[2] or piece.unit) != piece.unit:
        return False
    if (piece.unit in _BROAD and level != 0) or (piece.unit == "节" and level != 1):
        return False
    return label_number(match[1] or match[4]) == piece.number
