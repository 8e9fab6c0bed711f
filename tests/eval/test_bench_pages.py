"""What the other benchmarks reckon and write. How fast things are is not tested here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from eval.bench import __main__ as bench
from eval.bench import encoders, floors, growth, memory, staff
from eval.bench.beir_data import Beir, Entry
from eval.bench.output import FOLDER, markdown_table, put_between, stamped, write_json
from eval.bench.peers.contract import Work
from qa.search.types import Request
from tests.index.factories import HashEncoder

_TIMES = {"p50": 2.0, "p95": 4.0}


def test_measured_text_replaces_only_itself(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    put_between(page, "一", "# 题\n\n")
    put_between(page, "二")
    text = page.read_text(encoding="utf-8")
    assert text == "# 题\n\n<!-- table -->\n二\n<!-- /table -->\n"


def test_markdown_table() -> None:
    assert markdown_table(("", "a"), [("x", 1)]) == "|  | a |\n| --- | ---: |\n| x | 1 |"


def test_a_result_says_where_it_is_from(tmp_path: Path) -> None:
    write_json(tmp_path / "new" / "a.json", stamped("a", {"n": 1}))
    values = json.loads((tmp_path / "new" / "a.json").read_text(encoding="utf-8"))
    assert {"benchmark", "machine", "commit", "at", "n"} == set(values)


# --- floors ---


def test_the_ratio_is_to_the_sum_of_the_floors(tmp_path: Path) -> None:
    names = ("embed", "scan", "tokens", "answer")
    result: dict[str, Any] = {
        "ms": {name: dict(_TIMES) for name in names}, "ratio": 1.0, "ratio_p95": 1.0,
        "trips": {"around": _TIMES, "http": {"p50": 12.0, "p95": 16.0}},
        "cold": {
            "seconds": 1.5, "answer_ms": 9.0, "imports_total_ms": 5.0, "heavy": ["torch"],
            "imports_ms": {"numpy": 5.0},
        },
        "page_ready_s": 3.25, "machine": "m", "commit": "c", "at": "t",
    }  # fmt: skip
    floors._sum_up(result)
    assert result["ms"]["floor"] == {"p50": 8.0, "p95": 16.0}
    assert (result["ratio_page"], result["ratio_page_p95"]) == (1.5, 1.0)
    page = floors.page(result)
    assert "| **下限之和** | 8.0 | 16.0 |" in page
    assert "不该导入而导入了的：torch" in page
    assert "3.25 秒" in page


# --- encoders ---


def test_an_encoder_is_measured_against_the_published_vectors(tmp_path: Path) -> None:
    entries = tuple(Entry(f"a{n}", "", f"第{n}类申请人办理登记") for n in range(12))
    queries = {f"q{n}": f"第{n}类申请人" for n in range(4)}
    data = Beir("s", "train", entries, queries, {f"q{n}": {f"a{n}": 1.0} for n in range(4)})
    work = Work(tmp_path, tuple(e.id for e in entries), tuple(e.text for e in entries),
                tuple(queries[name] for name in sorted(queries)))  # fmt: skip
    encoder = HashEncoder()
    row = encoders.measure(encoder, work, data, encoder.encode(work.texts), None, 6)
    assert row["cosine"] == row["cosine_worst"] == pytest.approx(1.0)
    assert row["alone"] == pytest.approx(1.0)
    assert row["recall@10"] >= 0.75
    assert row["texts_per_s"] > 0
    other = encoders.measure(HashEncoder(), work, data, -encoder.encode(work.texts), None, 6)
    assert other["cosine"] == pytest.approx(-1.0)


def test_encoders_page() -> None:
    row = dict.fromkeys(encoders._COLUMNS, 1.0)
    way = {"threads": 2, "batches": "一条一条", "texts_per_s": 3.0, "texts_per_cpu_s": 2.0}
    result = {
        "articles": 3000, "questions": 9, "encoders": {"fp32": row, "fast": row},
        "set_up": [way], "machine": "m", "commit": "c", "at": "t",
    }  # fmt: skip
    page = encoders.page(result)
    assert "| fast | " in page
    assert "| 一条一条 | 2 | 3.0 | 2.0 |" in page


# --- memory ---


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        pytest.param("某某法第十二条", ("某某法", "第十二条"), id="article"),
        pytest.param("某某法第一百零三条之一", ("某某法", "第一百零三条之一"), id="inserted"),
        pytest.param("某某规定", ("某某规定", "第一条"), id="none"),
    ],
)
def test_titles_are_parted(title: str, parts: tuple[str, str]) -> None:
    assert memory.split_title(title) == parts


def test_statutes_are_written_whole(tmp_path: Path) -> None:
    entries = (
        Entry("1", "甲法第一条", "子一。"), Entry("2", "乙法第一条", "丑一。"),
        Entry("3", "甲法第二条", "子二。"),
    )  # fmt: skip
    assert memory.statutes(Beir("s", "t", entries, {}, {}), tmp_path, None) == 2
    text = (tmp_path / "00000.md").read_text(encoding="utf-8")
    assert text == "# 甲法\n\n第一条　子一。\n\n第二条　子二。\n"


def test_a_million_is_reckoned_from_what_a_clause_adds() -> None:
    def row(clauses: int, mb: int) -> dict[str, Any]:
        return {"clauses": clauses, "after": {"anonymous_mb": mb}}

    found = memory.million([row(1_000, 300), row(61_000, 900)])
    assert found == {"kb_a_clause": 10.0, "anonymous_mb": 10_300}


def test_imports_go_through_the_programs_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, ...]] = []
    manifest = {"clauses": 5, "spans": 7, "documents": 2, "dense": "exact"}

    def fake(*arguments: str) -> str:
        ran.append(arguments)
        return json.dumps(manifest) + "\n"

    monkeypatch.setattr(memory, "_command", fake)
    (tmp_path / "file").write_bytes(bytes(2_000_000))
    found = memory.imported(tmp_path, tmp_path / "files", lambda _: None)
    assert [arguments[0] for arguments in ran] == ["corpus", "build"]
    assert (found["vectors"], found["disk_mb"]) == (12, 2.0)


# --- growth ---


def _scale() -> dict[str, Any]:
    rows = [
        {
            "clauses": size,
            "build_cpu_s": {"lexical": size / 1e4, "dense": 0.0 if size < 1e5 else size / 1e3},
            **{name: {"p50": cost} for name, cost in (("lexical", 0.5), ("dense_leg", size**0.5))},
            "exact_pass": {"p50": size / 1e5},
        }
        for size in (1_000, 10_000, 100_000, 1_000_000)
    ]
    return {"sizes": rows}


def test_exponents_are_those_of_the_growth() -> None:
    lines = growth.series(_scale())
    slopes = {label: growth.slope(points) for label, points in lines.items()}
    assert slopes["建全文索引 s"] == pytest.approx(1.0)
    assert slopes["向量检索 ms"] == pytest.approx(0.5)
    assert slopes["词法检索 ms"] == pytest.approx(0.0, abs=1e-9)
    assert len(lines["整理向量 s"]) == 2  # nothing is drawn at zero
    assert growth.slope([(10.0, 1.0)]) is None


def test_points_stand_where_their_logarithms_do(tmp_path: Path) -> None:
    (tmp_path / "scale.json").write_text(json.dumps(_scale()), encoding="utf-8")
    root = ElementTree.parse(growth.write(tmp_path)).getroot()
    svg = "{http://www.w3.org/2000/svg}"
    lines = [
        np.array([tuple(map(float, pair.split(","))) for pair in line.attrib["points"].split()])
        for line in root.iter(f"{svg}polyline")
    ]
    assert len(lines) == 5
    steps = np.diff(lines[0][:, 0])
    np.testing.assert_allclose(steps, steps[0], atol=0.11)  # a decade is a decade
    assert lines[0][0, 1] > lines[0][-1, 1]  # more is higher up
    assert lines[2][0, 1] == lines[2][-1, 1]  # what does not grow is level


def test_the_published_plot_is_that_of_the_published_figures() -> None:
    scale = json.loads((FOLDER / "scale.json").read_text(encoding="utf-8"))
    drawn = (FOLDER / "growth.svg").read_text(encoding="utf-8")
    assert drawn == growth.plot(growth.series(scale))


# --- all of them ---


def test_a_failing_benchmark_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []

    def fake(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(command[2])
        return subprocess.CompletedProcess(command, int(command[2].endswith("encoders")))

    monkeypatch.setattr(subprocess, "run", fake)
    assert bench.main(["--quick"]) == 1
    assert ran == [f"eval.bench.{name}" for name in ("floors", "encoders", "memory", "peers")]
    assert "没有做成：encoders" in capsys.readouterr().err
    ran.clear()
    assert bench.main(["--only", "peers,memory"]) == 0
    assert ran == ["eval.bench.memory", "eval.bench.peers"]


# --- staff search ---


def test_words_of_a_phrase_are_neighbours() -> None:
    """A phrase of two neighbouring words can be found, and the draw is the same every time."""
    texts = ["居住证持有人可以申请公租房补贴。", "短。"]
    found = staff.words_of(texts, 5)
    assert found == staff.words_of(texts, 5)
    assert all(len(three) == 3 for three in found)


def test_every_form_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    class Search:
        def __init__(self) -> None:
            self.asked: list[str] = []

        def search(self, request: Request) -> SimpleNamespace:
            self.asked.append(request.query)
            return SimpleNamespace(total=7)

    search = Search()
    rows = staff.measure(search, [("甲乙", "丙丁", "戊己")] * 3)  # type: ignore[arg-type]
    assert [row["form"] for row in rows] == list(staff.FORMS)
    assert {row["hits"] for row in rows} == {7}
    assert all(row["p95_ms"] >= row["p50_ms"] >= 0 for row in rows)
    assert "“甲乙丙丁”" in search.asked
    table = staff.page({"clauses": 9, "forms": rows, "machine": "m", "commit": "c", "at": "t"})
    assert table.count("\n| ") == len(rows) + 2  # and the head with its rule
