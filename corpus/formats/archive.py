"""Zip archives of documents: their members under names such as ``x.zip/inner.docx``."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from corpus.errors import LoadError
from corpus.formats.magic import kind_of_bytes
from corpus.formats.packages import MAX_TOTAL, member_name, open_package, read_member
from corpus.loading import shown_name, suffixes

MAX_SECONDS = 900  # for all members of one archive, reading them included


def is_archive(raw: bytes) -> bool:
    """Whether the bytes are a zip archive that is not itself a document."""
    return kind_of_bytes(raw) == "zip"


def members(raw: bytes, file: str) -> Iterator[tuple[str, bytes | LoadError]]:
    """Documents in an archive, sorted by name, or why one cannot be read.

    Raises LoadError when the archive itself is damaged, breaks a limit or holds no documents.
    """
    try:
        package = open_package(raw)
    except ValueError as error:
        raise LoadError(file, str(error)) from None
    unpacked, until = 0, time.monotonic() + MAX_SECONDS
    named = sorted(_named(package, file), key=lambda item: item[0])
    if not named:
        raise LoadError(file, "压缩包里没有可以导入的文件。请检查内容后重试。")
    for name, entry in named:
        inner = f"{file}/{name}"
        if isinstance(entry, LoadError):
            yield entry.file, entry
            continue
        try:
            if unpacked > MAX_TOTAL or time.monotonic() > until:
                raise ValueError("压缩包太大，处理它用的时间或空间超过上限。请解压后导入文件夹。")
            data = read_member(package, entry)
            unpacked += len(data)
            if is_archive(data):
                raise ValueError("压缩包里还有压缩包。请先解开里面的一层再导入。")
            yield (
                inner,
                data if data.strip() else LoadError(inner, "文件是空的。请重新打包后重试。"),
            )
        except ValueError as error:
            yield inner, LoadError(inner, str(error))


def _named(
    package: zipfile.ZipFile, file: str
) -> Iterator[tuple[str, zipfile.ZipInfo | LoadError]]:
    """Members that a folder import would pick up, too."""
    known = suffixes()
    for entry in package.infolist():
        if entry.is_dir():
            continue
        try:
            name = member_name(entry)
        except ValueError as error:
            yield (
                entry.filename,
                LoadError(f"{file}/{shown_name(PurePosixPath(entry.filename).name)}", str(error)),
            )
            continue
        path = PurePosixPath(name)
        hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)
        if not hidden and path.suffix.lower() in known:
            yield shown_name(name), entry
