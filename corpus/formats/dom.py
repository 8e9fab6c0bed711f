"""HTML bytes to a small tree of elements and strings, without scripts and hidden parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "iframe",
        "template",
        "svg",
        "canvas",
        "object",
        "embed",
        "applet",
        "input",
        "select",
        "textarea",
        "button",
        "head",
        "nav",
        "footer",
        "audio",
        "video",
        "map",
        "dialog",
        "datalist",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DEEPEST = 300  # nested elements; whatever lies deeper is hung on here
# Where the parser becomes slow: 5,000 nested elements take 0.1 s, 200,000 take two minutes.
_TOO_DEEP = 10_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_OPEN_ENDED = frozenset(  # elements without an end, or whose end nobody has to write
    [
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead"),
        *("tfoot", "option", "optgroup", "colgroup", "html", "body", "head"),
    ]
)
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(slots=True)
class Element:
    """An element: ``han`` counts its Chinese characters, ``linked`` those inside links."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    han: int = 0
    linked: int = 0

    @property
    def own(self) -> int:
        """Chinese characters that are no links."""
        return self.han - self.linked

    def elements(self) -> list[Element]:
        """Child elements."""
        return [child for child in self.children if isinstance(child, Element)]

    def walk(self) -> Iterator[Element]:
        """Return this element and all below it, in document order."""
        yield self
        for child in self.elements():
            yield from child.walk()

    def text(self) -> str:
        """All text, white space collapsed."""
        return re.sub(r"\s+", " ", "".join(self._strings())).strip()

    def _strings(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._strings()
                if child.tag in {"br", "p", "div", "td", "tr", "li"}:
                    yield " "


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: its body, the text of ``<title>`` and the ``<meta>`` values by name."""

    body: Element
    title: str
    meta: dict[str, str]


def read_page(html: str) -> Page:
    """Parse a page (or a fragment of one).

    Raises ValueError for one that is nested beyond all measure.
    """
    if nesting(html) > _TOO_DEEP:
        raise ValueError("网页的嵌套过深，不像文档。请检查文件来源，或复制正文到 txt 文件。")
    from selectolax.lexbor import LexborHTMLParser

    parser = LexborHTMLParser(html)
    title = parser.css_first("title")
    meta: dict[str, str] = {}
    for node in parser.css("meta"):
        attributes = node.attributes
        name, content = attributes.get("name"), attributes.get("content")
        if name and content:
            meta.setdefault(name.strip().lower(), content.strip())
    body = _tree(parser)
    _count(body, linked=False)
    words = re.sub(r"\s+", " ", title.text()).strip() if title is not None else ""
    return Page(body, words, meta)


def nesting(html: str) -> int:
    """How deep the elements of a page may be nested, seen without parsing it."""
    depth = deepest = 0
    for end, tag in _TAG.findall(html):
        if tag.lower() not in _OPEN_ENDED:
            depth = max(0, depth - 1) if end else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _tree(parser: object) -> Element:
    root = Element("body")
    node = parser.body or parser.root  # type: ignore[attr-defined]
    if node is None:
        return root
    stack = [(node.child, root, 0)]
    while stack:
        current, parent, depth = stack.pop()
        if current is None:
            continue
        stack.append((current.next, parent, depth))
        if current.tag == "-text":
            parent.children.append(current.text_content or "")
        elif current.tag and not current.tag.startswith(("-", "_", "!")):
            attributes = dict(current.attributes)
            if current.tag in _DROPPED or _HIDDEN.search(attributes.get("style") or ""):
                continue
            element = Element(current.tag, attributes)
            parent.children.append(element)
            deep = depth >= _DEEPEST
            stack.append((current.child, parent if deep else element, depth + (not deep)))
    return root


def _count(element: Element, linked: bool) -> None:
    linked = linked or element.tag == "a"
    for child in element.children:
        if isinstance(child, str):
            found = len(_HAN.findall(child))
            element.han += found
            element.linked += found if linked else 0
        else:
            _count(child, linked)
            element.han += child.han
            element.linked += child.linked
