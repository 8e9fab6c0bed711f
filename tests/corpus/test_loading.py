"""Loading: encodings, odd files, and errors that say what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import LoadError, read_source
from corpus.loading import Loader, decode, register, source_of, suffixes

TEXT = "某市教育局关于入学的通知\n一、对象。随迁子女。\n二、時間。六月。\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        pytest.param("utf-8", b"", id="utf-8"),
        pytest.param("utf-8-sig", b"", id="utf-8-bom"),
        pytest.param("gbk", b"", id="gbk"),
        pytest.param("gb18030", b"", id="gb18030"),
        pytest.param("utf-16", b"", id="utf-16-bom"),
        pytest.param("utf-16-le", b"", id="utf-16-bare"),
        pytest.param("utf-16-be", b"\xfe\xff", id="utf-16-be"),
    ],
)
def test_encodings(encoding: str, mark: bytes) -> None:
    source = source_of(mark + TEXT.encode(encoding), "a.txt")
    assert source.raw_text.lstrip("\ufeff") == TEXT
    assert source.format == "txt"
    assert len(source.sha256) == 64


def test_rare_characters_need_gb18030() -> None:
    assert decode("㑇𠮷某市".encode("gb18030")) == "㑇𠮷某市"


def test_a_few_broken_bytes_do_not_lose_the_text() -> None:
    raw = TEXT.encode()[:10] + b"\xff" + (TEXT * 20).encode()
    assert "随迁子女" in decode(raw)


@pytest.mark.parametrize(
    ("raw", "file", "reason"),
    [
        pytest.param(b"", "a.txt", "空", id="empty"),
        pytest.param(b"\xef\xbb\xbf \n", "a.txt", "空", id="blank"),
        pytest.param(bytes(range(256)) * 20, "a.txt", "二进制", id="binary"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 400, "a.txt", "图片", id="image"),
        pytest.param("。，——".encode(), "a.txt", "没有可读的文字", id="no-words"),
        pytest.param(b"abc", "a.exe", "不支持的格式", id="suffix"),
    ],
)
def test_unreadable_files(tmp_path: Path, raw: bytes, file: str, reason: str) -> None:
    (tmp_path / file).write_bytes(raw)
    with pytest.raises(LoadError, match=reason) as caught:
        read_source(tmp_path / file, f"folder/{file}")
    assert caught.value.file == f"folder/{file}"
    assert str(caught.value).startswith(f"无法导入「folder/{file}」")


def test_vanished_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="不存在"):
        read_source(tmp_path / "gone.txt")
    with pytest.raises(LoadError, match="文件夹"):
        read_source(tmp_path)


def test_a_new_format_is_registered_not_branched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.loading.LOADERS", [])
    register(
        Loader("rot", frozenset({".rot"}), lambda suffix, _raw: suffix == ".rot", bytes.decode)
    )
    assert suffixes() == {".rot"}
    assert source_of("一、甲".encode(), "a.rot").format == "rot"
    with pytest.raises(LoadError):
        source_of("一、甲".encode(), "a.txt")
