"""Bytes in, raw text out: a registry of loaders chosen by suffix and by content."""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from unicodedata import category

from corpus.errors import LoadError
from corpus.limits import MAX_CHARACTERS

MAX_BYTES = 50 * 1024 * 1024  # the longest statute is 0.4 MB; beyond this it is not a policy
_TEXT_SUFFIXES = frozenset({"", ".txt", ".text", ".md", ".markdown"})
_BINARY = re.compile(rb"[\x00\x01-\x08\x0e-\x1a\x1c-\x1f]")
_ODD = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ue000-\uf8ff]")  # control and private characters
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_COMMON = re.compile(r"[\t\r\n -~\u2010-\u2026\u3000-\u303f\u4e00-\u9fff\uff00-\uff5e]")
_NO_TEXT = "这不是文本文件（二进制内容）。请换成 txt、md、docx 或 pdf 等文档。"
_FOLDER = "这是一个文件夹。请用 tiaowen corpus add 导入整个文件夹。"
_TOO_BIG = "文件超过 50 MB，不像政策文件。请拆分后再导入。"
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LETTERS = re.compile(r"[\w\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: ``raw`` bytes, their text before any repair, and the format found."""

    file: str
    raw: bytes
    raw_text: str
    format: str

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes."""
        return sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Loader:
    """How one format is recognised and read.

    ``sniff`` sees the suffix (lower case, with dot) and the bytes; ``read`` gives the raw text
    and raises ValueError with a Chinese reason when it cannot.
    """

    format: str
    suffixes: frozenset[str]
    sniff: Callable[[str, bytes], bool]
    read: Callable[[bytes], str]


LOADERS: list[Loader] = []


def register(loader: Loader) -> None:
    """Add a loader; those added later are asked first."""
    LOADERS.insert(0, loader)


def suffixes() -> frozenset[str]:
    """Every suffix that a folder import picks up."""
    return frozenset().union(*(loader.suffixes for loader in LOADERS)) - {""}


def read_bytes(path: Path, file: str) -> bytes:
    """Return the bytes of a file, with a clear LoadError when there are none to be had."""
    try:
        raw = _bytes_of(path, file)
    except FileNotFoundError:
        raise LoadError(file, "文件不存在或已被移走。请检查路径后重试。") from None
    except OSError as error:
        raise LoadError(
            file, f"读取失败（{error.strerror or error}）。请检查权限后重试。"
        ) from error
    if len(raw) > MAX_BYTES:
        raise LoadError(file, _TOO_BIG)
    if not raw.strip(b" \t\r\n\xef\xbb\xbf"):
        raise LoadError(file, "文件是空的。请确认内容已保存后重试。")
    return raw


def _bytes_of(path: Path, file: str) -> bytes:
    """Bytes of an ordinary file, at most one more than are allowed."""
    # A pipe or device without anybody at its other end must not stop the import.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            raise LoadError(file, _FOLDER)
        if not stat.S_ISREG(found.st_mode):
            raise LoadError(file, "这不是普通文件（是设备或管道）。请换成文档后重试。")
        if found.st_size > MAX_BYTES:
            raise LoadError(file, _TOO_BIG)
        with open(handle, "rb", closefd=False) as stream:
            return stream.read(MAX_BYTES + 1)
    finally:
        os.close(handle)


def shown_name(name: str) -> str:
    """A file name fit to be shown and stored.

    Control characters (they could drive the terminal), marks that turn the direction of writing
    (they could hide a suffix) and bytes that are no text become �.
    """
    return "".join("\ufffd" if category(char) in _UNSHOWN else char for char in name)


def read_source(path: Path, file: str | None = None) -> Source:
    """Read one file; ``file`` is the name to keep (default: the file name).

    Raises LoadError, which names the file and says what to do.
    """
    file = path.name if file is None else file
    raw = read_bytes(path, file)
    return source_of(raw, file)


def source_of(raw: bytes, file: str) -> Source:
    """Source of bytes already in memory (uploads, zip members). Raises LoadError."""
    suffix = Path(file).suffix.lower()
    for loader in LOADERS:
        if loader.sniff(suffix, raw):
            break
    else:
        raise LoadError(file, f"不支持的格式。可导入：{'、'.join(sorted(suffixes()))}。")
    try:
        text = loader.read(raw)
    except ValueError as error:
        raise LoadError(file, str(error)) from error
    if len(text) > MAX_CHARACTERS:
        most = MAX_CHARACTERS // 10_000
        raise LoadError(file, f"正文超过 {most} 万字，不像政策文件。请拆分后再导入。")
    if not _LETTERS.search(text):
        raise LoadError(file, "没有可读的文字。请换成带文字的版本后重试。")
    return Source(file, raw, text, loader.format)


def decode(raw: bytes) -> str:
    """Text of bytes in UTF-8, UTF-16, GBK or GB18030; line ends as they are.

    Raises ValueError when no encoding fits.
    """
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    if raw.startswith(codecs.BOM_UTF16_BE):
        return raw.decode("utf-16", errors="replace")
    for encoding in _candidates(raw):
        try:
            text = raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if _plausible(text):
            return text
    return _damaged(raw)


def _candidates(raw: bytes) -> list[str]:
    """Return encodings to try: the content decides, a declared charset only breaks ties."""
    order = ["utf-8", "gb18030"]
    declared = _DECLARED.search(raw[:4096])
    if declared and declared[1].lower() in {b"big5", b"big5-hkscs"}:
        order.insert(1, "big5hkscs")
    return order


def _plausible(text: str) -> bool:
    sample = text[:20000]
    return len(_ODD.findall(sample)) <= len(sample) // 50


def _damaged(raw: bytes) -> str:
    """Mostly sound text with a few broken bytes: keep what can be read."""
    for encoding in ("utf-8", "gb18030"):
        text = raw.decode(encoding, errors="replace")
        if text.count("\ufffd") <= max(3, len(text) // 200) and _plausible(text):
            return text
    raise ValueError("看不出文字编码。请另存为 UTF-8 文本后重试。")


def _read_text(raw: bytes) -> str:
    marked = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    sample = raw[:65536]
    if not marked and len(_BINARY.findall(sample)) > len(sample) // 200:
        return _wide(raw)
    text = decode(raw)
    if not _plausible(text):
        raise ValueError(_NO_TEXT)
    return text


def _wide(raw: bytes) -> str:
    """Text in UTF-16 without its mark; raises ValueError when it is no text at all."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = raw[: len(raw) // 2 * 2].decode(encoding, errors="replace")
        sample = text[:5000]
        if len(_COMMON.findall(sample)) > len(sample) * 0.9:
            return text
    raise ValueError(_NO_TEXT)


register(
    Loader("txt", frozenset({".txt", ".text"}), lambda s, _raw: s in _TEXT_SUFFIXES, _read_text)
)
register(
    Loader(
        "md", frozenset({".md", ".markdown"}), lambda s, _raw: s in {".md", ".markdown"}, _read_text
    )
)
