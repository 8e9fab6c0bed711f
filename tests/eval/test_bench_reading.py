"""SQuAD-layout files and NCP folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from eval.bench import ncp, squad
from eval.bench.squad_data import Squad, read_squad
from eval.errors import CaseError, EvalError
from qa.types import Status

if TYPE_CHECKING:
    from tests.eval.conftest import FakeEngine

CONTEXTS = [
    "青溪大桥长三百米。大桥于2031年通车，由青溪路桥公司建造。桥上设有两条步道。",
    "苹果在秋天成熟。梨子则在夏天成熟。青溪的果园有五十家。",
]


def _squad(answers: list[dict[str, Any]]) -> dict[str, Any]:
    qas = [{"id": "q1", "question": "大桥哪年通车？", "answers": answers}]
    other = [{"id": "q2", "question": "果园有几家", "answers": [{"text": "五十家"}] * 2}]
    paragraphs = [{"context": CONTEXTS[0], "qas": qas}, {"context": CONTEXTS[1], "qas": other}]
    return {"data": [{"paragraphs": paragraphs}]}


@pytest.fixture
def data(tmp_path: Path) -> Squad:
    path = tmp_path / "s.json"
    path.write_text(json.dumps(_squad([{"text": "2031年"}])), encoding="utf-8")
    return read_squad(path)


def test_reads_questions_with_their_context(data: Squad) -> None:
    assert data.contexts == tuple(CONTEXTS)
    assert [(r.id, r.context, r.answers) for r in data.readings] == [
        ("q1", 0, ("2031年",)),
        ("q2", 1, ("五十家",)),
    ]


@pytest.mark.parametrize("text", ["{", '{"data": 3}', '{"data": [{}]}', '{"data": []}'])
def test_other_layouts_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvalError):
        read_squad(path)


def test_selects_inside_the_right_context(data: Squad, tmp_path: Path) -> None:
    """Words only; the sentence with the answer is found, and it is cut from its context."""
    selected = squad.read_all(data, None, tmp_path / "index")
    assert "2031年" in selected[0].text
    assert "五十家" in selected[1].text
    assert all(item.holds == 1.0 for item in selected)
    for item, context in zip(selected, CONTEXTS, strict=True):
        assert set(item.text) <= set(context)
    record = squad.summary(selected)
    assert record["questions"] == 2
    assert record["holds"] == 1.0
    assert record["nothing_selected"] == 0
    assert 0 < record["f1"] < 1


def test_ncp_folder_is_read(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="docs"):
        ncp.read_ncp(tmp_path)
    (tmp_path / "docs").mkdir()
    line = {"id": "1", "doc": "g", "q": "租房能落户吗", "answer": "租房的人也能落户"}
    (tmp_path / "qa.jsonl").write_text(json.dumps(line), encoding="utf-8")
    (asked,) = ncp.read_ncp(tmp_path)
    assert (asked.doc, asked.answer) == ("g", "租房的人也能落户")
    (tmp_path / "qa.jsonl").write_text('{"id": "1"}', encoding="utf-8")
    with pytest.raises(CaseError, match="doc"):
        ncp.read_ncp(tmp_path)


def test_ncp_scores_documents_and_quotes(engine: FakeEngine) -> None:
    """One question answered from the right file, one refused with the right file third."""
    engine.rankings = {
        **engine.rankings,
        "今年建几套保障房": (("n-3.1", 3.0), ("n-3.2", 2.0), ("g-2.2", 1.0)),
    }
    questions = [
        ncp.Asked("1", "g", "租房能落户吗", "租房的人也能落户"),
        ncp.Asked("2", "g", "今年建几套保障房", "300套"),
    ]
    replies = ncp.ask_all(engine, questions)
    assert [reply.documents for reply in replies] == [("g", "n"), ("n", "g")]
    assert replies[1].status is Status.RELATED_ONLY
    record = ncp.summary(replies, loaded=2)
    assert (record["doc_hit@1"], record["doc_hit@3"]) == (0.5, 1.0)
    assert record["doc_mrr@10"] == pytest.approx((1 + 1 / 2) / 2)
    assert record["answered"] == 0.5
    assert (record["holds"], record["holds_answered"]) == (0.5, 1.0)
    assert record["rouge_l_answered"] == pytest.approx(2 * 8 / (9 + 8))
    assert record["rouge_l"] == pytest.approx(record["rouge_l_answered"] / 2)
