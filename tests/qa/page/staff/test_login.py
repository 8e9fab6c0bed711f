"""The login form, as a browser without scripts uses it: cookies, sessions, limits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from qa.accounts import AccountStore, Door, Role, open_accounts
from qa.accounts.turns import AT_ONCE, WAITING
from qa.page.app import web_app
from qa.page.site import Site
from qa.page.staff.guard import Watch
from qa.page.staff.identity import Staff
from qa.page.staff.login import next_page
from tests.qa.page.fake_service import EVIL, FakeService
from tests.qa.page.staff.conftest import HOME, PASSWORD, login, token

Client = Callable[..., TestClient]
COOKIE = "tiaowen_staff"


def enter(client: TestClient, name: str = "lin", password: str = PASSWORD, **more: str) -> object:
    return client.post("/staff/login", data={"name": name, "password": password, **more})


def test_the_cookie_is_out_of_reach(client_for: Client) -> None:
    answer = client_for().post("/staff/login", data={"name": "lin", "password": PASSWORD})
    cookie = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    assert not cookie["secure"]
    assert 0 < int(cookie["max-age"]) <= 12 * 3600


def test_over_https_the_cookie_stays_there(site: Site) -> None:
    app = web_app(FakeService(), site)
    client = TestClient(app, base_url="https://zhengce.example", follow_redirects=False)
    answer = client.post("/staff/login", data={"name": "lin", "password": PASSWORD})
    assert "Secure" in answer.headers["set-cookie"]


def test_behind_a_prefix_the_cookie_stays_below_it(site: Site) -> None:
    prefixed = Site(per_minute=0, accounts=site.accounts, root_path="/tiaowen")
    client = TestClient(web_app(FakeService(), prefixed), base_url=HOME, follow_redirects=False)
    answer = client.post("/staff/login", data={"name": "lin", "password": PASSWORD})
    assert "Path=/tiaowen;" in answer.headers["set-cookie"]
    assert not answer.headers["location"].startswith(("/", "http"))


def test_each_login_has_a_new_session_and_ends_the_old(client_for: Client) -> None:
    """A session that somebody slipped into the browser is not the one that is logged in."""
    client = client_for("chen")
    before = client.cookies[COOKIE]
    login(client, "lin")
    assert client.cookies[COOKIE] != before
    stolen = client_for()
    stolen.cookies.set(COOKIE, before)
    assert stolen.get("/staff/search").status_code == 303
    stolen.cookies.set(COOKIE, "chosen-by-an-attacker")
    answer = stolen.post("/staff/login", data={"name": "lin", "password": PASSWORD})
    assert "chosen-by-an-attacker" not in answer.headers["set-cookie"]


def test_logging_out_ends_the_session_on_the_server(client_for: Client) -> None:
    client = client_for("lin")
    held = client.cookies[COOKIE]
    refused = client.post("/staff/logout", data={"token": "wrong"})
    assert refused.json()["error"]["code"] == "cross_site"
    assert client.get("/staff/search").status_code == 200
    answer = client.post("/staff/logout", data={"token": token(client)})
    assert (answer.status_code, answer.headers["location"]) == (303, "login?out=1")
    assert COOKIE not in client.cookies
    again = client_for()
    again.cookies.set(COOKIE, held)
    assert again.get("/staff/search").status_code == 303
    assert "已经退出登录" in again.get("/staff/login?out=1").text


@pytest.mark.parametrize(("name", "password"), [("lin", "wrong-password"), ("nobody", PASSWORD)])
def test_what_was_wrong_is_not_said(client_for: Client, name: str, password: str) -> None:
    answer = client_for().post("/staff/login", data={"name": name, "password": password})
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.text
    assert "set-cookie" not in answer.headers
    assert password not in answer.text


def test_known_and_unknown_names_get_the_same_page(client_for: Client) -> None:
    pages = [
        client_for().post("/staff/login", data={"name": name, "password": "wrong-password"}).text
        for name in ("chen", "nobody")
    ]
    assert pages[0].replace("chen", "nobody") == pages[1]


def test_a_name_is_text(client_for: Client) -> None:
    answer = client_for().post("/staff/login", data={"name": EVIL, "password": "x", "next": EVIL})
    assert "<script>window" not in answer.text
    assert "<img" not in answer.text


def test_a_broken_form_is_a_wrong_login(client_for: Client) -> None:
    for body in (b"\xff\xfe=1", b"", b"&" * 1000, b"name=lin"):
        assert client_for().post("/staff/login", content=body).status_code == 401


def test_foreign_pages_log_nobody_in(client_for: Client) -> None:
    answer = client_for().post(
        "/staff/login",
        data={"name": "lin", "password": PASSWORD},
        headers={"origin": "https://evil.example"},
    )
    assert answer.json()["error"]["code"] == "cross_site"
    assert "set-cookie" not in answer.headers


@pytest.fixture
def own(tmp_path: Path) -> TestClient:
    """An application of its own: its counts of failures are of no other test."""
    accounts = open_accounts(tmp_path)
    accounts.add("lin", PASSWORD, Role.EDITOR)
    site = Site(per_minute=0, accounts=accounts)
    return TestClient(web_app(FakeService(), site), base_url=HOME, follow_redirects=False)


def test_guessing_has_to_wait(own: TestClient) -> None:
    for _ in range(5):
        answer = own.post("/staff/login", data={"name": "lin", "password": "wrong-password"})
        assert answer.status_code == 401
    answer = own.post("/staff/login", data={"name": "LIN", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) == 2
    assert "请等 2 秒" in answer.text
    assert "set-cookie" not in answer.headers


def test_the_limit_on_the_rate_holds_for_logins_too(site: Site) -> None:
    slow = Site(per_minute=6, accounts=site.accounts)
    client = TestClient(web_app(FakeService(), slow), base_url=HOME, follow_redirects=False)
    codes = [client.post("/staff/login", data={}).status_code for _ in range(5)]
    assert codes[:3] == [401] * 3
    assert codes[3:] == [429, 429]


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("search?q=a&unit=b", "search?q=a&unit=b"),
        ("documents", "documents"),
        ("https://evil.example", "search"),
        ("//evil.example", "search"),
        ("/\\evil.example", "search"),
        ("javascript:alert(1)", "search"),
        ("../", "search"),
        ("login", "search"),
        ("search?q=a\nb", "search"),
        (None, "search"),
    ],
)
def test_a_login_leads_to_our_own_pages_only(wanted: str | None, leads: str) -> None:
    assert next_page(wanted) == leads


def test_the_way_back_to_where_one_wanted_to_go(client_for: Client) -> None:
    client = client_for()
    sent = client.get("/staff/search", params={"q": "落户 AND 租房"})
    form = client.get(f"/staff/{sent.headers['location']}")
    assert form.status_code == 200
    said = form.text.split('name="next" value="')[1].split('"')[0]
    answer = client.post("/staff/login", data={"name": "lin", "password": PASSWORD, "next": said})
    found = client.get(f"/staff/{answer.headers['location']}")
    assert 'value="落户 AND 租房"' in found.text


def test_the_search_of_an_expired_session_asks_for_a_login(client_for: Client, site: Site) -> None:
    client = client_for("lin")
    assert site.accounts is not None
    site.accounts.end_session(client.cookies[COOKIE])
    assert client.get("/staff/search?q=x").headers["location"] == "login?next=search%3Fq%3Dx"
    assert client.get("/api/staff/search.csv").json()["error"]["code"] == "login_required"


def test_without_users_the_form_says_what_to_do() -> None:
    app = web_app(FakeService(), Site(per_minute=0))
    far = TestClient(app, base_url=HOME, client=("192.0.2.7", 5), follow_redirects=False)
    answer = far.get("/staff/login")
    assert answer.status_code == 403
    assert "tiaowen user add" in answer.text
    assert far.post("/staff/login", data={"name": "a", "password": "b"}).status_code == 403
    here = TestClient(app, base_url=HOME, client=("127.0.0.1", 5), follow_redirects=False)
    assert here.get("/staff/login").headers["location"] == "search"


def test_pages_name_who_is_at_work(client_for: Client) -> None:
    assert "已登录：chen（查看）" in client_for("chen").get("/staff/search").text
    missing = client_for("chen").get("/staff/nothing")
    assert missing.status_code == 404
    assert "没有这个页面" in missing.text


def test_the_trace_of_an_answer_is_for_staff(
    client_for: Client, site: Site, accounts: AccountStore
) -> None:
    """With users, sitting at this machine alone does not show how an answer came about."""
    scope = {
        "type": "http",
        "headers": [(b"host", b"localhost:7860")],
        "client": ("127.0.0.1", 5),
        "http_version": "1.1",
    }
    assert isinstance(Watch(Site(), None).staff(scope), Staff)
    watch = Watch(site, Door(accounts))
    assert not isinstance(watch.staff(scope), Staff)
    cookie = f"{COOKIE}={client_for('chen').cookies[COOKIE]}".encode()
    scope["headers"] = [(b"host", b"zhengce.example"), (b"cookie", cookie)]
    assert isinstance(watch.staff(scope), Staff)


def test_a_flood_of_logins_stops_nobody_else(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logins that are being checked take no thread from pages; those beyond are told to wait."""
    gate = threading.Event()

    def slow(*_: object) -> bool:
        assert gate.wait(60)
        return True

    monkeypatch.setattr("qa.accounts.login.verify_password", slow)
    transport = httpx.ASGITransport(web_app(FakeService(), site))

    async def flood() -> tuple[httpx.Response, list[httpx.Response]]:
        async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
            # None of them is in the way of the others by its name or its address.
            tries = [
                asyncio.create_task(
                    client.post("/staff/login", data={"name": f"user{n}", "password": "x"})
                )
                for n in range(80)
            ]
            async with asyncio.timeout(60):
                while sum(task.done() for task in tries) < 80 - AT_ONCE - WAITING:
                    await asyncio.sleep(0.01)
            page = await asyncio.wait_for(client.get("/staff/login"), 60)
            gate.set()
            return page, list(await asyncio.gather(*tries))

    page, said = asyncio.run(flood())
    assert page.status_code == 200
    told = [answer for answer in said if answer.status_code == 503]
    assert len(told) == 80 - AT_ONCE - WAITING
    assert "现在登录的人较多" in told[0].text
    assert told[0].headers["retry-after"] == "3"
    assert {answer.status_code for answer in said} <= {401, 429, 503}
