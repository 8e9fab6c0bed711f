"""A question as retrieval sees it."""

from __future__ import annotations

import pytest

from index.synonyms import Synonyms, default_synonyms
from index.tokens import default_tokenizer
from qa.asks import asked_for
from qa.query import CONTEXT_WEIGHT, EXPANSION_WEIGHT, Query, bigrams, make_query
from tests.qa.town import wrong

SYNONYMS = Synonyms([("娃", ["随迁子女"]), ("上户口", ["落户"]), ("户口…迁", ["户口迁移", "落户"])])


def query(content: str, context: str = "", synonyms: Synonyms = SYNONYMS) -> Query:
    """Make the query of a question without places; every term weighs its length."""
    asks = asked_for(content)
    return make_query(
        content, content, asks, default_tokenizer(), synonyms, lambda term: float(len(term)),
        context,
    )  # fmt: skip


def concept_words(made: Query) -> set[str]:
    return {concept.word for concept in made.concepts}


def test_synonym_adds_the_official_word_with_less_weight() -> None:
    """The resident's own word keeps full weight."""
    made = query("我家娃上学")
    assert made.terms["上学"] == 1.0
    assert made.terms["随迁子女"] == EXPANSION_WEIGHT
    assert [expansion.resident for expansion in made.expansions] == ["娃"]


@pytest.mark.parametrize(
    ("question", "expanded"),
    [
        pytest.param("户口能迁吗", True, id="gap-of-one"),
        pytest.param("户口想从老家迁过来", True, id="gap-of-four"),
        pytest.param("户口迁", True, id="no-gap"),
        pytest.param("户口是老家的一直想着要把它迁来", False, id="gap-too-wide"),
        pytest.param("户口在老家，公司迁走了", False, id="over-a-comma"),
        pytest.param("迁来的户口", False, id="other-order"),
        pytest.param("戶口想遷過來", True, id="traditional"),
    ],
)
def test_gap_in_a_synonym(question: str, expanded: bool) -> None:
    """«户口…迁» matches its parts with a few characters between, inside one part of a sentence."""
    made = query(question)
    assert ("户口迁移" in made.terms) is expanded
    assert any(e.resident.startswith("户口") for e in made.expansions) is expanded


def test_concept_stands_by_any_alternative() -> None:
    """A text that has the official word has the concept; half an alternative is not enough."""
    (concept,) = (c for c in query("想上户口").concepts if c.word == "上户口")
    assert concept.in_terms(frozenset({"落户"}))
    assert not concept.in_terms(frozenset({"上学"}))
    assert not concept.in_terms(frozenset())


def test_a_concept_weighs_as_its_commonest_alternative() -> None:
    """Of an alternative that stands in pieces the rarest counts: all pieces must be there."""
    synonyms = Synonyms([("养老的地方", ["社区养老服务设施"])])
    idf = {"养老": 3.0, "地方": 0.5, "社区": 1.0, "服务": 0.2, "设施": 2.0}

    def weight(term: str) -> float:
        return idf.get(term, 9.0)

    said = "养老的地方"
    made = make_query(said, said, frozenset(), default_tokenizer(), synonyms, weight)
    (concept,) = (c for c in made.concepts if c.word == said)
    rarest = [max(weight(term) for term in alternative) for alternative in concept.alternatives]
    assert len(rarest) == 2
    assert concept.weight == min(rarest) >= 3.0


def test_concepts_do_not_repeat_a_covered_word() -> None:
    """What a synonym covers is one concept, not two."""
    assert "户口" not in concept_words(query("想上户口"))


@pytest.mark.parametrize(
    ("question", "key"),
    [
        pytest.param("两万个学位", "20000", id="chinese"),
        pytest.param("2万个学位", "20000", id="mixed"),
        pytest.param("20000个学位", "20000", id="arabic"),
        pytest.param("百分之九十八", "98%", id="percent-in-words"),
        pytest.param("９８％", "98%", id="full-width"),
        pytest.param("一千八百个学位", "1800", id="thousand"),
    ],
)
def test_figures_in_any_writing(question: str, key: str) -> None:
    """Figures of question and text meet in one form."""
    assert key in query(question).figures


@pytest.mark.parametrize("question", ["三明落户", "一下子", "怎么落户"])
def test_words_that_are_no_figures(question: str) -> None:
    """A numeral inside a name or a word is no figure."""
    assert query(question).figures == frozenset()


def test_context_counts_less_and_never_twice() -> None:
    """Words of the earlier question weigh less; a word in both keeps its own weight."""
    alone, leaning = query("医保参保"), query("医保参保", context="老年食堂 医保")
    assert leaning.terms["医保"] == 1.0
    assert leaning.terms["食堂"] == CONTEXT_WEIGHT
    assert concept_words(alone) < concept_words(leaning)
    weights = {concept.word: concept.weight for concept in leaning.concepts}
    assert weights["食堂"] == pytest.approx(2 * CONTEXT_WEIGHT)
    assert leaning.bigrams == alone.bigrams


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        pytest.param("新建小学是多少所", "小学", id="after"),
        pytest.param("多少学位给外地学生", "学位", id="before"),
        pytest.param("落户", None, id="no-ask"),
        pytest.param("多少", None, id="no-concept"),
        wrong(
            "录取分数线是多少", "分数线", id="asking-word-itself",
            reason="分数线 is an asking word too, and 录取 before it is just as near",
        ),
    ],
)  # fmt: skip
def test_focus_is_the_concept_beside_the_ask(question: str, focus: str | None) -> None:
    """What a figure question wants is the word next to 多少."""
    made = query(question)
    assert (made.focus.word if made.focus else None) == focus


@pytest.mark.parametrize("question", ["", "？！", "的了吗", "😀"])
def test_nothing_to_search(question: str) -> None:
    """No words: an empty query, not an error."""
    made = query(question)
    assert made.concepts == ()
    assert made.focus is None


def test_bigrams_skip_punctuation_and_fold() -> None:
    """Pairs come from the search form."""
    assert bigrams("落，戶Ａ") == {"落户", "户a"}
    assert bigrams("落") == frozenset()


@pytest.mark.parametrize(
    ("resident", "official"),
    [("娃上学", "随迁子女"), ("迁户口", "落户"), ("户口想迁过来", "户口迁移"), ("落互", "落户")],
)
def test_shipped_synonyms_reach_official_words(resident: str, official: str) -> None:
    """The shipped lexicon knows everyday words, gaps and common slips of the keyboard."""
    assert official in query(resident, synonyms=default_synonyms()).terms


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("多少", id="how-many"),
        pytest.param("几个", id="how-many-pieces"),
        *("几所", "几套", "几家", "几户", "几条", "几天", "几年", "几岁"),
    ],
)
def test_asking_words_are_not_searched(word: str) -> None:
    """A word that only asks stands in no document; as a concept it would count as missing."""
    made = query(f"小学{word}")
    assert word not in concept_words(made)
    assert word not in made.terms


@pytest.mark.parametrize(
    ("question", "text"),
    [("三月份缴费", "3月1日以后缴费"), ("六十岁能领", "年满60周岁"), ("干满五年", "工作满5年")],
)
def test_a_figure_in_words_stands_in_a_text_of_digits(question: str, text: str) -> None:
    """«三月份» is no word that «3月1日» lacks."""
    words = default_tokenizer().words_in(text)
    made = make_query(
        question, question, frozenset(), default_tokenizer(), Synonyms([]), lambda _: 1.0
    )
    figures = [c for c in made.concepts if len(c.alternatives) > 1]
    assert figures
    assert any(concept.in_terms(words) for concept in figures)
