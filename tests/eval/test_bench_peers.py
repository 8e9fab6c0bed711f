"""The comparison with other systems: its plumbing, with tiny data and no peer installed."""

from __future__ import annotations

import io
import json
import sys
import tarfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.bench.beir import to_passages
from eval.bench.beir_data import Beir, Entry
from eval.bench.peers import __main__ as command
from eval.bench.peers import drive, environment, run, table
from eval.bench.peers.contract import Driver, Given, Vectors, Words, Work
from eval.bench.peers.on_tiaowen import Tiaowen
from eval.bench.peers.prepare import (
    QUICK,
    Plan,
    chosen_questions,
    embed,
    order_of,
    prepare,
    statutes,
)
from eval.errors import EvalError
from index.cache import EmbeddingCache
from index.passages import clause_texts
from tests.index.factories import HashEncoder

_COUNT = 30


@pytest.fixture
def data() -> Beir:
    """Return thirty articles and ten questions; question ``n`` is answered by article ``3n``."""
    entries = tuple(
        Entry(f"a{n}", f"某法第{n}条", f"第{n}类申请人应当在{n + 1}日内办理登记。")
        for n in range(_COUNT)
    )
    queries = {f"q{n}": f"第{3 * n}类申请人几日内登记" for n in range(10)}
    return Beir(
        "small", "train", entries, queries, {f"q{n}": {f"a{3 * n}": 1.0} for n in range(10)}
    )


class _Hash:
    """The hash encoder behind the drivers' interface."""

    def __init__(self) -> None:
        self._encoder = HashEncoder(dim=512)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode(texts)

    def question(self, text: str) -> Vectors:
        row: Vectors = self._encoder.encode([text])[0]
        return row


class _Fake:
    """A system that answers as it is told."""

    name = "fake"
    version = "1"
    remarks: tuple[str, ...] = ("nothing",)

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.asked: list[str] = []

    def chunk(self, folder: Path) -> int:
        return len(list(folder.iterdir()))

    def build(self, work: Work, embed: Any, out: Path) -> None:  # noqa: ANN401
        out.mkdir()
        (out / "index").write_bytes(embed.passages(work.texts).tobytes())

    def open(self, out: Path, embed: Any) -> None:  # noqa: ANN401
        assert (out / "index").is_file()

    def ask(self, question: str) -> list[str]:
        self.asked.append(question)
        if question == self.failing:
            raise RuntimeError("no")
        return [question]


# --- the work ---


def test_what_answers_comes_first_and_nothing_is_lost(data: Beir) -> None:
    questions = chosen_questions(data, 4)
    assert len(questions) == 4
    assert questions == chosen_questions(data, 4)
    rows = order_of(data, questions)
    assert sorted(rows) == list(range(_COUNT))
    answers = {next(iter(data.qrels[name])) for name in questions}
    assert {data.corpus[row].id for row in rows[:4]} == answers
    assert {data.corpus[row].id for row in rows[:10]} == {f"a{3 * n}" for n in range(10)}


def test_work_is_written_and_read(data: Beir, tmp_path: Path) -> None:
    encoder = HashEncoder()
    plan = Plan(articles=12, questions=4, embed_s=60.0)
    made = prepare(data, encoder, tmp_path / "cache.sqlite3", tmp_path / "work", plan)
    read = Work.read(tmp_path / "work")
    assert read == made
    assert len(read.ids) == 12
    assert [int(name[1:]) for name in read.ids] == sorted(int(name[1:]) for name in read.ids)
    own = dict(zip(clause_texts(to_passages(data.corpus)), data.corpus, strict=True))
    assert [own[text].id for text in read.texts] == list(read.ids)
    np.testing.assert_allclose(read.vectors(), encoder.encode(read.texts), atol=1e-6)
    few = Work.read(tmp_path / "work", 5)
    assert (few.ids, len(few.vectors())) == (read.ids[:5], 5)


def test_out_of_time_only_what_is_embedded_takes_part(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "cache.sqlite3")
    encoder = HashEncoder()
    try:
        cache.encode(encoder, ["b"])
        known = embed(cache, encoder, ["a", "b"], seconds=-1.0)
        assert known[0] is None
        assert known[1] is not None
        assert all(row is not None for row in embed(cache, encoder, ["a", "b"], seconds=60.0))
    finally:
        cache.close()


def test_statutes_are_written_without_the_index_pages(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "laws.tar.xz", "w:xz") as archive:
        for name in ("b/二.md", "a/一.md", "a/_index.md", "a/x.txt"):
            member = tarfile.TarInfo(name)
            member.size = len(name.encode())
            archive.addfile(member, io.BytesIO(name.encode()))
    assert statutes(tmp_path / "laws.tar.xz", tmp_path / "all", None) == 2
    files = sorted((tmp_path / "all").iterdir())
    assert [path.read_text(encoding="utf-8") for path in files] == ["a/一.md", "b/二.md"]
    assert statutes(tmp_path / "laws.tar.xz", tmp_path / "one", 1) == 1


def test_given_vectors_are_those_of_the_texts(data: Beir, tmp_path: Path) -> None:
    work = prepare(data, HashEncoder(), tmp_path / "c", tmp_path / "work", Plan(articles=6))
    given = Given(work)
    np.testing.assert_array_equal(given.passages(work.texts[3:5]), work.vectors()[3:5])
    with pytest.raises(ValueError, match="no model"):
        given.question("x")


def test_joined_words_lead_back_to_their_text() -> None:
    words = Words()
    joined = words.join("居住证持有人可以落户")
    assert " " in joined
    assert words.plain(joined) == "居住证持有人可以落户"
    assert words.join("？") == "。"  # peers refuse an empty text


# --- one system ---


@pytest.fixture
def work(data: Beir, tmp_path: Path) -> Work:
    """Return work of which every vector is given."""
    encoder = HashEncoder(dim=512)
    plan = Plan(questions=10, embed_s=60.0)
    return prepare(data, encoder, tmp_path / "cache", tmp_path / "work", plan)


def test_our_driver_builds_serves_and_finds(work: Work, tmp_path: Path) -> None:
    """Through the product's snapshot and both its legs, in the phases of the benchmark."""
    model = _Hash()
    built = drive.build(Tiaowen(), work, Given(work), tmp_path / "out")
    assert built["texts"] == _COUNT
    assert built["disk_mb"] > 0
    first: list[float] = []
    found = drive.serve(
        Tiaowen(), work, model, tmp_path / "out", 30.0, lambda: first.append(time.monotonic())
    )
    assert len(first) == 1
    assert set(found["clients"]) == {"1", "4", "16"}
    assert found["clients"]["1"]["answered"] == 10
    questions = sorted(f"q{n}" for n in range(10))
    hits = [
        f"a{3 * int(name[1:])}" in found["rankings"][str(number)]
        for number, name in enumerate(questions)
    ]
    assert sum(hits) >= 8
    assert all(len(ids) <= 10 for ids in found["rankings"].values())


def test_every_question_is_put_once_by_waiting_clients() -> None:
    system, most = _Fake(), 0
    running, lock = 0, threading.Lock()
    plain = system.ask

    def ask(question: str) -> list[str]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002)
        with lock:
            running -= 1
        return plain(question)

    system.ask = ask  # type: ignore[method-assign]
    level, answers = drive.load(system, [str(n) for n in range(40)], 4, 30.0)
    assert sorted(system.asked, key=int) == [str(n) for n in range(40)]
    assert answers == {n: [str(n)] for n in range(40)}
    assert (level["answered"], level["failed"]) == (40, 0)
    assert 0 < level["p50"] <= level["p95"] <= level["p99"]
    assert 1 < most <= 4


def test_failures_under_load_are_counted() -> None:
    level, answers = drive.load(_Fake(failing="1"), ["0", "1", "2"], 1, 30.0)
    assert (level["answered"], level["failed"]) == (1, 1)
    assert answers == {0: ["0"]}
    with pytest.raises(RuntimeError, match="no"):
        drive.load(_Fake(failing="1"), ["1"], 1, 30.0)


def test_phases_print_one_object(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(drive, "driver", lambda _: _Fake())
    monkeypatch.setattr(drive, "Model", _Hash)
    for phase in ("build", "serve", "chunk"):
        source = str(tmp_path / "work")
        drive.main([phase, "tiaowen", "--work", source, "--out", str(tmp_path / "out")])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == drive.READY
    built, served, cut = (json.loads(line) for line in (lines[0], lines[2], lines[3]))
    assert built["texts"] == _COUNT
    assert served["clients"]["16"]["answered"] == 10
    assert cut["pieces"] == 3  # corpus, questions, vectors
    assert len(work.ids) == _COUNT


def test_our_driver_keeps_the_contract() -> None:
    system: Driver = drive.driver("tiaowen")
    assert system.name == table.NAMES["tiaowen"]


# --- all systems ---


def test_a_phase_that_fails_does_not_stop_the_rest(tmp_path: Path) -> None:
    """In a real process: there is no work in the folder."""
    found = run.run_phase(
        Path(sys.executable), "build", "tiaowen", "--work", str(tmp_path), "--out", str(tmp_path)
    )
    assert "corpus.jsonl" in found["error"]
    said: list[str] = []
    phases: list[str] = []

    def fake(_python: Path, phase: str, *_options: str) -> dict[str, Any]:
        phases.append(phase)
        return {"error": "kaputt"} if phase == "build" else {"seconds": 1.0}

    result = run.measure("txtai", Path("p"), tmp_path, tmp_path, QUICK, said.append, fake)
    assert phases == ["chunk", "build", "encode"]
    assert result["serve"] == {"error": "没有建成索引"}
    assert "txtai · build · 失败：kaputt" in said


def test_quality_is_of_all_answers_and_of_those_in_common() -> None:
    golds = [{"a": 1.0}, {"b": 1.0}, {"c": 1.0, "d": 1.0}]
    systems: dict[str, dict[str, Any]] = {
        "tiaowen": {"serve": {"rankings": {"0": ["a"], "1": ["x"], "2": ["x", "c"]}}},
        "haystack": {"serve": {"rankings": {"0": ["x"]}}},
        "txtai": {"serve": {"error": "no"}},
    }
    found = run.scored(systems, golds)
    own = found["tiaowen"]["serve"]
    assert own["quality"] == {"questions": 3, "recall@10": 0.5, "mrr@10": 0.5}
    assert own["quality_common"] == {"questions": 1, "recall@10": 1.0, "mrr@10": 1.0}
    assert found["haystack"]["serve"]["quality"]["recall@10"] == 0.0
    assert found["txtai"]["serve"] == {"error": "no"}
    assert "rankings" not in own
    assert "rankings" in systems["tiaowen"]["serve"]  # for when the next system is done


def _system(build: float, p50: float, recall: float) -> dict[str, Any]:
    level = {"p50": p50, "p95": p50 * 2, "p99": p50 * 3, "per_s": 1000 / p50}
    quality = {"questions": 10, "recall@10": recall, "mrr@10": recall / 2}
    about = {"disk_mb": 3.0, "peak_mb": 100, "version": "1.2", "remarks": ["一", "二"]}
    return {
        "chunk": {"seconds": 1.0},
        "build": {"seconds": build, **about},
        "encode": {"seconds": 9.0},
        "serve": {
            "first_answer_s": 1.5, "rss_mb": 200,
            "clients": {name: level for name in ("1", "4", "16")},
            "quality": quality, "quality_common": quality,
        },
    }  # fmt: skip


def test_the_page_gives_ratios_and_says_where_a_peer_wins(tmp_path: Path) -> None:
    systems = {
        "tiaowen": _system(4.0, 10.0, 0.6),
        "haystack": {**_system(8.0, 50.0, 0.5), "chunk": {"error": "fehlt"}},
        "txtai": _system(1.0, 20.0, 0.6),
    }
    result = {
        "articles": 2000, "questions": 60, "statutes": 40, "encoded": 100, "serve_s": 4.0,
        "quick": True, "machine": "m", "commit": "c", "at": "t", "systems": systems,
    }  # fmt: skip
    table.write(result, tmp_path)
    page = (tmp_path / "peers.md").read_text(encoding="utf-8")
    assert "| 建库 s（向量给定） | 4.0 | 8.0（2.00 倍） | 1.0（0.25 倍） |" in page
    assert "| 读入并切分法律 s | 1.0 | — | 1.0（1.00 倍） |" in page
    assert "- 建库 s（向量给定）：txtai 1.0（条问 4.0）" in page
    assert "Recall@10（共同答完的题）：" not in page  # nobody is better, and equal is not better
    assert "- Haystack 的 chunk 没有做成：fehlt" in page
    assert "--quick" in page
    (tmp_path / "peers.md").write_text("前言\n" + page.replace("0.25 倍", "旧"), encoding="utf-8")
    table.write({**result, "quick": False}, tmp_path)
    again = (tmp_path / "peers.md").read_text(encoding="utf-8")
    assert again.startswith("前言\n")
    assert "旧" not in again
    assert "--quick" not in again


def test_higher_is_better_where_it_is() -> None:
    systems = {"tiaowen": _system(1.0, 10.0, 0.5), "txtai": _system(2.0, 20.0, 0.7)}
    lines = table.better(systems)
    assert "- Recall@10（共同答完的题）：txtai 0.7000（条问 0.5000）" in lines
    assert not [line for line in lines if "每秒" in line or "建库 s（向量给定）" in line]


def test_an_environment_out_of_date_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def fake(arguments: list[str]) -> str:
        ran.append(arguments)
        return "Would install nvidia-cublas" if "--dry-run" in arguments else ""

    monkeypatch.setattr(environment, "_run", fake)
    folder = tmp_path / "peers"
    folder.mkdir()
    assert not environment.ready(folder)
    environment.install(lambda _: None, folder)
    assert environment.ready(folder)
    assert any(environment.TORCH_INDEX in arguments for arguments in ran)  # no CUDA packages
    assert any("-c" in arguments and "-r" in arguments for arguments in ran)
    before = len(ran)
    environment.install(lambda _: None, folder)
    assert len(ran) == before
    (folder / ".stamp").write_text("other", encoding="ascii")
    assert not environment.ready(folder)


def test_what_pip_says_is_told() -> None:
    with pytest.raises(EvalError, match="装不上对比用的程序"):
        environment._run([sys.executable, "-c", "import sys; sys.exit('no such package')"])


def test_requirements_are_pinned_or_constrained() -> None:
    """A peer is pinned where it is listed; what we share with it by our constraints."""
    pinned = {
        line.split("==")[0].lower()
        for line in environment.PINS.read_text(encoding="utf-8").splitlines()
    }
    lines = environment.REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    for line in (line for line in lines if line and not line.startswith("#")):
        assert "==" in line or line.lower() in pinned, line


def test_progress_is_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    steps = command.Steps(said.append)
    for now[0] in (1.0, 21.0, 30.0, 42.0):
        steps("embed", int(now[0]), 50)
    assert said == ["embed 21/50", "embed 42/50"]


@pytest.mark.slow
@pytest.mark.parametrize("system", ["haystack", "txtai", "llamaindex"])
def test_peers_build_the_same_work(system: str, work: Work, tmp_path: Path) -> None:
    """With the real peers, where `make bench` has installed them."""
    if not environment.ready():
        pytest.skip("the peers are not installed: run make bench ARGS=--quick")
    options = ("--work", str(work.folder), "--out", str(tmp_path / "out"))
    found = run.run_phase(environment.python_of(), "build", system, *options)
    assert found.get("error") is None
    assert found["texts"] == _COUNT


def test_results_are_written_after_each_system(
    data: Beir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole command over a stand-in for the phases; a stop keeps what was measured."""
    shared = tmp_path / "shared" / "bench"
    shared.mkdir(parents=True)
    with tarfile.open(shared / "laws-md.tar.xz", "w:xz"):
        pass
    written: list[list[str]] = []

    def measured(system: str, *_: object) -> dict[str, Any]:
        page = tmp_path / "out" / "peers.json"
        held = json.loads(page.read_text(encoding="utf-8"))["systems"] if page.exists() else {}
        written.append(list(held))
        ranking = {str(number): [f"a{3 * number}"] for number in range(10)}
        found = _system(1.0, 2.0, 0.5)
        found["serve"]["rankings"] = ranking if system == "tiaowen" else {}
        return found

    monkeypatch.setattr(command, "shared_folder", lambda: tmp_path / "shared")
    monkeypatch.setattr(command, "read_beir", lambda *_: data)
    monkeypatch.setattr(command, "OnnxEncoder", lambda _: HashEncoder())
    monkeypatch.setattr(command, "default_cache", lambda: tmp_path / "cache.sqlite3")
    monkeypatch.setattr(command, "measure", measured)
    monkeypatch.setattr("index.model.fetch", lambda folder: folder)
    monkeypatch.setattr(environment, "install", lambda _: Path("python"))
    plan = Plan(questions=10, embed_s=60.0)
    result = command.run(plan, ["tiaowen", "txtai"], tmp_path / "out", lambda _: None)
    assert written == [[], ["tiaowen"]]
    assert list(result["systems"]) == ["tiaowen", "txtai"]
    assert (result["articles"], result["questions"], result["quick"]) == (_COUNT, 10, False)
    assert "| 建库 s（向量给定） | 1.0 |" in (tmp_path / "out" / "peers.md").read_text(
        encoding="utf-8"
    )
