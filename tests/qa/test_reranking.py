"""A cross-encoder over the first candidates: what it moves, what it leaves, its errors."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoder import Encoder
from index.errors import RerankerLoadError
from index.passages import clause_texts
from qa.engine import Engine
from qa.reranking import DEPTH, Reranker, asked_text, open_reranker
from qa.service import Service, engine_for, open_service
from qa.stages import Ranked
from tests.qa.cross_encoders import save_model
from tests.qa.town import assert_verbatim

QUESTION = "上虞租房能不能落户"


class Backwards:
    """Scores texts by their length, the shortest highest; keeps what it was shown."""

    name = "shortest"

    def __init__(self) -> None:
        self.shown: list[str] = []

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        self.shown += texts
        return np.array([-len(text) for text in texts], dtype=np.float32)


class Broken:
    """Gives no numbers."""

    name = "broken"

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full(len(texts), np.nan, dtype=np.float32)


def _engine(town: Service, reranker: Reranker | None) -> Engine:
    return engine_for(town.store, town.index, reranker=reranker)


def _ranked(town: Service, reranker: Reranker | None, question: str = QUESTION) -> Ranked:
    engine = _engine(town, reranker)
    return engine.rank(engine.read(question))


def test_the_first_candidates_are_put_in_its_order_and_the_rest_stays(town: Service) -> None:
    judge = Backwards()
    before, after = _ranked(town, None), _ranked(town, judge)
    passages = town.index.passages
    lengths = [len(clause_texts([passages[row]])[0]) for row in after.rows[:DEPTH]]

    assert len(before.rows) > DEPTH
    assert sorted(after.rows[:DEPTH]) == sorted(before.rows[:DEPTH])
    assert after.rows[DEPTH:] == before.rows[DEPTH:]
    assert lengths == sorted(lengths)
    assert len(judge.shown) == DEPTH
    assert before.moved is None
    assert after.moved == sum(a != b for a, b in zip(before.rows, after.rows, strict=True)) > 0


def test_every_clause_keeps_the_score_of_the_ranker(town: Service) -> None:
    before, after = _ranked(town, None), _ranked(town, Backwards())
    assert dict(zip(after.rows, after.scores, strict=True)) == dict(
        zip(before.rows, before.scores, strict=True)
    )


def test_a_clause_that_the_ranker_did_not_lead_with_has_no_lead(town: Service) -> None:
    """Confidence goes on meaning what it was trained to mean."""
    plain, judged = _engine(town, None), _engine(town, Backwards())
    ranked = judged.rank(judged.read(QUESTION))
    known = judged.known_terms(ranked)
    area = town.index.passages[ranked.rows[0]].area
    others = [
        score
        for row, score in zip(ranked.rows[1:], ranked.scores[1:], strict=True)
        if town.index.passages[row].area == area
    ]
    assert ranked.scores[0] < max(others)  # it was overruled
    assert judged.candidate(ranked, 0, known).signals["margin"] == 0.0

    agreed = plain.rank(plain.read(QUESTION))  # and one that keeps its place keeps its lead
    lead = plain.candidate(agreed, 0, known).signals["margin"]
    second_last = replace(agreed, rows=(agreed.rows[0], *agreed.rows[:0:-1]),
                          scores=(agreed.scores[0], *agreed.scores[:0:-1]))  # fmt: skip
    assert judged.candidate(second_last, 0, known).signals["margin"] == lead > 0.0


def test_what_it_puts_first_is_what_is_quoted(town: Service) -> None:
    """The ranker's higher score of another clause does not take its place back."""
    judged = _engine(town, Backwards())
    ranked = judged.rank(judged.read(QUESTION))
    assert ranked.scores[0] < max(ranked.scores[1:DEPTH])
    assert judged.candidates(ranked)[0].row == ranked.rows[0]


def test_clauses_asked_for_by_number_stay_in_front(town: Service) -> None:
    asked = "虞政办发〔2025〕7号（七）讲什么"
    before, after = _ranked(town, None, asked), _ranked(town, Backwards(), asked)
    assert before.named
    assert after.rows[: len(before.named)] == before.rows[: len(before.named)]


def test_scores_that_are_no_numbers_move_nothing(town: Service) -> None:
    before, after = _ranked(town, None), _ranked(town, Broken())
    assert (after.rows, after.moved) == (before.rows, 0)


def test_a_follow_up_is_read_with_what_it_leans_on(town: Service) -> None:
    query = _ranked(town, None).query
    assert asked_text(query) == query.text
    assert asked_text(replace(query, context="居住证")) == f"居住证 {query.text}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch")
    return save_model(tmp_path_factory.mktemp("cross-encoder"))


def test_a_saved_cross_encoder_decides_the_order(town: Service, folder: Path) -> None:
    """The scores are those of the weights in the folder, computed here without the library."""
    import torch
    from transformers import AutoTokenizer, BertForSequenceClassification

    judge = open_reranker(str(folder))
    before, after = _ranked(town, None), _ranked(town, judge)
    texts = clause_texts([town.index.passages[row] for row in before.rows[:DEPTH]])
    words = AutoTokenizer.from_pretrained(folder)
    model = BertForSequenceClassification.from_pretrained(folder)
    pairs = words([asked_text(before.query)] * len(texts), texts, padding=True, truncation=True,
                  return_tensors="pt")  # fmt: skip
    with torch.inference_mode():
        scores = model(**pairs).logits[:, 0].numpy()
    assert judge is not None
    np.testing.assert_allclose(judge.scores(asked_text(before.query), texts), scores, atol=1e-5)
    wanted = tuple(before.rows[i] for i in np.argsort(-scores, kind="stable"))
    assert after.rows[:DEPTH] == wanted != before.rows[:DEPTH]


def test_answers_over_it_are_quotes_and_say_that_it_was_there(
    town: Service, folder: Path, encoder: Encoder
) -> None:
    service = Service(town.home, town.store, encoder, reranker=open_reranker(str(folder)))
    answer = service.answer(QUESTION)
    assert_verbatim(service, answer)
    assert any(line.startswith("重排：") for line in answer.trace.understood)
    assert list(answer.trace.steps_ms)[:4] == ["understand", "retrieve", "rank", "rerank"]
    assert "rerank" not in town.answer(QUESTION).trace.steps_ms


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda at: at, "", id="empty-folder"),
        pytest.param(lambda at: at / "none", "没有这个文件夹", id="no-folder"),
        pytest.param(lambda at: save_model(at, head=False), "不是交叉编码器", id="embedding-model"),
        pytest.param(lambda at: save_model(at, labels=3), "不止一个分数", id="three-classes"),
    ],
)
def test_what_is_no_cross_encoder_is_refused(tmp_path: Path, make: object, reason: str) -> None:
    pytest.importorskip("torch")
    assert callable(make)
    name = str(make(tmp_path))
    with pytest.raises(RerankerLoadError, match=f"重排模型「{name}」装不上：.*{reason}") as error:
        open_reranker(name)
    assert "不写 --reranker 也能回答" in str(error.value)


def test_nothing_but_the_error_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither a bar nor the report of what the library put in place of a missing layer."""
    pytest.importorskip("torch")
    name = str(save_model(tmp_path, head=False))
    capfd.readouterr()
    with pytest.raises(RerankerLoadError):
        open_reranker(name)
    assert capfd.readouterr() == ("", "")


def test_a_wrong_name_is_told_before_anything_is_built(tmp_path: Path) -> None:
    with pytest.raises(RerankerLoadError):
        open_service(tmp_path / "home", reranker=str(tmp_path / "none"))
    assert not (tmp_path / "home").exists()


def test_without_it_no_torch_is_imported(town: Service) -> None:
    """In a fresh process: the tests beside this one import torch."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom qa.service import open_service\n"
        f"service = open_service(Path({str(town.home)!r}), samples=False)\n"
        f"assert service.answer({QUESTION!r}).parts\nservice.close()\n"
        "assert not {'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
