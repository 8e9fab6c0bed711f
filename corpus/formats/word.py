"""docx: paragraphs with their printed numbers, table rows, footnotes, text boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from corpus.formats.markup import parse_xml
from corpus.formats.numbering import Numbering, W, read_numbering, value
from corpus.formats.packages import open_package, read_member
from corpus.formats.render import row_text, tidy

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = frozenset(
    {W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "instrText", _MC + "Fallback"}
)
_WRAPPERS = frozenset({W + "sdt", W + "sdtContent", W + "ins", W + "customXml"})
_MAIN = "word/document.xml"
_WIDE_CELL = 200  # characters: a cell with more holds paragraphs, not a value
_TEXT = {
    W + "tab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    W + "ptab": "\t",
}


@dataclass(slots=True)
class Reader:
    """What the paragraphs of one document need to be read."""

    numbering: Numbering
    styles: dict[str, tuple[str, int]]  # style → numId, ilvl
    notes: dict[str, str]
    count: int = 0  # notes seen

    def blocks(self, parent: Element) -> Iterator[str]:
        """Lines of a body, cell or text box, in order."""
        for child in parent:
            if child.tag == W + "p":
                yield from self.paragraph(child)
            elif child.tag == W + "tbl":
                yield from self.table(child)
            elif child.tag == W + "sdt":
                content = child.find(W + "sdtContent")
                if content is not None and not _is_contents(child):
                    yield from self.blocks(content)
            elif child.tag in {W + "ins", W + "moveTo", W + "customXml", W + "smartTag"}:
                yield from self.blocks(child)

    def paragraph(self, element: Element) -> Iterator[str]:
        """Lines of a paragraph with its automatic number, then its notes and text boxes."""
        style = _style(element)
        if style.upper().startswith("TOC"):
            return
        notes: list[str] = []
        boxes: list[Element] = []
        text = "".join(self._runs(element, notes, boxes))
        label = self._label(element, style) if text.strip() else ""
        yield from (label + text.lstrip(" 　\t") if label else text).split("\n")
        yield from notes
        for box in boxes:
            yield from self.blocks(box)

    def table(self, element: Element) -> Iterator[str]:
        """One line a row; cells that hold whole paragraphs are read as text."""
        for row in _inside(element, W + "tr"):
            cells = [list(self.blocks(cell)) for cell in _inside(row, W + "tc")]
            if len(cells) == 1 or any(_is_prose(cell) for cell in cells):
                for cell in cells:
                    yield from cell
            else:
                yield row_text([" ".join(filter(None, map(str.strip, cell))) for cell in cells])

    def _label(self, element: Element, style: str) -> str:
        properties = element.find(W + "pPr")
        number = properties.find(W + "numPr") if properties is not None else None
        number_id, depth = self.styles.get(style, ("", 0))
        if number is not None:
            number_id = value(number, "numId") or number_id
            level = value(number, "ilvl")
            depth = int(level) if level.isdigit() else depth
        return self.numbering.label(number_id, min(depth, 8)) if number_id != "0" else ""

    def _runs(self, element: Element, notes: list[str], boxes: list[Element]) -> Iterator[str]:
        """Text below a paragraph; notes and text boxes are put aside."""
        for child in element:
            tag = child.tag
            if tag in _SKIPPED or (tag == W + "r" and _is_hidden(child)):
                continue
            if tag == W + "t":
                yield child.text or ""
            elif tag in _TEXT:
                yield _TEXT[tag]
            elif tag in {W + "footnoteReference", W + "endnoteReference"}:
                yield self._note(child, notes)
            elif tag == W + "txbxContent":
                boxes.append(child)
            else:
                yield from self._runs(child, notes, boxes)

    def _note(self, element: Element, notes: list[str]) -> str:
        text = self.notes.get(element.tag.removeprefix(W)[0] + element.get(W + "id", ""))
        if not text:
            return ""
        self.count += 1
        notes.append(f"[{self.count}] {text}")
        return f"[{self.count}]"


def read_docx(raw: bytes) -> str:
    """Text of a docx file; raises ValueError when it cannot be read."""
    package = open_package(raw)
    names = set(package.namelist())
    main = (
        _MAIN if _MAIN in names else next((n for n in names if n.endswith("/document.xml")), _MAIN)
    )

    def part(name: str) -> Element | None:
        return parse_xml(read_member(package, name)) if name in names else None

    body = parse_xml(read_member(package, main)).find(W + "body")
    if body is None:
        raise ValueError("文件里没有正文。请用 Word 打开并另存为 docx 后再导入。")
    numbering = read_numbering(part("word/numbering.xml"))
    reader = Reader(numbering, _numbered_styles(part("word/styles.xml")), {})
    for name, mark in (("footnotes", "f"), ("endnotes", "e")):
        root = part(f"word/{name}.xml")
        for note in root if root is not None else ():
            words = " ".join(filter(None, map(tidy, reader.blocks(note))))
            reader.notes[mark + note.get(W + "id", "")] = words
    return "\n".join(reader.blocks(body)) + "\n"


def _numbered_styles(root: Element | None) -> dict[str, tuple[str, int]]:
    """Lists that paragraph styles belong to, their own or that of the style they build on."""
    if root is None:
        return {}
    own: dict[str, tuple[str, int]] = {}
    above: dict[str, str] = {}
    for style in root.findall(W + "style"):
        key = style.get(W + "styleId", "")
        above[key] = value(style, "basedOn")
        number = style.find(f"{W}pPr/{W}numPr")
        if number is not None and value(number, "numId"):
            level = value(number, "ilvl")
            own[key] = (value(number, "numId"), int(level) if level.isdigit() else 0)
    found: dict[str, tuple[str, int]] = {}
    for key in above:
        seen, name = set(), key
        while name and name not in own and name not in seen:
            seen.add(name)
            name = above.get(name, "")
        if name in own:
            found[key] = own[name]
    return found


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """Return children of a tag, also those in content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def _style(element: Element) -> str:
    properties = element.find(W + "pPr")
    return value(properties, "pStyle") if properties is not None else ""


def _is_hidden(run: Element) -> bool:
    properties = run.find(W + "rPr")
    hidden = properties.find(W + "vanish") if properties is not None else None
    return hidden is not None and hidden.get(W + "val", "1") not in {"0", "false"}


def _is_contents(sdt: Element) -> bool:
    gallery = sdt.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"


def _is_prose(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    return len(filled) > 2 and sum(map(len, filled)) > _WIDE_CELL
