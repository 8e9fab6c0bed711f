"""From the tree to passages: roles, ids, headings, units and figures; head and tail blocks."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.blocks import Kind, classify
from corpus.figures import figures
from corpus.numerals import label_number
from corpus.parsing.headings import heading_of, mark_headless
from corpus.parsing.labels import WORDED, Style
from corpus.parsing.leads import spoken_lines, states
from corpus.parsing.lines import Line, without_contents
from corpus.parsing.outline import Draft, Node
from corpus.parsing.resumed import resumed
from corpus.parsing.tails import closing_start
from corpus.parsing.unlabelled import announced, blocks, sized, substance, tail_of
from corpus.sentences import sentence_spans
from corpus.types import RESUMED, Clause, Role, Span
from corpus.units import first_unit_leads, units_of

_SECTIONS = frozenset({Style.PART, Style.CHAPTER, Style.CN})
_RUN_ON = 12  # characters of a heading that its section's text follows on the same line
_UNLABELLED = {Role.PREAMBLE: "p", Role.SECTION: "s", Role.CLOSING: "z"}  # in ids: p1, s1, z1
_MARKS = {
    Style.ANNEX: "f", Style.TOPIC: "h", Style.SUBTOPIC: "h", Style.LEAD: "d", Style.MARK: "m",
    Style.DISTRICT: "q",
}  # fmt: skip
_ITEMS_PER_SECTION = 3  # items needed for each leaf section to call those sections prose


def _line_start(line: Line) -> int:
    return line.start


@dataclass(slots=True)
class Context:
    """What the passes over one document share."""

    text: str
    plain: str
    lines: tuple[Line, ...]
    interpretation: bool
    first_leads: bool
    limit: int | None = None
    lead: tuple[Span, ...] = ()
    drafts: list[Draft] = field(default_factory=list)

    @classmethod
    def of(cls, text: str, plain: str, lines: tuple[Line, ...], interpretation: bool) -> Context:
        """Context of one document; ``plain`` is its text in simplified script, same offsets."""
        return cls(text, plain, lines, interpretation, first_unit_leads(plain))

    def lines_in(self, start: int, end: int) -> list[Line]:
        """Lines that begin inside a span; the last ends where the span does."""
        first = bisect_left(self.lines, start, key=_line_start)
        found = list(self.lines[first : bisect_left(self.lines, end, key=_line_start)])
        if found and found[-1].end > end:  # the next label stands in the same line
            last = found[-1]
            stop = _trimmed(self.text, last.start, end)
            found[-1] = Line(last.start, stop, self.plain[last.start : stop])
        return found


def passages_of(context: Context, root: Node, doc_id: str) -> tuple[Clause, ...]:
    """Every passage of a document, in order of place."""
    mark_headless(context.plain, root)
    leaves = [node for node in _leaves(root) if node.label]
    context.limit = _line_limit(context, leaves)
    prose = _prose_sections(context, root)
    listed = {line.start for line in without_contents(context.lines)}
    head = [line for line in context.lines_in(0, root.end) if line.start in listed]
    context.drafts += substance(blocks(head, Role.PREAMBLE), head)
    context.lead = announced(context.text, context.drafts, head) if root.children else ()
    _visit(context, root, prose, leaves[-1] if leaves else None)
    if not context.drafts and context.lines:  # nothing but title-like lines: keep them findable
        whole = (context.lines[0].start, context.lines[-1].end)
        context.drafts.append(Draft(Role.PREAMBLE, whole))
    context.drafts.sort(key=lambda draft: draft.span)
    return tuple(_identified(context, doc_id))


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


def _prose_sections(context: Context, root: Node) -> set[int]:
    """Ids of top sections without items beside sections that have many: those are prose.

    A section without a heading is an item in its own right.
    """
    tops = [node for node in root.children if node.label and node.label.style != Style.ANNEX]
    alone = [node for node in tops if not node.children]
    items = sum(1 for node in tops if node.children for _ in _leaves(node))
    if context.interpretation or not alone or items < _ITEMS_PER_SECTION * len(alone):
        return set()
    return {
        id(node)
        for node in alone
        if node.label and node.label.style in _SECTIONS and _is_headed(context.plain, node)
    }


def _is_headed(text: str, node: Node) -> bool:
    """Whether a section has a heading, not just a short first sentence."""
    heading = heading_of(text, node, node.end)
    first = text[node.label.body if node.label else 0 : node.end].strip().partition("\n")[0]
    return bool(heading) and (len(heading) <= _RUN_ON or len(first) <= len(heading) + 1)


def _line_limit(context: Context, leaves: list[Node]) -> int | None:
    """Lines that every leaf but the last keeps to, when at least three agree exactly."""
    counts = [len(context.lines_in(_start(leaf), leaf.end)) for leaf in leaves]
    return counts[0] if len(counts) > 3 and len(set(counts[:-1])) == 1 else None


def _words_start(node: Node) -> int:
    """Where the words of a node begin: after its label, or with it where the label is words."""
    if node.label is None:
        return 0
    return node.label.start if node.label.style in WORDED else node.label.body


def _start(node: Node) -> int:
    return node.label.start if node.label else 0


def _visit(context: Context, node: Node, prose: set[int], last: Node | None) -> None:
    if node.label:
        if node.children or node.label.style == Style.ANNEX:
            _lead_in(context, node)
        else:
            role = Role.SECTION if id(node) in prose else Role.CLAUSE
            _leaf(context, node, role, node is last)
    for child in node.children:
        _visit(context, child, prose, last)


def _lead_in(context: Context, node: Node) -> None:
    """Words between a label and its first item, where they say more than a name does."""
    start = _start(node)
    end = _trimmed(context.text, start, node.end)
    heading = heading_of(context.plain, node, node.end)
    own = context.plain[_words_start(node) : end].strip()
    alone = not node.children and classify(own) is Kind.BODY  # an annex that is one line of prose
    alone |= len(sentence_spans(heading)) > 1  # its parent line would be one of them only
    if own and (own.rstrip("。：:；; ") != heading or states(own) or alone):
        context.drafts.append(Draft(Role.SECTION, (start, end), node.path()))


def _leaf(context: Context, node: Node, role: Role, is_last: bool) -> None:
    """Add a leaf and, where closing lines or words of its parent follow it, those."""
    start = _start(node)
    lines = context.lines_in(start, node.end)
    stop = node.end
    if lines and (is_last or _restarts(node)):
        heading = heading_of(context.plain, node, node.end)
        label = node.label.body - start if node.label else 0
        cut = closing_start(lines, heading, context.limit if is_last else None, label)
        if cut < len(lines):
            stop = lines[cut].start
            context.drafts += tail_of(lines[cut:], is_last)
    own = [line for line in lines if line.start < stop]
    back = resumed(context.plain, node, own)
    if back:
        stop = own[back.index].start
        context.drafts += [
            Draft(Role.SECTION, (run[0].start, run[-1].end), back.node.path())
            for run in sized(own[back.index :])
        ]
    end = _trimmed(context.text, start, stop)
    context.drafts.append(Draft(role, (start, end), node.path()))


def _restarts(node: Node) -> bool:
    """Whether the next top section counts from one again (a cover notice before its plan)."""
    top = node.path()[0]
    if top.parent is None or top.label is None:
        return False
    siblings = top.parent.children
    following = siblings[siblings.index(top) + 1 :]
    if not following:
        return False
    label = following[0].label
    return bool(label and (label.style == Style.ANNEX or label.number == 1))


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _identified(context: Context, doc_id: str) -> Iterator[Clause]:
    """Passages with their ids; a repeated id gets ~2, ~3 …"""
    seen: Counter[str] = Counter()
    counters: Counter[Role] = Counter()
    for draft in context.drafts:
        counters[draft.role] += not draft.nodes
        name = _name(draft, counters[draft.role])
        seen[name] += 1
        if seen[name] > 1:
            name = f"{name}~{seen[name]}"
        yield _clause(context, draft, f"{doc_id}-{name}", doc_id)


def _name(draft: Draft, ordinal: int) -> str:
    if not draft.nodes:
        return f"{_UNLABELLED[draft.role]}{ordinal}"
    parts = [_numeral(node) for node in draft.nodes]
    suffix = RESUMED if _resumes(draft) else ".s"
    return ".".join(parts) + (suffix if draft.role == Role.SECTION else "")


def _resumes(draft: Draft) -> bool:
    """Whether a passage is words of a section after its items."""
    return bool(draft.nodes) and draft.span[0] >= draft.nodes[-1].end


def _numeral(node: Node) -> str:
    label = node.label
    if label is None:
        return ""
    mark = _MARKS.get(label.style, "")
    inserted = f"_{label_number(label.text.rsplit('之', 1)[1])}" if "条之" in label.text else ""
    return f"{mark}{label.number}{inserted}"


def _clause(context: Context, draft: Draft, clause_id: str, doc_id: str) -> Clause:
    start, end = draft.span
    path = tuple(node.label.text for node in draft.nodes if node.label)
    headings = tuple(
        heading_of(context.text, node, end if node is draft.nodes[-1] else node.end)
        for node in draft.nodes
    )
    labelled = draft.role in {Role.CLAUSE, Role.SECTION}
    own = draft.nodes[-1].label if draft.nodes else None
    body = max(own.body, start) if own else start  # the number of a label is no figure
    return Clause(
        clause_id=clause_id,
        doc_id=doc_id,
        role=draft.role,
        path=path,
        label=path[-1] if path else "",
        heading=headings[-1] if headings else "",
        headings=headings,
        span=draft.span,
        text=context.text[start:end],
        units=units_of(context.plain, draft.span, context.first_leads) if labelled else (),
        figures=figures(context.text, (body, end)),
        parents=_parents(context, draft),
    )


def _parents(context: Context, draft: Draft) -> tuple[Span, ...]:
    """Lines above a passage that it is read under, those of the top first."""
    if not draft.nodes:
        return ()
    annexed = any(node.label and node.label.style == Style.ANNEX for node in draft.nodes)
    above: list[Span] = [] if annexed else list(context.lead)
    for node in draft.nodes[:-1]:
        heading = heading_of(context.text, node, node.end)
        above += spoken_lines(context.text, _start(node), node.end, heading)
    if _resumes(draft):
        last = draft.nodes[-1]
        heading = heading_of(context.text, last, last.end)
        above += spoken_lines(context.text, _start(last), last.end, heading)[:1] if heading else ()
    return tuple(above)
