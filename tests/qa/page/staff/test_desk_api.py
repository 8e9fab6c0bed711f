"""The API of documents, word lists and quality: shapes, errors, roles, and what is written down."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from eval.desk import BENCH
from qa.desk import desk as desk_module
from qa.desk.jobs import Kind
from qa.page.app import web_app
from qa.page.staff import desk as staff_desk
from qa.page.staff.records import differences
from qa.service import Service
from tests.qa.desk.conftest import RULES
from tests.qa.page.staff.conftest import HOME, login
from tests.qa.page.staff.desk_site import Office, office
from tests.qa.town import PLAN


@pytest.fixture(scope="module")
def opened(town: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(town, tmp_path_factory.mktemp("office") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def lin(opened: Office) -> TestClient:
    """An editor, logged in."""
    client = TestClient(
        web_app(opened.service, opened.site), base_url=HOME, client=("127.0.0.1", 50_000)
    )
    client.follow_redirects = False
    login(client, "lin")
    return client


@pytest.fixture(scope="module")
def chen(opened: Office) -> TestClient:
    """A reader, logged in."""
    client = TestClient(
        web_app(opened.service, opened.site), base_url=HOME, client=("127.0.0.1", 50_000)
    )
    client.follow_redirects = False
    login(client, "chen")
    return client


def upload(client: TestClient, content: str | bytes, name: str, **more: str) -> Any:  # noqa: ANN401
    raw = content if isinstance(content, bytes) else content.encode()
    return client.post("/api/staff/uploads", params={"name": name, **more}, content=raw)


def code_of(answer: Any) -> str:  # noqa: ANN401
    return str(answer.json()["error"]["code"])


def entries(client: TestClient) -> dict[str, Any]:
    found = client.get("/api/staff/documents").json()["entries"]
    return {entry["file"]: entry for entry in found}


def test_a_file_comes_in_and_waits_for_the_index(lin: TestClient, chen: TestClient) -> None:
    (one,) = upload(lin, RULES, "../../电梯.txt").json()["files"]
    assert (one["outcome"], one["words"], one["file"]) == ("added", "已加入", "电梯.txt")
    entry = entries(chen)["电梯.txt"]
    assert (entry["standing"], entry["clauses"]) == ("new", 3)
    assert chen.get("/api/staff/documents").json()["stale"] is True
    detail = chen.get(f"/api/staff/documents/{entry['doc_id']}").json()
    assert ["文号", "远政办发〔2026〕3号"] in detail["facts"]
    assert [o["label"] for o in detail["outline"]].count("（二）") == 1
    assert detail["outline"][-1]["role"] == "（附则）"
    original = chen.get(f"/api/staff/documents/{entry['doc_id']}/file")
    assert original.content == RULES.encode()
    assert original.headers["content-disposition"].startswith("attachment;")


def test_a_bad_file_is_a_report_not_an_error(lin: TestClient, opened: Office) -> None:
    before = opened.service.store.digest()
    answer = upload(lin, b"\x89PNG\r\n\x1a\n" + b"\0" * 50, '<img src="x">.png')
    assert answer.status_code == 200
    (one,) = answer.json()["files"]
    assert one["outcome"] == "failed"
    assert "图片" in one["error"]
    assert opened.service.store.digest() == before


def test_too_large_a_file(lin: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_desk, "MAX_BYTES", 100_000)
    answer = upload(lin, b"x" * 100_001, "大.txt")
    assert (answer.status_code, code_of(answer)) == (422, "bad_file")
    assert "大.txt" in answer.json()["error"]["message"]


def test_readers_and_strangers_send_nothing(chen: TestClient, opened: Office) -> None:
    assert (upload(chen, RULES, "a.txt").status_code) == 403
    stranger = TestClient(web_app(opened.service, opened.site), base_url=HOME)
    assert upload(stranger, RULES, "a.txt").status_code == 401
    assert code_of(chen.get("/api/staff/audit")) == "not_allowed"


def test_without_the_token_of_its_page_nothing_is_changed(lin: TestClient) -> None:
    answer = lin.post("/api/staff/build", headers={"x-tiaowen-token": "other"})
    assert (answer.status_code, code_of(answer)) == (403, "cross_site")


def test_replaced_after_a_look(lin: TestClient, opened: Office) -> None:
    doc_id = entries(lin)["远安.txt"]["doc_id"]
    new = PLAN.replace("320套", "350套").replace(
        "\n三、附则", "\n（五）修路。修路3条。\n\n三、附则"
    )
    token = upload(lin, new, "新.txt", replaces=doc_id).json()["token"]
    assert entries(lin)["远安.txt"]["waiting"] == token
    shown = lin.get(f"/api/staff/replacements/{token}").json()
    assert [(clause["path"], clause["still"]) for clause in shown["added"]] == [("二（五）", False)]
    (changed,) = shown["changed"]
    assert ["gone", "2"] in changed["marks"]
    assert ["new", "5"] in changed["marks"]
    joined = "".join(piece for kind, piece in changed["marks"] if kind != "gone")
    assert joined == changed["text"]
    done = lin.post(f"/api/staff/replacements/{token}", json={"reason": "更正"})
    assert done.json()["doc_id"] == doc_id
    again = lin.post(f"/api/staff/replacements/{token}", json={})
    assert (again.status_code, code_of(again)) == (409, "stale")
    versions = lin.get(f"/api/staff/documents/{doc_id}").json()["versions"]
    assert (versions[0]["kind"], versions[0]["by"], versions[0]["reason"]) == (
        "replaced",
        "lin",
        "更正",
    )
    old = lin.get(f"/api/staff/versions/{versions[0]['id']}/file")
    assert old.content == PLAN.encode()
    back = lin.post(f"/api/staff/versions/{versions[0]['id']}/stage").json()["token"]
    assert lin.delete(f"/api/staff/replacements/{back}").json() == {}
    assert code_of(lin.get(f"/api/staff/replacements/{back}")) == "stale"
    same = upload(lin, new, "新.txt", replaces=doc_id)
    assert (same.status_code, code_of(same)) == (409, "refused")
    assert code_of(upload(lin, b"", "空.txt", replaces=doc_id)) == "bad_file"


def test_a_clause_that_is_only_read_otherwise_is_said_to_be_still_there(lin: TestClient) -> None:
    """The closing words count as a clause without a third one, and as the end with it."""
    doc_id = entries(lin)["电梯.txt"]["doc_id"]
    new = RULES.replace("\n二、附则", "\n（三）申请渠道。向街道办事处提交申请。\n\n二、附则")
    token = upload(lin, new, "电梯.txt", replaces=doc_id).json()["token"]
    shown = lin.get(f"/api/staff/replacements/{token}").json()
    lin.delete(f"/api/staff/replacements/{token}")
    assert [(clause["path"], clause["still"]) for clause in shown["removed"]] == [("二", True)]


def test_withdrawn_and_restored(lin: TestClient, opened: Office) -> None:
    doc_id = entries(lin)["上虞解读.txt"]["doc_id"]
    missing = lin.post(f"/api/staff/documents/{doc_id}/withdraw", json={})
    assert (missing.status_code, code_of(missing)) == (409, "refused")
    number = lin.post(f"/api/staff/documents/{doc_id}/withdraw", json={"reason": "重复"}).json()[
        "number"
    ]
    entry = entries(lin)["上虞解读.txt"]
    assert (entry["standing"], entry["version"]["reason"]) == ("withdrawn", "重复")
    gone = lin.get(f"/api/staff/documents/{doc_id}")
    assert (gone.status_code, code_of(gone)) == (404, "missing")
    assert "tiaowen" not in gone.json()["error"]["message"]
    assert lin.post(f"/api/staff/versions/{number}/restore").json() == {"doc_id": doc_id}
    assert code_of(lin.post(f"/api/staff/versions/{number}/restore")) == "missing"


def test_texts_side_by_side(lin: TestClient) -> None:
    windows = RULES.replace("\n", "\r\n").replace("18万元", "18\u200b万元").replace("3号", "9号")
    (one,) = upload(lin, windows, "视窗.txt").json()["files"]
    rows = lin.get(f"/api/staff/documents/{one['doc_id']}/texts").json()["rows"]
    repaired = [row for row in rows if row["repaired"]]
    assert one["repairs"] == len(repaired) == 1
    assert "".join(piece[0] for row in rows for piece in row["pieces"]) == windows
    assert any(piece[2:] == ["去掉看不见的字符"] for piece in repaired[0]["pieces"])


def test_one_build_at_a_time(lin: TestClient, chen: TestClient, opened: Office) -> None:
    started = lin.post("/api/staff/build")
    assert (started.status_code, started.json()["job"]["state"]) == (202, "running")
    second = lin.post("/api/staff/build")
    assert (second.status_code, code_of(second)) == (409, "occupied")
    assert chen.get("/api/staff/jobs").json()["build"]["who"] == "lin"
    opened.desk.jobs.wait(Kind.BUILD, 120)
    over = chen.get("/api/staff/jobs").json()["build"]
    assert (over["state"], over["message"][:6]) == ("done", "索引已更新：")
    assert chen.get("/api/staff/documents").json()["stale"] is False
    assert {entry["standing"] for entry in entries(chen).values()} == {"live"}


def test_word_lists(lin: TestClient, chen: TestClient) -> None:
    kept = chen.get("/api/staff/lexicon/synonyms.tsv").json()
    assert (kept["title"], kept["text"]) == ("居民说法", "")
    bad = lin.post("/api/staff/lexicon/synonyms.tsv/check", json={"text": "食堂 老年食堂\n"})
    finding = bad.json()["findings"][0]
    assert (finding["line"], finding["fault"], finding["error"]) == (1, "格式不对", True)
    long = "".join(f"词{n}\t老年食堂\n" for n in range(8_000))
    assert len(long.encode()) > 64 * 1024
    checked = lin.post("/api/staff/lexicon/synonyms.tsv/check", json={"text": long + long})
    assert (checked.json()["errors"], checked.json()["more"]) == (8_000, 7_500)
    said = {"text": "食堂\t老年食堂\t养老托育\t口语", "base": kept["version"]}
    saved = lin.put("/api/staff/lexicon/synonyms.tsv", json=said)
    assert (saved.json()["entries"], saved.json()["text"][-1]) == (1, "\n")
    assert code_of(lin.put("/api/staff/lexicon/synonyms.tsv", json=said)) == "stale"
    assert code_of(lin.get("/api/staff/lexicon/divisions.tsv")) == "missing"
    for body, code in (
        (b"[]", "invalid_request"),
        (b"{", "invalid_json"),
        (b"{}", "invalid_request"),
    ):
        answer = lin.put("/api/staff/lexicon/synonyms.tsv", content=body)
        assert code_of(answer) == code
    tried = lin.post("/api/staff/lexicon/synonyms.tsv/try", json={"text": saved.json()["text"]})
    assert (tried.status_code, code_of(tried)) == (409, "refused")
    assert chen.put("/api/staff/lexicon/synonyms.tsv", json=said).status_code == 403


def test_what_residents_said(lin: TestClient, chen: TestClient, opened: Office) -> None:
    found = chen.get("/api/staff/feedback", params={"unanswered": True}).json()
    assert [entry["question"] for entry in found["entries"]] == ["远安养猫要办证吗"]
    assert found["counts"] == {"up": 1, "down": 3}
    assert set(found["choices"]) == {"verdict", "status", "reason", "area"}
    table = chen.get("/api/staff/feedback.csv", params={"verdict": "down"})
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert "'=1+1" in rows[1]
    assert chen.get("/api/staff/feedback", params={"verdict": "x"}).status_code == 422


def test_a_case_is_drafted(
    lin: TestClient, chen: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "bench", lambda: BENCH)
    made = lin.post("/api/staff/feedback/3/draft")
    assert (made.status_code, made.json()["draft"]["question"]) == (201, "远安养猫要办证吗")
    assert made.json()["draft"]["answerable"] is None
    assert code_of(lin.post("/api/staff/feedback/3/draft")) == "refused"
    assert code_of(lin.post("/api/staff/feedback/1/draft")) == "refused"  # answered, and liked
    assert code_of(lin.post("/api/staff/feedback/4/draft")) == "refused"  # no question sent
    assert code_of(lin.post("/api/staff/feedback/99/draft")) == "missing"
    assert len(chen.get("/api/staff/drafts").json()["drafts"]) == 1
    assert chen.get("/api/staff/drafts.jsonl").text.count("\n") == 1
    entry = chen.get("/api/staff/feedback", params={"q": "养猫"}).json()["entries"][0]
    assert entry["drafted"] is True
    assert lin.delete("/api/staff/feedback/4").json() == {}
    assert code_of(lin.delete("/api/staff/feedback/4")) == "missing"


def test_the_last_report(
    lin: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(desk_module, "bench", lambda: BENCH)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert lin.get("/api/staff/quality/report").json() == {"report": None, "missing": None}
    nothing = lin.get("/api/staff/quality/report.html")
    assert (nothing.status_code, code_of(nothing)) == (404, "missing")


def test_everything_was_written_down(lin: TestClient) -> None:
    """Runs after the others: what they changed is here, by whom and in order."""
    found = lin.get("/api/staff/audit").json()["entries"]
    assert {entry["who"] for entry in found} == {"lin"}
    told = {entry["action"] for entry in found}
    assert {"upload", "replace", "discard", "withdraw", "restore", "build", "lexicon"} <= told
    first = lin.get("/api/staff/audit", params={"action": "withdraw"}).json()["entries"]
    assert [entry["detail"]["reason"] for entry in first] == ["重复"]
    assert [entry["id"] for entry in found] == sorted((e["id"] for e in found), reverse=True)


def test_without_a_desk_the_page_says_so() -> None:
    from qa.page.site import Site
    from tests.qa.page.fake_service import FakeService

    app = web_app(FakeService(), Site(per_minute=0))
    client = TestClient(app, base_url=HOME, client=("127.0.0.1", 5))
    for path in ("documents", "lexicon", "audit", "quality"):
        assert "没有开启" in client.get(f"/staff/{path}").text
    answer = client.get("/api/staff/documents")
    assert (answer.status_code, code_of(answer)) == (503, "unavailable")


@pytest.mark.parametrize(
    ("before", "after"),
    [("建320套", "建350套"), ("", "新"), ("旧", ""), ("一" * 4_000, "二"), ("同", "同")],
)
def test_differences_are_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece for kind, piece in pieces if kind != "new") == before
    assert "".join(piece for kind, piece in pieces if kind != "gone") == after
