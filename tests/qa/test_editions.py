"""Several editions of one document: the one in force is quoted, the others stand beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus import CorpusStore, ingest, withdraw
from corpus.types import ValidityState
from index.encoder import Encoder
from qa.editions import Choice
from qa.page.render import answer_html
from qa.search.types import Filters, Request
from qa.service import Service
from qa.types import Answer, Status
from tests.qa.rents import FIRST, RENT, REST, SECOND, THIRD
from tests.qa.town import assert_verbatim, open_home

SUM = "远安租房补贴每人每月多少钱"
BEFORE, BETWEEN, AFTER = date(2020, 6, 1), date(2024, 6, 1), date(2026, 3, 1)
COMING = date(2025, 8, 1)  # the third edition is out and does not hold yet

Home = Callable[..., Service]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Home]:
    """Return a maker of services over texts by file name, and without a model if wanted."""
    opened: list[Service] = []

    def make(texts: dict[str, str], model: Encoder | None = encoder) -> Service:
        folder = tmp_path_factory.mktemp("editions")
        opened.append(open_home(_stored(folder, texts), model))
        return opened[-1]

    yield make
    for service in opened:
        service.close()


@pytest.fixture(scope="module")
def county(home: Home) -> Service:
    return home(RENT | REST)


def _stored(folder: Path, texts: dict[str, str]) -> Path:
    paths = []
    for name, text in texts.items():
        path = folder / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    with CorpusStore.open(folder, samples=False) as store:
        assert {report.outcome for report in ingest(store, paths)} == {"added"}
    return folder


def _quoted(answer: Answer) -> str:
    return "".join(part.quote for part in answer.parts)


def _numbers(answer: Answer) -> list[str | None]:
    """文号 of the clauses shown beside the quotes, in order."""
    return [citation.doc_number for citation in answer.related]


@pytest.mark.parametrize(
    ("day", "amount", "number"),
    [
        pytest.param(BEFORE, "300元", "远政规〔2019〕3号", id="before"),
        pytest.param(BETWEEN, "400元", "远政规〔2022〕1号", id="between"),
        pytest.param(COMING, "400元", "远政规〔2022〕1号", id="published-not-begun"),
        pytest.param(AFTER, "500元", "远政规〔2025〕6号", id="after"),
    ],
)
def test_the_edition_in_force_is_quoted(
    county: Service, day: date, amount: str, number: str
) -> None:
    answer = county.answer(SUM, as_of=day)
    assert answer.status is Status.ANSWERED
    assert amount in _quoted(answer)
    assert {part.citation.doc_number for part in answer.parts} == {number}
    assert answer.parts[0].citation.validity.state not in {
        ValidityState.LAPSED,
        ValidityState.REPEALED,
    }
    assert_verbatim(county, answer)


def test_older_editions_stand_beside_it_newest_first(county: Service) -> None:
    """Only the same clause of each, marked with its own validity, and told to be old."""
    answer = county.answer(SUM, as_of=AFTER)
    old = answer.related[:2]
    assert [c.doc_number for c in old] == ["远政规〔2022〕1号", "远政规〔2019〕3号"]
    assert ["400元" in old[0].quote, "300元" in old[1].quote] == [True, True]
    assert [c.validity.state for c in old] == [ValidityState.REPEALED, ValidityState.LAPSED]
    (said,) = [said for said in answer.warnings if "旧的版本" in said]
    assert "远政规〔2022〕1号" in said
    assert "远政规〔2019〕3号" in said
    assert not any("更新的版本" in said or "已经废止" in said for said in answer.warnings)


def test_an_edition_that_is_not_out_yet_is_unknown(county: Service) -> None:
    answer = county.answer(SUM, as_of=BEFORE)
    assert not {"远政规〔2022〕1号", "远政规〔2025〕6号"} & set(_numbers(answer))
    assert answer.warnings == ()


def test_an_edition_to_come_is_told(county: Service) -> None:
    answer = county.answer(SUM, as_of=COMING)
    assert any("2025年9月1日起施行" in said and "〔2025〕6号" in said for said in answer.warnings)
    assert _numbers(answer)[0] == "远政规〔2025〕6号"
    assert "尚未施行" in answer.related[0].validity.reason


def test_a_clause_that_the_newest_edition_dropped(county: Service) -> None:
    """It is still shown, as repealed, with what took its place."""
    answer = county.answer("远安行动不便的职工怎么委托亲属代领租房补贴", as_of=AFTER)
    assert answer.status is Status.ANSWERED
    assert "代领人" in _quoted(answer)
    assert any("已经废止" in said for said in answer.warnings)


def test_a_clause_that_was_written_anew(county: Service) -> None:
    """No words in common with the old one, so no counterpart; what is in force comes first."""
    question = "远安租房补贴怎么申报"
    assert "鄂汇办" in _quoted(county.answer(question, as_of=AFTER))
    assert "用人单位" in _quoted(county.answer(question, as_of=BETWEEN))


@pytest.mark.parametrize(
    "question",
    [
        "远政规〔2022〕1号里租房补贴每人每月多少钱",
        "远安2022版租房补贴每人每月多少钱",
        "按远安2022年的老办法，租房补贴每人每月多少钱",
    ],
)
def test_an_older_edition_that_is_asked_for(county: Service, question: str) -> None:
    """By 文号 or year it is quoted, with its warning and the newest edition beside it."""
    answer = county.answer(question, as_of=AFTER)
    assert answer.status is Status.ANSWERED
    assert "400元" in _quoted(answer)
    assert any("已经废止" in said for said in answer.warnings)
    assert _numbers(answer)[0] == "远政规〔2025〕6号"


def test_a_year_in_the_life_of_the_asker_is_no_edition(county: Service) -> None:
    answer = county.answer("我2022年到远安上班，租房补贴每人每月多少钱", as_of=AFTER)
    assert "500元" in _quoted(answer)


def test_a_bare_article_is_that_of_the_edition_in_force(county: Service) -> None:
    """Articles moved: the third of the newest, not the clause that the old third became."""
    for day, word in ((AFTER, "500元"), (BETWEEN, "每季度")):
        answer = county.answer("远安县租房补贴办法第三条", as_of=day)
        assert word in _quoted(answer)
        assert len(answer.parts) == 1


def test_in_force_before_lapsed_at_like_relevance(county: Service) -> None:
    """Not editions of each other: the plan ranks first by its words and has ended."""
    question = "远安九十岁以上老人高龄津贴多少钱"
    answer = county.answer(question, as_of=AFTER)
    assert "150元" in _quoted(answer)
    assert not any("期满" in said for said in answer.warnings)
    while_it_ran = county.answer(question, as_of=date(2021, 6, 1))
    assert "120元" in _quoted(while_it_ran)


def test_lapsed_with_its_warning_where_nothing_in_force_answers(county: Service) -> None:
    answer = county.answer("远安志愿者多久给失能老人上门理发一次", as_of=AFTER)
    assert "两个月" in _quoted(answer)
    assert any("已经期满" in said for said in answer.warnings)


def test_what_yielded_is_explained(county: Service) -> None:
    """Staff read in the trace which clause made way, and for which edition."""
    said = [rejected.reason for rejected in county.answer(SUM, as_of=AFTER).trace.rejected]
    assert "同一文件有几个版本，这里引用《远安县租房补贴办法》（远政规〔2025〕6号）" in said


def test_asked_for_more_no_older_edition_comes(county: Service) -> None:
    """«还有别的吗» goes on to other clauses, not to the same one as it was."""
    answer = county.answer("还有别的吗", history=[SUM], as_of=AFTER)
    assert not {"300元", "400元", "500元"} & set(re.findall(r"\d+元", _quoted(answer)))


def test_the_page_marks_the_older_editions(county: Service) -> None:
    """The reply shows the quote in force, and folded away the older ones with their state."""
    answer = county.answer(SUM, as_of=AFTER)
    cited = [*(part.citation for part in answer.parts), *answer.related]
    html = answer_html(answer, {c.clause_id: county.clause(c.clause_id) for c in cited})
    shown, folded = html.split('<details class="tw-related">')
    assert 'data-validity="in_force"' in shown
    assert "500元" in shown
    assert "旧的版本" in shown
    assert "400元" not in shown
    assert folded.index('data-validity="repealed"') < folded.index('data-validity="lapsed"')


def test_staff_filter_by_validity_knows_what_others_repealed(county: Service) -> None:
    """Every edition is found and counted; the filter tells them apart on the day."""
    found = {
        state: {
            h.document.doc_number
            for h in county.find(
                Request("租房补贴", Filters(validity=state), as_of=AFTER, limit=None)
            ).hits
        }
        for state in ("有效", "已废止", "已过期")
    }
    assert found == {
        "有效": {"远政规〔2025〕6号"},
        "已废止": {"远政规〔2022〕1号"},
        "已过期": {"远政规〔2019〕3号"},
    }
    before = county.find(Request("租房补贴", Filters(validity="已废止"), as_of=BETWEEN, limit=None))
    assert before.total == 0
    everything = county.find(Request("租房补贴", as_of=AFTER, limit=None))
    assert {h.document.doc_number for h in everything.hits} == {
        "远政规〔2025〕6号",
        "远政规〔2022〕1号",
        "远政规〔2019〕3号",
    }


def test_the_newest_edition_is_withdrawn(home: Home) -> None:
    """The older one answers at once, with its warning, and after the next build as well."""
    service = home({"一.txt": FIRST, "三.txt": THIRD})
    assert "500元" in _quoted(service.answer(SUM, as_of=AFTER))
    newest = next(d for d in service.store.documents() if d.doc_number == "远政规〔2025〕6号")
    withdraw(service.store, newest.doc_id, "传错了", "王一")
    service.hide_withdrawn()
    rebuilt = open_home(service.home, service.encoder)
    for serving in (service, rebuilt):
        answer = serving.answer(SUM, as_of=AFTER)
        assert answer.status is Status.ANSWERED
        assert "300元" in _quoted(answer)
        (said,) = answer.warnings
        assert "有效期至2021年12月31日" in said
        assert newest.doc_id not in {citation.doc_id for citation in answer.related}
    rebuilt.close()


def test_the_newest_edition_has_ended_and_an_older_one_holds(home: Home) -> None:
    """A trial that ran out leaves the rule that is still in force."""
    trial = THIRD.replace(
        "有效期至2030年8月31日。《远安县租房补贴办法》（远政规〔2022〕1号）同时废止",
        "有效期至2025年12月31日",
    )
    rule = SECOND.replace("起施行。", "起施行，有效期至2027年12月31日。")
    service = home({"二.txt": rule, "三.txt": trial})
    assert "500元" in _quoted(service.answer(SUM, as_of=date(2025, 10, 1)))
    answer = service.answer(SUM, as_of=AFTER)
    assert "400元" in _quoted(answer)
    assert answer.parts[0].citation.validity.state is ValidityState.IN_FORCE


def test_by_words_alone(home: Home) -> None:
    """Without a model the same edition is quoted."""
    service = home(RENT, None)
    assert "500元" in _quoted(service.answer(SUM, as_of=AFTER))
    assert "400元" in _quoted(service.answer(SUM, as_of=BETWEEN))


def test_only_one_body_replaces_its_own(home: Home) -> None:
    """Another body's document of the same title stays a rule of its own."""
    other = SECOND.replace("远政规〔2022〕1号", "远住建〔2022〕4号")
    other = other.replace("远安县人民政府", "远安县住房和城乡建设局")
    service = home(
        {
            "一.txt": other,
            "三.txt": THIRD.replace("《远安县租房补贴办法》（远政规〔2022〕1号）同时废止。", ""),
        }
    )
    standing = service.engine.standing
    assert all(not standing.editions(d.doc_id) for d in service.store.documents())


def test_without_editions_nothing_changes(
    samples: Service, town: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Word for word, score for score, the answers of a corpus without editions."""
    asked = [
        (town, "远安租房多久能落户"), (town, "上虞老年食堂每个街道几家"), (town, "公租房月租金"),
        (town, "到2022年城镇化率多少"), (samples, "鲤城外地户口孩子能上小学吗"),
        (samples, "三明租房能落户吗"), (samples, "居住证怎么办"), (samples, "股票涨跌"),
    ]  # fmt: skip

    def answers() -> list[object]:
        found = [s.answer(question, as_of=AFTER) for s, question in asked]
        return [
            (a.status, a.parts, a.related, a.warnings, a.confidence, a.trace.hits) for a in found
        ]

    settled = answers()
    monkeypatch.setattr(Choice, "settle", lambda _self, ranked, _named, _judge: (ranked, ()))
    monkeypatch.setattr(Choice, "beside", lambda _self, _quoted, ranked: list(ranked.rows))
    assert answers() == settled
