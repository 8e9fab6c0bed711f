"""A follow-up that finds nothing by itself is read together with the question before it."""

from __future__ import annotations

import pytest

from qa import leaning
from qa.service import Service
from qa.types import Status


@pytest.mark.parametrize(
    ("before", "question", "clause", "said"),
    [
        ("三明农村自来水2023年建几个水厂", "管子铺多长", "45", "800公里"),
        ("三明农村幸福院打算建多少", "要够几星的", "49", "三星级"),
        ("成武农民工公积金单位给交吗", "自己单干的呢", "18", "自愿参加"),
        ("进了三明城户口，承包地权利还在吗", "想退的话有路子吗", "10", "农村土地承包权"),
    ],
)
def test_it_leans_on_what_was_asked_before(
    samples: Service, before: str, question: str, clause: str, said: str
) -> None:
    """Words that stand in no document («管子», «单干») do not make it another matter."""
    answer = samples.answer(question, history=[before])
    assert answer.status is Status.ANSWERED
    assert answer.parts[0].citation.label == clause
    assert said in answer.parts[0].quote
    assert before[:4] in str(answer.resolved_question)


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("三明农村自来水2023年建几个水厂", "水费一吨多少钱"),
        ("成武景区升级哪几个", "门票会不会涨价"),
        ("成武公益性岗位给谁", "一个月工资开多少"),
        ("鲤城落户怎么预约", "今天会下雨不"),
        ("成武农民工公积金单位给交吗", "顺便给我讲个笑话吧"),
    ],
)
def test_the_earlier_words_alone_are_no_answer(
    samples: Service, before: str, question: str
) -> None:
    """The clause of the earlier question is not quoted for what it does not say."""
    assert samples.answer(question, history=[before]).status is not Status.ANSWERED


def test_what_the_follow_up_says_must_fit(
    samples: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The joined question reaches its bar for the weather too: only the fit holds it back."""
    monkeypatch.setattr(leaning, "leans", lambda *_: True)
    before = "成武随迁子女上学看什么证"
    answer = samples.answer("顺便给我讲个笑话吧", history=[before])
    assert answer.status is Status.ANSWERED
    monkeypatch.undo()
    answer = samples.answer("顺便给我讲个笑话吧", history=[before])
    assert answer.status is Status.OFF_TOPIC


def test_without_vectors_nothing_leans(town_by_words: Service) -> None:
    """Half of the judgement is a cosine, so the lexical leg alone does not make it."""
    assert not leaning.leans(town_by_words.engine, "多少钱", 0, "")
