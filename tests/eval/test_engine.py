"""Opening what is evaluated."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.engine import Setup, fresh_home, open_engine, shared_folder
from eval.errors import CorpusMissingError


def test_shared_folder_by_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIAOWEN_SHARED", str(tmp_path))
    with pytest.raises(CorpusMissingError, match="TIAOWEN_SHARED"):
        shared_folder()
    (tmp_path / "originals").mkdir()
    assert shared_folder() == tmp_path


def test_unknown_corpus_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(CorpusMissingError, match="digests、originals"),
        open_engine(Setup(str(tmp_path / "none"))),
    ):
        pass


def test_fresh_home_is_empty_and_keeps_embeddings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second home starts with what the first one embedded, and with nothing else."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with fresh_home() as home:
        assert list(home.iterdir()) == []
        (home / "index").mkdir()
        (home / "index" / "embeddings.sqlite3").write_text("vectors", encoding="utf-8")
        (home / "corpus.sqlite3").write_text("documents", encoding="utf-8")
    assert not home.exists()
    with fresh_home() as home:
        files = [path for path in home.rglob("*") if path.is_file()]
        assert files == [home / "index" / "embeddings.sqlite3"]
        assert files[0].read_text(encoding="utf-8") == "vectors"
