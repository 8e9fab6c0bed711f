"""Places of the corpus written as they sound, whether the dictionary has their name or not."""

from __future__ import annotations

import pytest

from corpus import Gazetteer
from index.synonyms import default_synonyms
from qa.service import Service
from qa.spelling import Speller
from qa.vocabulary import speller_for

AREAS = (
    "福建省/泉州市/鲤城区",
    "福建省/三明市",
    "山东省/菏泽市/成武县",
    "山东省/青岛市/李沧区",
    "山东省/威海市/环翠区",
    "江苏省/无锡市/梁溪区",
    "辽宁省/抚顺市/望花区",
)


@pytest.fixture(scope="module")
def speller(town_by_words: Service) -> Speller:
    """A speller over the invented documents, as if they were of these areas."""
    gazetteer = Gazetteer.load()
    assert all(gazetteer.path_of(area.rsplit("/", 1)[-1]) for area in AREAS)
    return speller_for(town_by_words.index, AREAS, gazetteer, default_synonyms())


@pytest.mark.parametrize(
    ("question", "right"),
    [
        pytest.param("李城怎么落户", "鲤城怎么落户", id="surname-first"),
        pytest.param("里城怎么落户", "鲤城怎么落户", id="localiser-first"),
        pytest.param("我在里城租房", "我在鲤城租房", id="localiser-after-a-preposition"),
        pytest.param("里城区怎么落户", "鲤城区怎么落户", id="with-its-suffix"),
        pytest.param("理城有没有老年食堂", "鲤城有没有老年食堂", id="another-topic"),
        pytest.param("李城", "鲤城", id="alone"),
        pytest.param("三鸣怎么落户", "三明怎么落户", id="in-the-dictionary"),
        pytest.param("城武怎么落户", "成武怎么落户", id="county"),
        pytest.param("李苍怎么落户", "李沧怎么落户", id="李沧"),
        pytest.param("环脆怎么落户", "环翠怎么落户", id="环翠"),
        pytest.param("良溪怎么落户", "梁溪怎么落户", id="梁溪"),
        pytest.param("旺花怎么落户", "望花怎么落户", id="望花"),
    ],
)
def test_a_place_is_known_by_its_sound(speller: Speller, question: str, right: str) -> None:
    found = speller.correct(question)
    assert found.text == right
    assert found.changes


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("荔城怎么落户", id="another-place"),
        pytest.param("黎城怎么落户", id="another-county"),
        pytest.param("历城怎么落户", id="another-district"),
        pytest.param("家里城里都有房", id="localiser-behind-its-word"),
        pytest.param("城里怎么落户", id="another-order"),
        pytest.param("这里城镇化率多少", id="localiser-before-a-word"),
        pytest.param("丽城小区的孩子上哪个学校", id="housing-estate"),
        pytest.param("李城先生怎么落户", id="person"),
        pytest.param("鲤城建了多少公租房", id="right-beside-another-word"),
        pytest.param("三名子女怎么落户", id="number-of-people"),
        pytest.param("良师怎么落户", id="common-word"),
    ],
)
def test_what_is_known_by_itself_stays(speller: Speller, question: str) -> None:
    assert speller.correct(question).changes == ()


def test_a_place_that_the_corpus_does_not_cover_is_not_meant(town_by_words: Service) -> None:
    """The mechanism knows the areas of the corpus and no list of names."""
    engine = town_by_words.engine
    assert engine.read("李城怎么落户").changes == ()
    (change,) = engine.read("远按怎么落户").changes
    assert (change.wrong, change.right) == ("远按", "远安")
