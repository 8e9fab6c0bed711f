from __future__ import annotations

import json

import pytest

from tests.qa.cli.conftest import Run
from tests.qa.cli.fakes import DOC_ID


def found(run: Run, *arguments: str) -> list[str]:
    hits = json.loads(run("search", "落户", "--json", *arguments).stdout)["hits"]
    return [hit["clause_id"].removeprefix(f"{DOC_ID}-") for hit in hits]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param((), ["1.1", "1.2", "2.3"], id="all"),
        pytest.param(("--limit", "1"), ["1.1"], id="limit"),
        pytest.param(("--unit", "住建局"), ["1.2"], id="part-of-a-unit"),
        pytest.param(("--doc", "云政办〔2025〕1号"), ["1.1", "1.2", "2.3"], id="document"),
        pytest.param(("--validity", "lapsed"), ["1.1", "1.2", "2.3"], id="validity"),
        pytest.param(("--validity", "in_force"), [], id="other-validity"),
        pytest.param(("--kind", "通知"), [], id="other-kind"),
    ],
)
def test_filters(run: Run, arguments: tuple[str, ...], expected: list[str]) -> None:
    assert found(run, *arguments) == expected


def test_list_shows_where_each_clause_stands(run: Run) -> None:
    shown = run("search", "落户").stdout
    assert "1. 一（一） 租房落户" in shown
    assert "《云山县落户办法》（云政办〔2025〕1号）  已过期" in shown


def test_nothing_found_is_exit_code_1(run: Run) -> None:
    result = run("search", "没有的词")
    assert (result.exit_code, result.stdout) == (1, "")
    assert json.loads(run("search", "没有的词", "--json").stdout)["count"] == 0
