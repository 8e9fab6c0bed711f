"""Where the page is framed, who counts as local, and what the visitor takes home."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.types import Clause
from qa.page import OriginError, Site, origin, page_server
from qa.page.access import is_local
from qa.page.assets import MODULES, STATIC, digest
from qa.page.exchange import reply_to
from qa.page.frame import policy
from qa.page.markdown import turn_markdown
from qa.page.trace import trace_html
from qa.types import Answer, Rejected, Status, Trace
from tests.qa.page import fake_service as fake
from tests.qa.page.conftest import serving

HERE = {"host": "127.0.0.1:7860"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://www.example.gov.cn", "https://www.example.gov.cn"),
        ("https://WWW.Example.gov.cn/", "https://www.example.gov.cn"),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_origins(text: str, read: str) -> None:
    assert origin(text) == read


@given(st.text(max_size=40))
def test_no_text_gets_more_than_one_source_into_the_policy(text: str) -> None:
    try:
        read = origin(text)
    except OriginError:
        return
    ancestors = policy((read,)).rsplit("frame-ancestors ", 1)[1]
    assert ancestors == f"'self' {read}"
    assert not set(read) & set(" ;,'*")


def test_only_named_sites_may_frame_the_page() -> None:
    site = Site(embed_origins=("https://a.gov.cn",), per_minute=0)
    with serving(page_server, fake.FakeService(), port=0, site=site) as url:
        headers = httpx.get(url, trust_env=False).headers
        script = httpx.get(f"{url}embed.js", trust_env=False)
    assert headers["content-security-policy"].endswith("frame-ancestors 'self' https://a.gov.cn")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"


def test_scripts_are_served_by_their_content(address: str) -> None:
    stems = {path.stem for path in STATIC.glob("*.js")}
    chat = {stem for stem in stems if not stem.startswith("staff")}
    assert chat == {*MODULES, "early", "embed"}
    for name in MODULES:
        script = httpx.get(f"{address}page/{digest()}/{name}.js", trust_env=False)
        assert script.status_code == 200
        assert "immutable" in script.headers["cache-control"]
    old = httpx.get(f"{address}page/000000000000/main.js", trust_env=False)
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-store")
    assert httpx.get(f"{address}page/{digest()}/app.py", trust_env=False).status_code == 404


def test_the_page_is_small(address: str) -> None:
    """Bytes before compression; Gradio's own part is not ours to shrink."""
    scripts = sum((STATIC / f"{name}.js").stat().st_size for name in MODULES)
    assert scripts < 48_000
    assert len(httpx.get(address, trust_env=False).content) < 90_000


@pytest.mark.parametrize(
    ("host", "headers", "trusts", "local"),
    [
        pytest.param("127.0.0.1", HERE, False, True, id="here"),
        pytest.param("::1", {"host": "[::1]:7860"}, False, True, id="ipv6"),
        pytest.param("127.0.0.1", {"host": "localhost"}, False, True, id="name"),
        pytest.param("192.0.2.1", HERE, False, False, id="elsewhere"),
        pytest.param("127.0.0.1", {"host": "evil.example:7860"}, False, False, id="rebound"),
        pytest.param("127.0.0.1", {}, False, False, id="no-host"),
        pytest.param("127.0.0.1", {**HERE, "x-forwarded-for": "1.2.3.4"}, False, False, id="proxy"),
        pytest.param("192.0.2.1", {**HERE, "x-forwarded-for": "x"}, True, False, id="trusted"),
        pytest.param(None, HERE, False, False, id="unknown"),
    ],
)
def test_who_is_at_this_machine(
    host: str | None, headers: dict[str, str], trusts: bool, local: bool
) -> None:
    assert is_local(host, headers, trusts_proxy=trusts) is local


@pytest.mark.parametrize(("staff", "asks"), [(True, True), (True, False), (False, True)])
def test_the_trace_is_for_staff_who_ask(staff: bool, asks: bool) -> None:
    data = {"question": "孩子能上小学吗", "explain": asks}
    html = reply_to(data, fake.FakeService(), staff=staff)["html"]
    assert ("tw-trace" in html) is (staff and asks)


def test_trace() -> None:
    trace = Trace(
        ("地点：东湾区",),
        (("c1", 0.9), (fake.EVIL, 0.1)),
        (Rejected("c1", 0.9, "太远"),),
        {"rank": 1},
    )
    html = trace_html(trace, 0.5)
    for said in ("地点：东湾区", "太远", "0.900", "rank 1.0", "把握：0.50"):
        assert said in html
    assert "<script" not in html


def test_markdown_of_an_answer() -> None:
    citation = fake.quote(fake.SCHOOL, fake.SCHOOL_QUOTE)
    answer = replace(fake.answered(citation, warnings=("请核实。",)), message="文件里是这样写的：")
    text = turn_markdown("能上小学吗", answer, fake.HARBOUR.area)
    assert text.startswith("## 能上小学吗\n")
    for line in (
        "地区：海州省临港市东湾区",
        "- 注意：请核实。",
        f"> {fake.SCHOOL_QUOTE}",
        "- 责任单位：区教育局、公安分局、各街道办事处",
        "- 效力：有效（计划期至2028年12月31日）",
        "- 发布日期：2025年5月9日",
    ):
        assert line in text.splitlines()


def test_markdown_keeps_markup_and_numbers_out() -> None:
    trick = fake.quote(fake.TRICK, fake.EVIL)
    text = turn_markdown("# 标题\n**粗**", fake.answered(trick))
    assert not re.search(r"(?<!\\)<", text)
    assert text.splitlines()[0] == r"## \# 标题 \*\*粗\*\*"
    refused = turn_markdown("350500199001011234", Answer(Status.REFUSED, "……"))
    assert "350500" not in refused


class _NoPassages(fake.FakeService):
    def passages(self, doc_id: str) -> tuple[Clause, ...]:
        raise OSError


def test_an_answer_outlives_what_stands_under_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        html = reply_to({"question": "孩子能上小学吗"}, _NoPassages())["html"]
    assert fake.SCHOOL_QUOTE in html
    assert "OSError" in caplog.text
