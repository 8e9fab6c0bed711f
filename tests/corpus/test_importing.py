"""Importing files and folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import CorpusStore, EmptyError, ingest

TEXT = (
    "某市教育局关于入学的通知\n某教〔2025〕3号\n各学校：\n"
    "一、对象。六周岁。（某市教育局）\n三、时间。六月。\n"
)


@pytest.fixture
def store(tmp_path: Path) -> CorpusStore:
    return CorpusStore.open(tmp_path / "home", samples=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with good, odd and hidden files."""
    root = tmp_path / "policies"
    (root / "b").mkdir(parents=True)
    (root / ".hidden").mkdir()
    (root / "a.txt").write_text(TEXT, encoding="utf-8")
    (root / "b" / "c.md").write_bytes(TEXT.replace("3号", "5号").encode("gbk"))
    (root / "b" / "bad.txt").write_bytes(b"\x00\x01\x02" * 100)
    (root / "b" / "empty.txt").write_bytes(b"")
    (root / "b" / "picture.png").write_bytes(b"\x89PNG")
    (root / ".hidden" / "d.txt").write_text(TEXT, encoding="utf-8")
    return root


def test_one_bad_file_does_not_spoil_the_others(store: CorpusStore, folder: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    reports = ingest(store, [folder], lambda *step: steps.append(step))
    assert [r.file for r in reports] == ["a.txt", "b/bad.txt", "b/c.md", "b/empty.txt"]
    assert [r.outcome for r in reports] == ["added", "failed", "added", "failed"]
    assert steps[0] == (0, 4, "a.txt")
    assert steps[-1] == (4, 4, "")
    good, bad = reports[0], reports[1]
    assert (good.doc_number, good.clauses, good.units) == ("某教〔2025〕3号", 2, 1)
    assert good.warnings == ("第5行第1列：编号跳号 一→三",)
    assert bad.error is not None
    assert "b/bad.txt" in bad.error
    assert [d.file for d in store.documents()] == ["a.txt", "b/c.md"]


def test_files_are_named_by_themselves(store: CorpusStore, folder: Path) -> None:
    reports = ingest(store, [folder / "b" / "c.md", folder / "gone.txt"])
    assert [(r.file, r.outcome) for r in reports] == [("c.md", "added"), ("gone.txt", "failed")]


def test_importing_twice_changes_nothing(store: CorpusStore, folder: Path) -> None:
    ingest(store, [folder])
    assert [r.outcome for r in ingest(store, [folder])] == ["unchanged", "failed"] * 2


def test_a_folder_without_documents(store: CorpusStore, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(EmptyError, match="没有找到"):
        ingest(store, [tmp_path / "none"])
    with pytest.raises(EmptyError):
        ingest(store, [])


def test_a_document_without_numbers_says_so(store: CorpusStore, tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("公告\n今天停水。\n", encoding="utf-8")
    (report,) = ingest(store, [path])
    assert report.clauses == 0
    assert "没有识别出带编号的条款" in report.warnings[0]


def test_an_unexpected_error_stays_in_its_report(
    store: CorpusStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("corpus.confined.Reader.build", broken)
    assert {r.outcome for r in ingest(store, [folder])} == {"failed"}
