"""File formats beside plain text: each registers a loader; heavy libraries load when used."""

from __future__ import annotations

from collections.abc import Callable

from corpus.formats.magic import kind_of_bytes
from corpus.loading import Loader, decode, register

_SUFFIXES = {
    "html": frozenset({".html", ".htm", ".shtml", ".xhtml"}),
    "mht": frozenset({".mht", ".mhtml"}),
    "docx": frozenset({".docx", ".docm"}),
    "doc": frozenset({".doc", ".wps", ".dot"}),
    "rtf": frozenset({".rtf"}),
    "pdf": frozenset({".pdf"}),
    "zip": frozenset({".zip"}),
}
_REFUSED = {
    "xlsx": "这是电子表格，不是政策正文。请把正文另存为 docx、pdf 或 txt 后再导入。",
    "pptx": "这是演示文稿。请把文字另存为 docx 或 txt 后再导入。",
    "odt": "暂不支持 odt。请用 LibreOffice 另存为 docx 后再导入。",
    "zip": "这是压缩包，里面可能有多份文件。请用 tiaowen corpus add 导入压缩包。",
    "rar": "暂不支持 rar。请解压后导入文件夹，或改用 zip。",
    "7z": "暂不支持 7z。请解压后导入文件夹，或改用 zip。",
    "gz": "暂不支持 gz。请解压后再导入。",
    "image": "这是图片。请先用 OCR 软件转成文字（pdf、docx 或 txt）后再导入。",
}


def _html(raw: bytes) -> str:
    from corpus.formats.webpage import read_webpage

    return read_webpage(decode(raw))


def _mht(raw: bytes) -> str:
    from corpus.formats.rich import read_mht

    return read_mht(raw)


def _docx(raw: bytes) -> str:
    from corpus.formats.word import read_docx

    return read_docx(raw)


def _doc(raw: bytes) -> str:
    from corpus.formats.legacy import read_doc

    return read_doc(raw)


def _rtf(raw: bytes) -> str:
    from corpus.formats.rich import read_rtf

    return read_rtf(raw)


def _pdf(raw: bytes) -> str:
    from corpus.formats.pdf import read_pdf

    return read_pdf(raw)


def _refuse(kind: str) -> Callable[[bytes], str]:
    def read(_raw: bytes) -> str:
        raise ValueError(_REFUSED[kind])

    return read


def _sniffer(name: str, kind: str) -> Callable[[str, bytes], bool]:
    """By content; by suffix alone only where the bytes say nothing."""
    suffixes = _SUFFIXES.get(name, frozenset())

    def sniff(suffix: str, raw: bytes) -> bool:
        found = kind_of_bytes(raw)
        return found == kind or (suffix in suffixes and found in {"", "zip"})

    return sniff


def register_all() -> None:
    """Register every format, those that refuse with a reason too."""
    readers: tuple[tuple[str, str, Callable[[bytes], str]], ...] = (
        ("html", "html", _html),
        ("mht", "mht", _mht),
        ("docx", "docx", _docx),
        ("doc", "ole", _doc),
        ("rtf", "rtf", _rtf),
        ("pdf", "pdf", _pdf),
    )
    for kind in _REFUSED:
        taken = _SUFFIXES.get(kind, frozenset())
        register(Loader(kind, taken, _sniffer(kind, kind), _refuse(kind)))
    for name, kind, read in readers:  # asked first
        register(Loader(name, _SUFFIXES[name], _sniffer(name, kind), read))


register_all()
