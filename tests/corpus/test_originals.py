"""The five originals, held to golden files of labels, lengths, offsets and hashes."""

from __future__ import annotations

import json
import os
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from corpus import Clause, Document, Role, normalise, validity

from .conftest import built

GOLDEN = Path(__file__).parent / "golden" / "originals.json"


def outline(document: Document, clauses: tuple[Clause, ...]) -> dict[str, Any]:
    """What is held fixed about a document, without any of its sentences."""
    return {
        "doc_id": document.doc_id,
        "doc_number": document.doc_number,
        "published": str(document.published),
        "until": str(document.effective_until),
        "plan_until": str(document.plan_until),
        "status": document.declared_status,
        "area": document.area,
        "kind": document.kind,
        "length": len(document.text),
        "passages": [
            [
                clause.clause_id,
                clause.role.value,
                list(clause.path),
                list(clause.span),
                sha256(clause.text.encode()).hexdigest()[:10],
                sha256(clause.heading.encode()).hexdigest()[:6],
                list(clause.unit_names),
            ]
            for clause in clauses
        ],
    }


def test_originals_equal_golden(originals: list[Path]) -> None:
    found = {path.name[:3]: outline(*built(path)) for path in originals}
    if os.environ.get("TIAOWEN_WRITE_GOLDEN"):
        lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in found.items()]
        GOLDEN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def clause_paths(path: Path) -> list[tuple[str, ...]]:
    return [clause.path for clause in built(path)[1] if clause.role == Role.CLAUSE]


def test_clause_counts(originals: list[Path]) -> None:
    counts = {path.name[:3]: len(clause_paths(path)) for path in originals}
    assert counts == {"000": 12, "001": 32, "002": 49, "003": 27, "004": 14}


def test_interpretations_have_the_agreed_paths(originals: list[Path]) -> None:
    five = [("五", f"（{n}）") for n in "一二三四五"]
    assert clause_paths(originals[0]) == [
        *[(n,) for n in "一二三四"],
        *five,
        *[(n,) for n in "六七八"],
    ]
    assert clause_paths(originals[4]) == [
        ("一",),
        ("二",),
        *[("三", f"{n}是") for n in "一二三四五"],
        *[("四", f"{n}是") for n in "一二三四五六"],
        ("五",),
    ]


def test_running_numbers(originals: list[Path]) -> None:
    assert clause_paths(originals[1])[0] == ("二", "（一）")
    assert clause_paths(originals[1])[-1] == ("六", "（三十二）")
    assert clause_paths(originals[2])[-1] == ("四", "（十五）", "49")
    assert clause_paths(originals[3])[-1] == ("七", "27")
    assert all(not built(path)[0].warnings for path in originals)


@pytest.mark.parametrize(
    ("index", "number", "area", "published"),
    [
        pytest.param(1, "泉鲤政办〔2025〕6号", "福建省/泉州市/鲤城区", date(2025, 5, 9), id="001"),
        pytest.param(2, "明发改规划〔2023〕180号", "福建省/三明市", date(2023, 7, 21), id="002"),
        pytest.param(3, "成政发〔2024〕3号", "山东省/菏泽市/成武县", date(2024, 7, 4), id="003"),
        pytest.param(0, None, "福建省/泉州市/鲤城区", None, id="000"),
        pytest.param(4, None, "青海省", None, id="004"),
    ],
)
def test_metadata(
    originals: list[Path], index: int, number: str | None, area: str, published: date | None
) -> None:
    document = built(originals[index])[0]
    assert (document.doc_number, document.area, document.published) == (number, area, published)


def test_untitled_interpretations_are_known_by_what_they_explain(originals: list[Path]) -> None:
    plan = "《鲤城区推进以人为本的新型城镇化战略工作要点（2025—2028年）》政策解读"
    assert normalise(built(originals[0])[0].title) == normalise(plan)
    scheme = "《青海省深入实施以人为本的新型城镇化战略五年行动计划的实施方案》政策解读"
    assert normalise(built(originals[4])[0].title) == normalise(scheme)


def test_validity(originals: list[Path]) -> None:
    states = [validity(built(path)[0], date(2026, 3, 1)).state.value for path in originals]
    assert states == ["in_force", "in_force", "lapsed", "lapsed", "unknown"]
    lapsed = validity(built(originals[3])[0], date(2026, 3, 1))
    assert "2025年12月31日" in lapsed.reason  # though the page says 有效


def test_damage_is_repaired_and_recorded(originals: list[Path]) -> None:
    document, clauses = built(originals[0])
    labels = [c.label for c in clauses if c.path[:1] == ("五",) and c.role == Role.CLAUSE]
    assert labels == [f"（{n}）" for n in "一二三四五"]
    assert {repair.kind for repair in document.repairs} >= {"shifted_bytes", "pinyin", "furniture"}
    assert "確保《實施方案》責任明晰" in built(originals[4])[0].text
    assert "成政发〔2024〕3号\n" in built(originals[3])[0].text
    assert "农业转移人口纳入住房保障范围" in built(originals[1])[0].text
    for repair in document.repairs:
        assert document.raw_text[slice(*repair.raw_span)] == repair.before
        assert document.text[slice(*repair.span)] == repair.after
