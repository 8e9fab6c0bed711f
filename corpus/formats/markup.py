"""XML of office files, read without document types: no entities, internal or external."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_DEEPEST = 400  # nested elements; office files stay below 60


class _NoDoctype(ElementTree.TreeBuilder):
    """Builder that refuses a document type, where entities would be declared."""

    depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse."""
        raise ValueError("文件里有不该有的 XML 声明（DOCTYPE），已拒绝。请检查文件来源。")

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        """Count the depth, so that no reader runs out of stack."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError("文件的嵌套过深，不像文档。请检查文件来源。")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        """Count the depth."""
        self.depth -= 1
        return super().end(tag)


def parse_xml(raw: bytes) -> Element:
    """Root of an XML part; raises ValueError when it is damaged or declares a document type."""
    parser = ElementTree.XMLParser(target=_NoDoctype())
    try:
        parser.feed(raw)
        root: Element = parser.close()
    except (ElementTree.ParseError, LookupError, UnicodeError) as error:
        raise ValueError("文件内容已损坏（XML 不完整）。请用 Word 打开并另存后再导入。") from error
    return root
