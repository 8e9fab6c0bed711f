"""The lexicon: what a home adds, what the check finds, how characters sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexicon import lexicon_of
from index.lexicon_check import Fault, check_synonyms, check_words, read_rows
from index.sounds import looks_like, near_sound, readings, same_sound, sound_keys, typed
from index.synonyms import parse_words, shipped_synonyms
from index.tokens import Tokenizer, default_tokenizer, read_words

PASSAGES = ("推动农业转移人口落户。", "建设保障性租赁住房。", "居住证持有人入学。")


def faults(text: str, passages: Sequence[str] = PASSAGES) -> list[tuple[str, Fault]]:
    """Check a synonym file; 政策 is a stop word."""
    return [(f.word, f.fault) for f in check_synonyms(read_rows(text), {"政策"}, passages)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("上户口\t落户\t落户\t口语", [], id="good"),
        pytest.param("# 说明\n\n上户口\t落户", [], id="comment-and-blank"),
        pytest.param("上户口 落户", [("上户口 落户", Fault.FORMAT)], id="blank-for-tab"),
        pytest.param("户口…\t落户", [("户口...", Fault.FORMAT)], id="nothing-after-the-gap"),
        pytest.param(
            "上户口\t落户\n上户口\t落户", [("上户口", Fault.REPEATED)], id="the-same-line-again"
        ),
        pytest.param(
            "上户口\t落户\n上戶口\t入学", [("上户口", Fault.CONFLICT)], id="traditional-script"
        ),
        pytest.param("入户\t落户 入户", [("入户", Fault.CONFLICT)], id="itself"),
        pytest.param("文件\t政策 落户", [("文件", Fault.CONFLICT)], id="stop-word"),
        pytest.param("办\t落户", [("办", Fault.GENERAL)], id="one-character"),
        pytest.param("办…户\t落户", [("办...户", Fault.GENERAL)], id="two-around-a-gap"),
        pytest.param("住房\t落户", [("住房", Fault.GENERAL)], id="documents-say-it"),
        pytest.param("坐飞机\t民航", [("坐飞机", Fault.DEAD)], id="no-document-says-it"),
        pytest.param("坐飞机\t民航 落户", [], id="one-official-word-will-do"),
    ],
)
def test_check_finds(text: str, found: list[tuple[str, Fault]]) -> None:
    """Every kind of finding, and what is none."""
    assert faults(text) == found


def test_check_without_documents() -> None:
    """What needs the documents is left out where there are none."""
    assert faults("坐飞机\t民航", ()) == []


def test_words_that_are_cut_all_the_same() -> None:
    """A word with a blank or a mark in it is never cut whole."""
    tokenizer = Tokenizer(["保障性租赁住房"])
    found = check_words("保障性租赁住房\n一老、一小\n保障性租赁住房", tokenizer)
    assert [(f.line, f.fault) for f in found] == [(2, Fault.SPLIT), (3, Fault.REPEATED)]


def test_shipped_files_have_no_errors() -> None:
    """The shipped lines do not contradict one another."""
    rows = read_rows(shipped_synonyms())
    assert len(rows) > 3000
    found = check_synonyms(rows, default_tokenizer().stop_words, ())
    assert [f for f in found if f.fault.error] == []


def test_home_adds_synonyms(tmp_path: Path) -> None:
    """Lines of the home come on top of the shipped ones and change the identity of the index."""
    plain = lexicon_of(tmp_path)
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "synonyms.tsv").write_text("\ufeff办大事\t落户\t落户\t口语\n", "utf-8")
    own = lexicon_of(tmp_path)
    assert [e.official for e in own.synonyms.find("想办大事")] == [("落户",)]
    assert own.synonyms.find("上户口") == plain.synonyms.find("上户口") != ()
    assert own.digest != plain.digest
    assert plain.synonyms.find("想办大事") == ()


def test_home_adds_words(tmp_path: Path) -> None:
    """User words and stop words of the home count in that home only."""
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "words.tsv").write_text("暖心有鲤\n", encoding="utf-8")
    (tmp_path / "lexicon" / "stopwords.tsv").write_text("全区\n", encoding="utf-8")
    terms = lexicon_of(tmp_path).tokenizer.terms("全区办暖心有鲤")
    assert "暖心有鲤" in terms
    assert "全区" not in terms
    assert "全区" in default_tokenizer().terms("全区办暖心有鲤")


def test_misspelt_lines_give_no_words() -> None:
    """A slip is looked up, but it is no word to correct others to."""
    words = parse_words("落互\t落户\t落户\t错字\n户口…迁\t户口迁移\t落户\t口语\n")
    assert words == ("落户", "户口迁移", "户口", "迁")
    assert parse_words("户口办过来\t落户\t落户\t说法\n") == ("落户",)


def test_every_syllable_line_is_read() -> None:
    """Common characters have their readings, the most common one first."""
    assert readings("给") == ("gei", "ji")
    assert readings("a") == ("a",)
    assert typed("落户") == "luohu"
    assert len(read_words("syllables.tsv")) > 400


@pytest.mark.parametrize(
    ("one", "other", "same", "near"),
    [
        pytest.param("互", "户", True, True, id="same"),
        pytest.param("主", "祖", False, True, id="zh-z"),
        pytest.param("里", "你", False, True, id="l-n"),
        pytest.param("湖", "福", False, True, id="h-f"),
        pytest.param("陈", "成", False, True, id="en-eng"),
        pytest.param("户", "库", False, False, id="other"),
    ],
)
def test_sounds(one: str, other: str, same: bool, near: bool) -> None:
    """Exact and fuzzy sound."""
    assert same_sound(one, other) is same
    assert near_sound(one, other) is near


@given(st.text(alphabet="落户互给单行你里abc", min_size=1, max_size=6))
def test_a_word_sounds_like_itself(word: str) -> None:
    """Keys are never empty, and near words share one."""
    assert sound_keys(word)
    assert all(near_sound(character, character) for character in word)


def test_looks_like_is_mutual() -> None:
    """人 is taken for 入 and the other way round."""
    assert "入" in looks_like("人")
    assert "人" in looks_like("入")
    assert looks_like("落") == ""
