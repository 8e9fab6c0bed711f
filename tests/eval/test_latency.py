"""The latency benchmark: what it counts and prints. How fast things are is not tested here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.bench import cold, latency
from eval.bench.latency import Question, Times
from eval.bench.machine import cores, machine_line
from eval.cli_latency import app, show
from eval.errors import CaseError, EvalError
from index.policy_index import build_index
from qa.service import Service, index_root
from tests.index.factories import HashEncoder

_TEXT = (
    "青溪市人民政府办公室关于印发安居办法的通知\n青溪政办〔2030〕8号\n\n一、落户\n"
    "（一）放开落户。租房的居民可以登记户口，凭居住证办理。（责任单位：市公安局）\n"
    "（二）保障入学。每年新增学位300个。（责任单位：市教育局）\n"
    "（三）老年食堂。六十岁以上老人用餐每顿补贴3元。（责任单位：市民政局）\n"
)
_QUESTIONS = (
    Question("租房的居民怎么登记户口"),
    Question("每年新增多少学位"),
    Question("那补贴多少", ("老人用餐有没有补贴",)),
    Question("你好"),
)


def _service(home: Path, encoder: HashEncoder | None) -> Service:
    from corpus import CorpusStore, ingest

    file = home.parent / "安居办法.txt"
    file.write_text(_TEXT, encoding="utf-8")
    store = CorpusStore.open(home, samples=False)
    ingest(store, [file])
    build_index(store, index_root(home), encoder)
    return Service(home, store, encoder)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    """Return a service over one small document, with vectors that need no model."""
    return _service(tmp_path_factory.mktemp("latency") / "home", HashEncoder())


def test_searched_questions_are_measured(service: Service) -> None:
    """Greetings need no search: they are counted apart, not averaged in."""
    seen: list[int] = []
    result = latency.measure(service, _QUESTIONS, lambda _step, done, _total: seen.append(done))
    assert result.answer.count == result.embed.count == result.scan.count == 3
    assert result.replied == 1
    assert set(result.steps) == set(latency.STEPS)
    assert result.vectors == len(service.index.dense.owner)  # type: ignore[union-attr]
    assert seen == [1, 2, 3, 4]
    assert min(result.ratio, result.ratio_p95, result.each) > 0


def test_ratio_is_answer_over_both_floors() -> None:
    result = latency.Latency(
        embed=Times(7.5, 9.0, 3), scan=Times(0.5, 1.0, 3), answer=Times(12.0, 25.0, 3),
        steps={}, replied=0, each=1.4, vectors=8,
    )  # fmt: skip
    assert (result.ratio, result.ratio_p95) == (1.5, 2.5)


def test_times() -> None:
    result = latency.times([1.0, 2.0, 3.0])
    assert (result.p50, result.count) == (2.0, 3)
    assert result.p95 == pytest.approx(2.9)  # 95 % of the way from the first to the last


def test_words_alone_have_no_floor(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="没有向量模型"):
        latency.measure(_service(tmp_path / "home", None), _QUESTIONS)


def test_nothing_searched(service: Service) -> None:
    with pytest.raises(EvalError, match="没有一个问题需要检索"):
        latency.measure(service, [Question("你好")])


def test_questions_of_a_file(tmp_path: Path) -> None:
    """Any JSON lines with a question will do; staff searches are left out."""
    file = tmp_path / "questions.jsonl"
    lines = (
        {"question": "怎么落户"},
        {"id": "x", "question": "那入学呢", "history": ["怎么落户"], "kind": "dialogue"},
        {"question": "落户 AND 入学", "kind": "search"},
    )
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    expected = (Question("怎么落户"), Question("那入学呢", ("怎么落户",)))
    assert latency.read_questions(file) == expected
    file.write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(CaseError, match="question"):
        latency.read_questions(file)


def test_default_questions_are_the_dev_cases() -> None:
    assert len(latency.read_questions(None)) > 100


def test_import_costs_add_up_by_package() -> None:
    """Own times, not cumulative ones, which would count an inner import again and again."""
    lines = [
        "import time: self [us] | cumulative | imported package",
        "import time:      1500 |       1500 |     numpy.linalg",
        "import time:       500 |       2000 |   numpy",
        "import time:       250 |       2250 | qa.service",
        "something a program wrote",
    ]
    assert cold.parse_costs(lines) == {"numpy": 2.0, "qa": 0.25}


def test_failed_start_is_told(tmp_path: Path) -> None:
    """A process that ends badly is not a fast one."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(EvalError, match="命令以 2 结束"):
        cold.cold_start(blocked / "home", 1)


def test_machine_line() -> None:
    assert machine_line().startswith(f"{cores()} cores · ")


def test_ratio_is_printed(
    service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {
        "corpus": "tiny", "machine": machine_line(), "commit": "abc", "at": "2031-01-01",
        **latency.latency_json(latency.measure(service, _QUESTIONS)),
        "cold": {
            "seconds": 1.25, "runs": [1.25, 2.0], "answer_ms": 30.0, "imports_total_ms": 9.5,
            "imports_ms": {"numpy": 9.5}, "heavy": ["torch"],
        },
    }  # fmt: skip
    show(record)
    printed = capsys.readouterr().out
    assert f"= {record['ratio']:.2f}，" in printed
    assert "冷启动 1.25 秒（2 次中最快）" in printed
    assert "不该导入而导入了的：torch" in printed
    monkeypatch.setattr(latency, "run", lambda *_args, **_options: record)
    shown = CliRunner().invoke(app, ["--json"])
    assert json.loads(shown.stdout)["ratio"] == record["ratio"]


@pytest.mark.slow
@pytest.mark.model
def test_cold_start_loads_nothing_heavy(tmp_path: Path) -> None:
    """`tiaowen ask` answers without PyTorch, scikit-learn, pandas and Gradio."""
    from index import model

    if not model.status(model.model_dir()).ready:
        pytest.skip("the model is not there")
    home = tmp_path / "home"
    assert cold._python("-m", "qa.cli", "build", "--home", str(home)).returncode == 0
    result = cold.cold_start(home, 1)
    assert result["heavy"] == []
    assert result["imports_ms"]
