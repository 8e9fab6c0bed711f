"""Properties that hold for any text: coverage, slices, offsets, numerals, no crash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import Clause, CorpusError, build_document, clean, parse, sentence_spans
from corpus.blocks import Kind, classify
from corpus.cleaning.offsets import Draft, Edit
from corpus.loading import source_of
from corpus.numerals import chinese_number, label_number, to_chinese

from .conftest import built

LINES = st.sampled_from(
    [
        "一、总体目标",
        "二、主要任务",
        "三、保障措施。",
        "（一）扩大学位供给。新建小学3所。",
        "(二)规范收费",
        "1.每年培训200人。（市人社局、教育局）",
        "2．发放补贴。",
        "（1）材料齐全；",
        "①身份证",
        "第一章　总则",
        "第一条　为了方便办事，制定本办法。",
        "第二条　符合条件的可以申请：",
        "（三）有住所。",
        "附件1",
        "附件：1.清单",
        "一是简化流程。二是压缩时限。",
        "问：怎么办理？",
        "答：到窗口办理。",
        "各区人民政府：",
        "某某市教育局",
        "2025年5月9日",
        "关于做好入学工作的通知",
        "本通知自印发之日起施行。",
        "普通的一段话，没有编号。",
        "",
        "　　段落开头有空格，结尾没有句号",
        "续上一行的文字。",
        "文号：某教〔2025〕3号",
        "——",
        "?。ㄒ唬?",
        "(wù)",
    ]
)
TEXTS = st.lists(LINES, max_size=25).map("\n".join)
ANY = st.text(
    alphabet=st.sampled_from("一二十、（）()1.．第条章是问答附件 \n　。；：？?abc政务市局《》“”②"),
    max_size=200,
)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_covered(text: str, clauses: tuple[Clause, ...]) -> None:
    position = 0
    for clause in clauses:
        start, end = clause.span
        assert position <= start <= end
        assert clause.text == text[start:end] == text[start:end].strip()
        assert len(clause.path) == len(clause.headings)
        for unit in clause.units:
            assert start <= unit.span[0] < unit.span[1] <= end
        for figure in clause.figures:
            assert text[slice(*figure.span)] == figure.text
        position = end
    assert len({clause.clause_id for clause in clauses}) == len(clauses)


@SLOW
@given(TEXTS | ANY, st.sampled_from(["", "解读"]))
def test_passages_are_slices_in_order(text: str, kind: str) -> None:
    assert_covered(text, parse(text, "d", kind).clauses)


def test_gaps_hold_only_headings_and_title_blocks(originals: list[Path]) -> None:
    quiet = {Kind.TITLE, Kind.TABLE, Kind.NUMBER, Kind.HEADER, Kind.SIGN, Kind.DATE, Kind.NOTE}
    for path in originals:
        document, clauses = built(path)
        assert_covered(document.text, clauses)
        headings = {heading for clause in clauses for heading in clause.headings}
        position = 0
        for start, end in [*(c.span for c in clauses), (len(document.text),) * 2]:
            for line in document.text[position:start].split("\n"):
                words = re.sub(r"^\s*[（(]?[一二三四五六七八九十]+[、)）]\s*", "", line).strip(
                    "。 　"
                )
                assert not words or words in headings or classify(line.strip()) in quiet, line
            position = end


@SLOW
@given(TEXTS | ANY)
def test_cleaning_maps_offsets_both_ways(text: str) -> None:
    cleaned = clean(text)
    for repair in cleaned.repairs:
        assert text[slice(*repair.raw_span)] == repair.before
        assert cleaned.text[slice(*repair.span)] == repair.after
    changed = [repair.raw_span for repair in cleaned.repairs]
    for offset, char in enumerate(text):
        if not any(a <= offset < b for a, b in changed):
            start, end = cleaned.offset_map.to_text((offset, offset + 1))
            assert cleaned.text[start:end] == char
            assert cleaned.offset_map.to_raw((start, end)) == (offset, offset + 1)


@given(
    st.text("abcdef", max_size=12), st.lists(st.lists(st.integers(0, 12), max_size=6), max_size=4)
)
def test_drafts_keep_track_of_every_edit(raw: str, steps: list[list[int]]) -> None:
    draft = Draft(raw)
    for number, cuts in enumerate(steps):
        places = sorted(min(cut, len(draft.text)) for cut in cuts)
        pairs = zip(places[::2], places[1::2], strict=False)
        draft.apply(f"step{number}", [Edit(a, b, "XY"[: (a + b) % 3]) for a, b in pairs])
    pieces, position = draft.pieces, 0
    assert [a.raw_end for a in pieces[:-1]] == [b.raw_start for b in pieces[1:]]
    for piece in pieces:
        if not piece.kind:
            copied = draft.text[position : position + piece.length]
            assert copied == raw[piece.raw_start : piece.raw_end]
        position += piece.length
    assert position == len(draft.text)


@given(st.integers(1, 9999))
def test_numerals_round_trip(number: int) -> None:
    assert label_number(to_chinese(number)) == number
    assert chinese_number(to_chinese(number)) == number


@SLOW
@given(
    st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a", "a.html", "a.docx", "a.pdf"])
)
def test_random_bytes_never_crash(raw: bytes, file: str) -> None:
    try:
        document, clauses = build_document(source_of(raw, file))
    except CorpusError:
        return
    assert_covered(document.text, clauses)


@given(ANY)
def test_sentences_are_disjoint_and_cover_everything(text: str) -> None:
    spans = sentence_spans(text)
    position = 0
    for start, end in spans:
        assert not text[position:start].strip()
        assert text[start:end].strip() == text[start:end] != ""
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("百分之九十六", 96.0, id="percent"),
        pytest.param("两万", 20000.0, id="two-ten-thousand"),
        pytest.param("一千二百", 1200.0, id="hundreds"),
        pytest.param("七点五", 7.5, id="decimal"),
        pytest.param("7.5万", 75000.0, id="mixed"),
        pytest.param("1,200", 1200.0, id="thousands-comma"),
        pytest.param("二〇二五", 2025.0, id="year"),
        pytest.param("三亿五千万", 350000000.0, id="large"),
        pytest.param("若干", None, id="no-number"),
        pytest.param("", None, id="empty"),
    ],
)
def test_chinese_numbers(text: str, value: float | None) -> None:
    assert chinese_number(text) == value
