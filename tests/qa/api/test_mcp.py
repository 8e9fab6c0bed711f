"""The MCP server, called by a real MCP client over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent

from qa.page.app import page_server
from qa.page.site import Site
from tests.qa.page import fake_service as fake
from tests.qa.page.conftest import serving


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(page_server, fake.FakeService(), port=0, site=Site(per_minute=0)) as url:
        yield url


def call(address: str, tool: str, **arguments: object) -> tuple[bool, str]:
    """Call one tool; gives whether it failed, and its text."""

    async def session() -> tuple[bool, str]:
        async with (
            streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as client,
        ):
            await client.initialize()
            result = await client.call_tool(tool, arguments)
            content = result.content[0]
            assert isinstance(content, TextContent)
            return bool(result.isError), content.text

    return asyncio.run(session())


def value_of(answer: tuple[bool, str]) -> Any:  # noqa: ANN401
    failed, text = answer
    assert not failed, text
    return json.loads(text)


def test_the_tools_and_what_they_say_of_themselves(address: str) -> None:
    async def listed() -> dict[str, Any]:
        async with (
            streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as client,
        ):
            await client.initialize()
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    tools = asyncio.run(listed())
    assert set(tools) == {"answer", "search", "clause"}
    assert "Nothing is generated" in tools["answer"].description
    assert set(tools["answer"].inputSchema["properties"]) == {"question", "area"}


def test_answer(address: str) -> None:
    record = value_of(call(address, "answer", question="孩子能上小学吗"))
    assert record["status"] == "answered"
    assert record["parts"][0]["quote"] == fake.SCHOOL_QUOTE


def test_search_and_clause(address: str) -> None:
    found = value_of(call(address, "search", query="落户", limit=3))
    clause_id = found["hits"][0]["clause"]["clause_id"]
    assert value_of(call(address, "clause", clause_id=clause_id))["text"] == fake.SETTLE.text


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("clause", {"clause_id": "nothing"}, "没有编号为「nothing」的条款"),
        ("answer", {"question": "问" * 501}, "501 个字"),
        ("search", {"query": "("}, "括号没有合上"),
    ],
)
def test_refusals_reach_the_caller(
    address: str, tool: str, arguments: dict[str, str], said: str
) -> None:
    failed, text = call(address, tool, **arguments)
    assert failed
    assert said in text
