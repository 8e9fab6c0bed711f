"""Routes of the API: what they give, and how they refuse."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.api import api_app
from qa.api.docs import docs_html
from qa.api.errors import ERRORS
from qa.feedback import FeedbackStore
from qa.messages import MAX_QUESTION
from qa.service import Service
from tests.qa.page import fake_service as fake

BATCH_KEYS = {
    "id",
    "question",
    "status",
    "parts",
    "related",
    "warnings",
    "message",
    "confidence",
    "ms",
}


def error_of(response: Any) -> tuple[int, str]:  # noqa: ANN401
    """Status and code of an error; its message is Chinese and complete."""
    error = response.json()["error"]
    assert set(response.json()) == {"error"}
    assert set(error) == {"code", "message"}
    assert "{" not in error["message"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in error["message"])
    return response.status_code, error["code"]


def test_answer_is_the_batch_record(client: TestClient, service: fake.FakeService) -> None:
    asked = {
        "id": "q1",
        "question": "什么时候报名",
        "history": ["孩子能上小学吗"],
        "area": fake.HARBOUR.area,
        "as_of": "2026-03-01",
    }
    response = client.post("/api/answer", json=asked)
    assert response.status_code == 200
    record = response.json()
    assert set(record) == BATCH_KEYS | {"resolved_question"}
    assert (record["id"], record["question"]) == ("q1", "什么时候报名")
    assert record["status"] == "answered"
    assert record["resolved_question"] == "东湾区小学报名是什么时候？"
    for part in record["parts"]:
        start, end = part["citation"]["span"]
        assert fake.HARBOUR_TEXT[start:end] == part["quote"] == part["citation"]["quote"]
    assert service.asked == [("什么时候报名", ("孩子能上小学吗",), fake.HARBOUR.area)]


def test_only_the_last_five_of_the_history_are_read(
    client: TestClient, service: fake.FakeService
) -> None:
    client.post("/api/answer", json={"question": "租房", "history": list("甲乙丙丁戊己")})
    assert service.asked[0][1] == tuple("乙丙丁戊己")


@pytest.mark.parametrize("question", ["", "北京", "身份证 1", "工作日", "天气"])
def test_other_statuses_carry_no_parts(client: TestClient, question: str) -> None:
    record = client.post("/api/answer", json={"question": question}).json()
    assert record["status"] != "answered"
    assert record["parts"] == []
    assert record["message"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({}, (422, "invalid_request"), id="missing"),
        pytest.param({"question": 7}, (422, "invalid_request"), id="type"),
        pytest.param({"question": "问", "extra": 1}, (422, "invalid_request"), id="extra"),
        pytest.param({"question": "问", "as_of": "昨天"}, (422, "invalid_request"), id="date"),
        pytest.param({"question": "问", "area": "火星"}, (422, "unknown_area"), id="area"),
        pytest.param({"question": "问" * 501}, (422, "question_too_long"), id="long"),
        pytest.param({"question": "问", "history": ["问" * 501]}, (422, "invalid_request"), id="h"),
        pytest.param(["问"], (422, "invalid_request"), id="list"),
    ],
)
def test_refused_questions(
    client: TestClient, service: fake.FakeService, body: object, expected: tuple[int, str]
) -> None:
    assert error_of(client.post("/api/answer", json=body)) == expected
    assert service.asked == []


def test_the_longest_question_is_taken(client: TestClient) -> None:
    assert client.post("/api/answer", json={"question": "问" * MAX_QUESTION}).status_code == 200


def test_what_is_no_json(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    response = client.post("/api/answer", content="{", headers=headers)
    assert error_of(response) == (400, "invalid_json")
    response = client.post("/api/answer", content="question=1")
    assert error_of(response)[0] == 422


def test_an_error_names_the_field_and_not_its_value(client: TestClient) -> None:
    said = client.post("/api/answer", json={"question": "问", "area": 350500199001011234}).text
    assert "area 应为文字" in said
    assert "350500" not in said


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/nothing", (404, "not_found")),
        ("GET", "/api/answer", (405, "method_not_allowed")),
        ("GET", "/api/clauses/nothing", (404, "unknown_clause")),
        ("GET", "/api/documents/nothing", (404, "unknown_document")),
        ("GET", "/api/search", (422, "invalid_request")),
        ("GET", "/api/search?q=落户&limit=0", (422, "invalid_request")),
        ("GET", "/api/search?q=(", (422, "invalid_query")),
        ("GET", "/api/search?q=落户&year=去年", (422, "invalid_query")),
        ("GET", "/api/search?q=落户&sort=score", (422, "invalid_request")),
    ],
)
def test_refused_requests(
    client: TestClient, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert error_of(client.request(method, path)) == expected


def test_a_failure_is_answered_for_and_not_logged_with_the_question(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.post("/api/answer", json={"question": "崩溃，我叫张三"})
    assert error_of(response) == (500, "internal")
    assert "RuntimeError" in caplog.text
    assert "张三" not in caplog.text
    assert "张三" not in response.text


def test_search(client: TestClient) -> None:
    found = client.get("/api/search", params={"q": "落户", "limit": 5}).json()
    assert [hit["clause"]["clause_id"] for hit in found["hits"]] == [fake.SETTLE.clause_id]
    hit = found["hits"][0]
    assert hit["clause"]["document"]["title"] == fake.HARBOUR.title
    start, end = hit["snippet_span"]
    assert hit["clause"]["text"][start:end] == hit["snippet"]
    assert [hit["clause"]["text"][a:b] for a, b in hit["marks"]] == ["落户"]


@pytest.mark.model
def test_search_over_the_samples(samples: Service) -> None:
    client = TestClient(api_app(samples))
    found = client.get("/search", params={"q": "落户 OR 入学", "unit": "教育局"}).json()
    assert found["total"] >= len(found["hits"]) > 0
    assert {"area", "unit", "validity"} <= set(found["facets"])
    for hit in found["hits"]:
        assert any("教育局" in unit for unit in hit["clause"]["units"])


def test_a_clause_is_a_slice_of_its_document(client: TestClient) -> None:
    clause = client.get(f"/api/clauses/{fake.SCHOOL.clause_id}").json()
    document = client.get(f"/api/documents/{clause['doc_id']}").json()
    start, end = clause["span"]
    assert document["text"][start:end] == clause["text"] == fake.SCHOOL.text
    assert clause["document"]["doc_number"] == "临东政办〔2025〕8号"
    listed = [passage["clause_id"] for passage in document["passages"]]
    assert listed == [fake.SCHOOL.clause_id, fake.SETTLE.clause_id]
    assert "raw" not in document


def test_suggest(client: TestClient) -> None:
    found = client.get("/api/suggest", params={"q": "落户"}).json()["questions"]
    assert "落户由哪个部门办？" in found
    other = client.get("/api/suggest", params={"q": "落户", "area": "云山省/青岩县"}).json()
    assert not [question for question in other["questions"] if "东湾" in question]


def test_health(client: TestClient, service: fake.FakeService) -> None:
    service.line = "只按词查找"
    health = client.get("/api/health").json()
    assert (health["status"], health["notice"]) == ("ok", "只按词查找")
    assert health["areas"] == list(service.areas())


def test_feedback_is_stored(client: TestClient, feedback: FeedbackStore) -> None:
    said = {"verdict": "down", "reason": "outdated", "question": "租房", "clause_ids": ["c1"]}
    response = client.post("/api/feedback", json=said)
    assert response.status_code == 201
    entry = feedback.entries()[0]
    assert entry.id == response.json()["id"]
    assert (entry.feedback.reason, entry.feedback.clause_ids) == ("outdated", ("c1",))


@pytest.mark.parametrize("field", ["question", "comment"])
def test_feedback_with_a_personal_number_is_refused(
    client: TestClient, feedback: FeedbackStore, field: str
) -> None:
    response = client.post("/api/feedback", json={"verdict": "up", field: "我的电话13800138000"})
    assert error_of(response) == (400, "personal_data")
    assert feedback.entries() == ()


def test_feedback_that_the_disk_refuses_is_not_claimed_to_be_kept(
    client: TestClient, feedback: FeedbackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "writable", False)
    response = client.post("/api/feedback", json={"verdict": "up"})
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "not_stored"
    assert feedback.entries() == ()


def test_feedback_needs_a_store() -> None:
    client = TestClient(api_app(fake.FakeService()))
    response = client.post("/feedback", json={"verdict": "up"})
    assert error_of(response) == (503, "unavailable")


def test_another_site_cannot_send_feedback(client: TestClient) -> None:
    """A form of another page can send text/plain without asking first; that is not taken."""
    headers = {"origin": "https://elsewhere.example", "content-type": "text/plain"}
    response = client.post("/api/feedback", content='{"verdict": "up"}', headers=headers)
    assert response.status_code == 422
    assert "access-control-allow-origin" not in response.headers


def test_the_openapi_page_stands_alone(client: TestClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "https://" not in page.text.replace("https://您的网站", "").replace(
        "https://本站地址", ""
    )
    description = client.get("/api/openapi.json").json()
    for path, verbs in description["paths"].items():
        assert f"/api{path}" in page.text
        assert all(operation["summary"] for operation in verbs.values())
    for code in ERRORS:
        assert f"<code>{code}</code>" in page.text


def test_the_openapi_page_escapes() -> None:
    app = FastAPI(title=fake.EVIL, description=fake.EVIL)

    @app.get("/x", summary=fake.EVIL)
    def x(q: str = fake.EVIL) -> dict[str, str]:
        return {"q": q}

    description = json.loads(json.dumps(app.openapi()))
    description.setdefault("components", {}).setdefault("schemas", {})
    assert "<script" not in docs_html(description)
