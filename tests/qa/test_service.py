"""The service under change: new snapshots, withdrawn documents, threads, no model, no documents."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import corpus
from corpus import ingest
from index import snapshot
from index.policy_index import build_index, is_stale
from qa import messages
from qa.encoding import open_encoder
from qa.search.types import Request
from qa.service import Service, index_root, open_service
from qa.types import Answer, Status
from tests.index.factories import HashEncoder
from tests.qa.town import POINTS, SHANGYU, YUANAN, assert_verbatim, open_town

HOUSING = "上虞保障性租赁住房筹集多少套"
PLAN_HOUSING = "远安公租房有多少套"
Make = Callable[[], Service]


def quoted(answer: Answer) -> str:
    return "".join(part.quote for part in answer.parts)


def build(service: Service) -> None:
    """Publish a new snapshot beside a running service, as `tiaowen build` does."""
    build_index(service.store, index_root(service.home), service.encoder)


def revise(service: Service) -> None:
    """Replace the points of 上虞 by a text with another figure and without their notes."""
    folder = service.home / "revised"
    folder.mkdir()
    (folder / "上虞.txt").write_text(POINTS.replace("1500套", "1600套"), encoding="utf-8")
    assert [report.outcome for report in ingest(service.store, [folder])] == ["replaced"]
    service.store.remove(service.store.find("上虞解读.txt").doc_id)


def withdraw(service: Service, area: str) -> None:
    for document in service.store.documents():
        if document.area == area:
            service.store.remove(document.doc_id)


def test_new_snapshot_is_served_without_restart(own_town: Make) -> None:
    """An edit is invisible until it is built, and then served by the next answer."""
    service = own_town()
    assert "1500套" in quoted(service.answer(HOUSING))
    revise(service)
    assert "1500套" in quoted(service.answer(HOUSING))
    build(service)
    answer = service.answer(HOUSING)
    assert "1600套" in quoted(answer)
    assert_verbatim(service, answer)
    assert service.reload_if_published() is False


def test_nothing_published_nothing_reloaded(own_town: Make) -> None:
    """The engine stays the same object while the snapshot does."""
    service = own_town()
    engine = service.engine
    build(service)
    service.answer(HOUSING)
    assert service.engine is engine


def test_store_changed_under_a_running_service(own_town: Make) -> None:
    """Documents that went from the store are still answered from what was loaded."""
    service = own_town()
    before = service.answer(PLAN_HOUSING)
    withdraw(service, YUANAN)
    after = service.answer(PLAN_HOUSING)
    assert before.status is Status.ANSWERED
    assert (after.parts, after.related) == (before.parts, before.related)


def test_withdrawn_documents_are_gone_after_a_build(own_town: Make) -> None:
    """The place is no longer covered, not in the picker, and nothing of it is quoted."""
    service = own_town()
    withdraw(service, YUANAN)
    build(service)
    assert service.answer(PLAN_HOUSING).status is Status.OTHER_AREA
    assert service.areas() == (SHANGYU,)
    answer = service.answer("老年食堂归谁管")
    assert {part.citation.area for part in answer.parts} == {SHANGYU}


def test_withdrawn_documents_are_hidden_before_a_build(own_town: Make) -> None:
    """Told of it, the running service stops quoting at once, in answers and in the search."""
    service = own_town()
    before = service.answer(PLAN_HOUSING)
    document = service.store.find("远安.txt")
    kept = corpus.withdraw(service.store, document.doc_id, "有误", "王一")
    assert service.hide_withdrawn() is True
    assert service.hide_withdrawn() is False
    assert service.answer(PLAN_HOUSING).status is Status.OTHER_AREA
    assert service.areas() == (SHANGYU,)
    answer = service.answer("老年食堂归谁管")
    assert {part.citation.area for part in answer.parts} == {SHANGYU}
    for query in ("老年食堂", "公租房"):
        found = service.find(Request(query))
        assert document.doc_id not in {hit.document.doc_id for hit in found.hits}
    corpus.restore(service.store, kept.id)
    assert service.hide_withdrawn() is True
    again = service.answer(PLAN_HOUSING)
    assert (again.status, again.parts) == (Status.ANSWERED, before.parts)
    assert set(service.areas()) == {SHANGYU, YUANAN}


def test_all_hidden(own_town: Make) -> None:
    """The last document was withdrawn and nothing was built yet."""
    service = own_town()
    for doc_id in service.store.versions():
        corpus.withdraw(service.store, doc_id, "有误", "王一")
    service.hide_withdrawn()
    assert service.answer(HOUSING).message == messages.EMPTY_CORPUS
    assert service.find(Request("住房")).total == 0


def test_everything_withdrawn(own_town: Make) -> None:
    """A service whose last document went says what to do."""
    service = own_town()
    withdraw(service, YUANAN)
    withdraw(service, SHANGYU)
    build(service)
    answer = service.answer(HOUSING)
    assert (answer.status, answer.message) == (Status.ERROR, messages.EMPTY_CORPUS)


def test_document_comes_back(own_town: Make) -> None:
    """Removed, built, added again, built: the same clause is cited as at first."""
    service = own_town()
    before = service.answer(PLAN_HOUSING)
    withdraw(service, YUANAN)
    build(service)
    service.answer(PLAN_HOUSING)
    ingest(service.store, [service.home / "originals" / "远安.txt"])
    build(service)
    after = service.answer(PLAN_HOUSING)
    assert [p.citation.clause_id for p in after.parts] == [
        p.citation.clause_id for p in before.parts
    ]


def test_store_moved_on_after_the_build(own_town: Make) -> None:
    """Built, then changed again before anybody asked: the old index keeps answering."""
    service = own_town()
    revise(service)
    build(service)
    withdraw(service, SHANGYU)
    assert service.answer(PLAN_HOUSING).status is Status.ANSWERED


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("", id="empty"),
        pytest.param("0" * 16, id="unknown"),
        pytest.param(None, id="missing"),
    ],
)
def test_damaged_publication(own_town: Make, damage: str | None) -> None:
    """A running service has everything it needs in memory."""
    service = own_town()
    current = index_root(service.home) / "current"
    current.unlink()
    if damage is not None:
        current.write_text(damage, encoding="ascii")
    assert service.answer(PLAN_HOUSING).status is Status.ANSWERED


def test_threads_get_equal_answers(own_town: Make) -> None:
    """Many at once, as one after the other; a reload in between harms nobody."""
    service = own_town()
    questions = ["租房能落户吗", PLAN_HOUSING, "上虞老年食堂归谁管", "给我讲个笑话", "厦门落户"] * 4
    alone = {question: service.answer(question) for question in set(questions)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(service.answer, questions))
    for question, answer in zip(questions, answers, strict=True):
        expected = alone[question]
        assert (answer.status, answer.parts, answer.related, answer.confidence) == (
            expected.status, expected.parts, expected.related, expected.confidence,
        )  # fmt: skip


def test_two_services_over_one_home(own_town: Make) -> None:
    """Both pick the new snapshot up."""
    first, second = own_town(), own_town()
    revise(first)
    build(first)
    assert "1600套" in quoted(first.answer(HOUSING))
    assert "1600套" in quoted(second.answer(HOUSING))


def test_without_documents(tmp_path: Path) -> None:
    """An empty corpus: an error that names the command; small talk still works."""
    service = open_town(tmp_path, None, ())
    answer = service.answer("租房能落户吗", history=("你好",), area=SHANGYU)
    assert answer.status is Status.ERROR
    assert "tiaowen corpus add" in answer.message
    assert service.areas() == ()
    assert service.answer("你好").message == messages.GREETING
    assert service.search("落户") == ()
    service.close()


def test_without_a_model_says_so(town: Service, town_by_words: Service) -> None:
    """The page can tell; with the model there is nothing to tell."""
    assert town_by_words.notice() == messages.LEXICAL_ONLY
    assert town_by_words.index.dense is None
    assert town.notice() is None


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        pytest.param(question, fact, id=fact)
        for question, fact in (
            ("上虞老年食堂归谁管", "区民政局"),
            (PLAN_HOUSING, "320套"),
            ("上虞居住证在哪个平台申领", "浙里办"),
            ("上虞灵活就业人员参加医保受户籍限制吗", "不受户籍限制"),
        )
    ],
)
def test_without_a_model_answers(town_by_words: Service, question: str, fact: str) -> None:
    """Plain questions in the documents' own words are answered by words alone."""
    answer = town_by_words.answer(question)
    assert answer.status is Status.ANSWERED
    assert fact in quoted(answer)
    assert_verbatim(town_by_words, answer)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("给我讲个笑话", Status.OFF_TOPIC),
        ("厦门落户要什么条件", Status.OTHER_AREA),
        ("？", Status.CLARIFY),
        ("打13000000000", Status.REFUSED),
    ],
)
def test_without_a_model_other_statuses(
    town_by_words: Service, question: str, status: Status
) -> None:
    """What needs no vectors stays as it is."""
    assert town_by_words.answer(question).status is status


def test_search_without_a_model(town_by_words: Service) -> None:
    """Ranking by words: the clause that has them comes first; a blank query finds nothing."""
    (best, _), *_ = town_by_words.search("老年食堂 送餐上门", area=SHANGYU)
    assert town_by_words.clause(best).heading == "开办老年食堂"
    assert town_by_words.search("  ") == ()
    assert len(town_by_words.search("落户", limit=2)) == 2


def test_vectors_of_another_model_are_not_mixed(own_town: Make) -> None:
    """A home built with one model and served with another is served by words, and says so."""
    built = own_town()
    service = Service(built.home, built.store, HashEncoder("other@1"))
    assert service.notice() == messages.LEXICAL_ONLY


def test_search_ranks_and_limits(town: Service) -> None:
    """Best first, at most ``limit``, and only the area asked for."""
    found = town.search("落户", limit=5, area=YUANAN)
    assert 0 < len(found) <= 5
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
    assert {town.document(town.clause(c).doc_id).area for c, _ in found} == {YUANAN}


def test_open_service_builds_only_when_stale(tmp_path: Path, model_folder: Path) -> None:
    """A new home is built with progress; the second start builds nothing."""
    open_town(tmp_path, None, ("远安.txt",)).close()
    steps: list[str] = []

    def report(step: str, done: int, total: int) -> None:
        assert 0 <= done <= total
        steps.append(step)

    service = open_service(tmp_path, model_dir=model_folder, progress=report, samples=False)
    assert "embed" in steps
    assert service.notice() is None
    assert not is_stale(service.store, index_root(tmp_path), service.encoder)
    live = snapshot.current(index_root(tmp_path))
    service.close()
    steps.clear()
    again = open_service(tmp_path, model_dir=model_folder, progress=report, samples=False)
    assert "embed" not in steps
    assert snapshot.current(index_root(tmp_path)) == live
    again.close()


def test_model_that_cannot_be_fetched_leaves_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that cannot hold the model: no encoder, no error."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "file").touch()
    assert open_encoder(model_dir=tmp_path / "file" / "model") is None
