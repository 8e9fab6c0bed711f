"""Zip containers within limits: size, count, compression ratio, and names that stay inside."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from corpus.formats.magic import crowded

MAX_MEMBER = 50 * 1024 * 1024  # bytes of one file once unpacked
MAX_TOTAL = 300 * 1024 * 1024  # bytes of all files once unpacked
MAX_COUNT = 2000  # files in one archive
MAX_RATIO = 200  # unpacked to packed; text reaches 20, a zip bomb 1000
_SMALL = 1024 * 1024  # bytes; the ratio of less does not matter
_DRIVE, _CONTROL = re.compile(r"[A-Za-z]:"), re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LINK, _KIND = 0o120000, 0o170000  # of Unix file modes, in the upper half of the attributes


def open_package(raw: bytes) -> zipfile.ZipFile:
    """Open a container held in memory; raises ValueError when it is damaged or too large."""
    if crowded(raw):
        raise ValueError(f"压缩包里的文件超过 {MAX_COUNT} 个。请分开打包后再导入。")
    try:
        package = zipfile.ZipFile(io.BytesIO(raw))
        entries = package.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError, OSError):
        raise ValueError("压缩包已损坏，打不开。请重新下载或重新压缩后再导入。") from None
    if len(entries) > MAX_COUNT:
        raise ValueError(
            f"压缩包里有 {len(entries)} 个文件，超过 {MAX_COUNT} 个。请分开打包后再导入。"
        )
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise ValueError(f"解压后超过 {MAX_TOTAL // 2**20} MB。请分开打包后再导入。")
    return package


def read_member(package: zipfile.ZipFile, entry: zipfile.ZipInfo | str) -> bytes:
    """Bytes of one member; raises ValueError when it breaks a limit, is locked or damaged."""
    try:
        info = package.getinfo(entry) if isinstance(entry, str) else entry
    except KeyError:
        raise ValueError(f"缺少部分「{entry}」，文件不完整。请重新保存后再导入。") from None
    if info.external_attr >> 16 & _KIND == _LINK:
        raise ValueError("压缩包里的这一项是链接，不是文件，已拒绝。请放入文件本身后重新打包。")
    if info.flag_bits & 1:
        raise ValueError("压缩包有密码。请去掉密码后再导入。")
    ratio = info.file_size / max(1, info.compress_size)
    if info.file_size > MAX_MEMBER or (info.file_size > _SMALL and ratio > MAX_RATIO):
        raise ValueError("解压后过大，不像文档（可能是压缩炸弹）。请检查文件来源。")
    try:
        with package.open(info) as stream:
            data = stream.read(MAX_MEMBER + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError):
        raise ValueError("压缩包里的文件已损坏。请重新下载或重新压缩后再导入。") from None
    if len(data) > MAX_MEMBER:
        raise ValueError("解压后过大，不像文档（可能是压缩炸弹）。请检查文件来源。")
    return data


def member_name(entry: zipfile.ZipInfo) -> str:
    """Name of a member as its author wrote it; zip files made on Windows hold GBK.

    Raises ValueError for a name that leads out of the archive or holds control characters.
    """
    name = entry.filename
    if not entry.flag_bits & 0x800:  # the name is not marked as UTF-8
        try:
            stored = name.encode("cp437")
        except UnicodeEncodeError:
            stored = b""
        for encoding in ("utf-8", "gb18030"):
            try:
                name = stored.decode(encoding) or name
                break
            except UnicodeDecodeError:
                continue
    if _CONTROL.search(name):
        raise ValueError("压缩包里的文件名含有控制字符，已拒绝。请改名后重新打包。")
    name = name.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or _DRIVE.search(name):
        raise ValueError("压缩包里的路径指到包外，已拒绝。请检查文件来源。")
    return name
