"""Errors of the corpus room.

TiaowenError
├── StorageError         the disk refused: full, read-only, no permission
└── CorpusError
    ├── LoadError        a file that cannot be read as a document
    ├── EmptyError       nothing to import was found
    ├── UnknownDocument  no stored document matches the name given
    ├── DamagedError     a database file is damaged
    └── NewerStoreError  a database was written by a later release
"""

from __future__ import annotations

from pathlib import Path


class TiaowenError(Exception):
    """Base of every error this program raises on purpose; ``str(error)`` is fit to show."""


class StorageError(TiaowenError):
    """The disk refused to take something: the message says what was not done and what to do."""

    def __init__(self, place: Path, doing: str, reason: str, way: str, kept: str = "") -> None:
        still = f"{kept}；" if kept else ""
        super().__init__(f"{doing}没有完成：{reason}（{place}）。{still}{way}。")
        self.place = place
        self.reason = reason


class CorpusError(TiaowenError):
    """Something is wrong with documents, as opposed to the index or the question."""


class LoadError(CorpusError):
    """A file could not be turned into a document: the message names it and says what to do."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"无法导入「{file}」：{reason}")
        self.file = file
        self.reason = reason


class EmptyError(CorpusError):
    """No document was found where some were expected."""


class UnknownDocument(CorpusError):  # noqa: N818 - reads as a sentence where it is raised
    """No stored document matches the id, 文号, title or file that was asked for."""


class DamagedError(CorpusError):
    """A database file is damaged: nothing is written to it any more."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"数据库 {path} 已损坏，打不开或读不全。请先停止使用并留一份副本，"
            "再用 tiaowen restore 备份文件 --force 恢复；没有备份时把它移走，重新加入文件。"
        )
        self.path = path


class NewerStoreError(CorpusError):
    """A database was written by a later release; nothing in it was touched."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"数据库 {path} 由更新的版本写成（格式 {found}，本程序只认识到 {known}），没有改动它。"
            "请升级条问后再用，或用 --home 换一个资料文件夹。"
        )
        self.path, self.found, self.known = path, found, known
