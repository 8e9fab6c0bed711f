from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from corpus.types import Origin
from qa.page.cards import CLAUSE_GONE, DIGEST_NOTICE, card_html, validity_html
from qa.page.render import MASKED, answer_html, question_html, spoken, turn_html
from qa.types import Answer, Asked, Part, Status
from tests.qa.page import fake_service as fake

CLAUSES = {c.clause_id: c for c in (fake.SCHOOL, fake.SETTLE, fake.PERMIT, fake.TRICK)}
SCHOOL = fake.quote(fake.SCHOOL, fake.SCHOOL_QUOTE)


class _Balance(HTMLParser):
    """Fails on tags that do not close in order; collects element and attribute names."""

    VOID = frozenset({"path", "circle", "rect", "br", "img", "input"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _text(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_card_names_everything_about_the_source() -> None:
    html = card_html([SCHOOL], CLAUSES)
    for said in (
        fake.SCHOOL_QUOTE,
        f"《{fake.HARBOUR.title}》",
        "临东政办〔2025〕8号",
        "二（三）",
        "小学入学",
        '<span class="tw-chip">区教育局</span><span class="tw-chip">公安分局</span>',
        "东湾区人民政府办公室",
        "2025年5月9日",
        "海州省临港市东湾区",
        DIGEST_NOTICE,
        "二 便民服务",
    ):
        assert said in html
    assert "有效计划期至2028年12月31日" in _text(html)


def test_clause_is_whole_and_the_quote_marked_in_it() -> None:
    html = card_html([SCHOOL], CLAUSES)
    assert f"<mark>{fake.SCHOOL_QUOTE}</mark>" in html
    assert _text(html).count(fake.SCHOOL.text) == 1


def test_two_quotes_of_one_clause_share_a_card() -> None:
    time = fake.quote(fake.SCHOOL, fake.SCHOOL_TIME)
    html = answer_html(fake.answered(SCHOOL, time), CLAUSES)
    assert html.count('<section class="tw-card"') == 1
    assert html.count("<blockquote") == html.count("<mark>") + 1 == 2  # the quotes touch


def test_a_digest_says_so_and_an_original_does_not() -> None:
    official = replace(SCHOOL, origin=Origin.OFFICIAL)
    assert DIGEST_NOTICE not in card_html([official], CLAUSES)
    related = fake.answered(SCHOOL, related=(fake.quote(fake.SETTLE, fake.SETTLE_QUOTE),))
    assert answer_html(related, CLAUSES).count(DIGEST_NOTICE) == 2


def test_the_digest_notice_is_not_repeated_as_a_warning() -> None:
    warned = fake.answered(SCHOOL, warnings=(DIGEST_NOTICE, "有一份已过期。"))
    html = answer_html(warned, CLAUSES)
    assert html.count(DIGEST_NOTICE) == 1
    assert "<li>有一份已过期。</li>" in html


def test_a_clause_quoted_whole_has_nothing_to_mark() -> None:
    assert "<mark>" not in card_html([fake.quote(fake.SCHOOL, fake.SCHOOL.text)], CLAUSES)


def test_unknown_facts_are_left_out() -> None:
    bare = replace(
        SCHOOL,
        doc_number=None,
        issuer=None,
        published=None,
        area="",
        path=(),
        label="",
        heading="",
        units=(),
    )
    html = card_html([bare], CLAUSES)
    assert "None" not in html
    assert "<dl" not in html
    assert "tw-place" not in html


def test_a_vanished_clause_keeps_its_quote() -> None:
    html = card_html([SCHOOL], {})
    assert fake.SCHOOL_QUOTE in html
    assert CLAUSE_GONE in html


@pytest.mark.parametrize(
    ("validity", "state", "word"),
    [
        (fake.IN_FORCE, "in_force", "有效"),
        (fake.LAPSED, "lapsed", "已过期"),
        (fake.REPEALED, "repealed", "已废止"),
        (fake.UNKNOWN, "unknown", "未知"),
    ],
)
def test_validity_is_a_word_an_icon_and_a_reason(validity: object, state: str, word: str) -> None:
    html = validity_html(validity)  # type: ignore[arg-type]
    assert f'data-validity="{state}"' in html
    assert "<svg" in html
    assert word in _text(html)
    assert validity.reason in html  # type: ignore[attr-defined]


def test_several_places_get_headings_and_one_place_none() -> None:
    permit = fake.quote(fake.PERMIT, fake.PERMIT_QUOTE, fake.LAPSED)
    both = answer_html(fake.answered(SCHOOL, permit, warnings=("有一份已过期。",)), CLAUSES)
    assert [_text(area) for area in re.findall(r'<h4 class="tw-area">.*?</h4>', both)] == [
        "东湾区",
        "青岩县",
    ]
    assert both.index("有一份已过期。") < both.index("<blockquote")
    assert "tw-area" not in answer_html(fake.answered(SCHOOL), CLAUSES)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ANSWERED])
def test_every_other_status_shows_its_message(status: Status) -> None:
    html = answer_html(Answer(status, "原话。"), CLAUSES)
    assert f'data-status="{status.value}"' in html
    assert "原话。" in html
    assert "原话。" in spoken(Answer(status, "原话。"))
    assert "tw-card" not in html


def test_nearest_clauses_are_not_called_an_answer() -> None:
    html = answer_html(Answer(Status.RELATED_ONLY, "没有写明。", related=(SCHOOL,)), CLAUSES)
    assert "最接近的条款" in html
    assert "不是对问题的答复" in html
    assert '<section class="tw-card"' not in html
    assert 'aria-label="相关条款 1"' in html


def test_question_bubble() -> None:
    fine = Answer(Status.OFF_TOPIC, "……")
    refused = Answer(Status.REFUSED, "……")
    assert question_html("  \n", fine) == ""
    assert "东湾区" in question_html("能入学吗", fine, "海州省/临港市/东湾区")
    assert "（共 5000 个字）" in question_html("问" * 5000, fine)
    masked = turn_html("350500199001011234 能落户吗", refused, {})
    assert MASKED in masked
    assert "3505" not in masked


def test_resolved_question_and_message_of_an_answer() -> None:
    answer = replace(fake.answered(SCHOOL), resolved_question="东湾区<小学>", message="找到一处。")
    html = answer_html(answer, CLAUSES)
    assert "东湾区&lt;小学&gt;" in html
    assert "找到一处。" in html


def test_announcement_reads_quote_and_source() -> None:
    assert spoken(fake.answered(SCHOOL)) == (
        f"找到 1 处依据。{fake.SCHOOL_QUOTE} 出自《{fake.HARBOUR.title}》第二（三）条。"
    )


def test_hostile_text_stays_text() -> None:
    trick = fake.quote(fake.TRICK, "测试条款", replace(fake.UNKNOWN, reason=fake.EVIL))
    trick = replace(trick, doc_number=fake.EVIL, path=(fake.EVIL,))
    answer = replace(
        fake.answered(trick, related=(trick,), warnings=(fake.EVIL,)),
        resolved_question=fake.EVIL,
        message=fake.EVIL,
    )
    parsed = _Balance(turn_html(fake.EVIL, answer, CLAUSES, fake.EVIL))
    assert not parsed.tags & {"script", "img", "iframe", "a", "style"}
    assert not [name for name in parsed.attributes if name.startswith("on")]


@pytest.mark.parametrize("made", fake.PREPARED.values(), ids=list(fake.PREPARED))
def test_every_prepared_answer_is_well_formed(made: Answer) -> None:
    _Balance(turn_html("问题", made, CLAUSES))


def test_several_questions_stand_above_their_own_quotes() -> None:
    """Each question of a message has its cards below it, an unanswered one none."""
    asked = (
        Asked("<b>孩子</b>能上学吗", Status.ANSWERED, (0, 1)),
        Asked("要交多少钱", Status.RELATED_ONLY, (1, 1)),
        Asked("落户要等多久", Status.ANSWERED, (1, 2)),
    )
    settle = fake.quote(fake.SETTLE, fake.SETTLE.text)
    answer = Answer(
        Status.ANSWERED,
        "一件一件说：",
        tuple(Part(c.quote, c) for c in (SCHOOL, settle)),
        asked=asked,
    )

    html = answer_html(answer, CLAUSES)

    first, second = html.index("&lt;b&gt;孩子"), html.index("落户要等多久")
    assert first < html.index("tw-card") < second
    assert "要交多少钱" not in html
    assert "<b>" not in html
    _Balance(html)
