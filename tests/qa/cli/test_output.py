from __future__ import annotations

import stat
import sys
from io import StringIO
from pathlib import Path

import pytest

from qa.cli.output import Bars, line, write_lines
from qa.cli.wording import usage_error


def test_lines_appear_whole_or_not_at_all(tmp_path: Path) -> None:
    def broken() -> object:
        yield "one"
        raise ValueError("two")

    target = tmp_path / "out"
    with pytest.raises(ValueError, match="two"):
        write_lines(target, broken())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
    write_lines(target, ["一", "二"])
    assert target.read_text(encoding="utf-8") == "一\n二\n"


def test_written_file_has_usual_or_earlier_permissions(tmp_path: Path) -> None:
    target, plain = tmp_path / "out", tmp_path / "plain"
    plain.touch()
    write_lines(target, [])
    assert target.stat().st_mode == plain.stat().st_mode
    target.chmod(0o640)
    write_lines(target, [])
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_long_lines_are_not_folded(capsys: pytest.CaptureFixture[str]) -> None:
    line("条" * 500, "bold")
    assert capsys.readouterr().out == "条" * 500 + "\n"


def test_bars_serve_both_kinds_of_report(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    with Bars() as bars:
        bars.start("model.onnx", 2_000_000)
        bars.advance(500_000)
        bars.finish()
        bars("embed", 3, 10)
    text = shown.getvalue()
    assert "下载 model.onnx" in text
    assert "0.5/2.0 MB" in text
    assert "计算向量" in text
    assert "3/10" in text


def test_nothing_to_report_draws_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars():
        pass
    assert capsys.readouterr() == ("", "")


def test_unknown_usage_error_stays_as_it_is() -> None:
    assert usage_error("Something new.") == "Something new."
