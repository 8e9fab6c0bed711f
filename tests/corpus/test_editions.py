"""Which document replaces which: by what it says, or by a title that differs in year alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus import Document, build_document, links_of, repeals
from corpus.editions import edition_title, same_body
from corpus.loading import source_of

BODY = "一、对象。新市民。\n二、期限。三天。\n"


def made(title: str, day: str, more: str = "", issuer: str = "云山县人民政府") -> Document:
    text = f"{title}\n\n{BODY}{more}\n{issuer}\n{day}\n"
    return build_document(source_of(text.encode(), f"{title}{day}.txt"))[0]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("云山县落户暂行办法", "云山县落户办法", True),
        ("云山县落户办法（试行）", "云山县落户办法（2024年修订）", True),
        ("云山县落户办法（2021年版）", "云山县落户办法（第二版）", True),
        ("云山县服务要点（2020—2022年）", "云山县服务要点（2023—2025年）", True),
        ("云山县落户办法", "云山县落户实施细则", False),
        ("云山县落户办法", "云山县入学办法", False),
    ],
)
def test_titles_of_editions(first: str, second: str, same: bool) -> None:
    assert (edition_title(first) == edition_title(second)) == same


def test_each_edition_leads_to_the_next() -> None:
    one = made("云山县落户暂行办法", "2019年3月1日")
    two = made("云山县落户办法", "2022年3月1日")
    three = made("云山县落户办法（2025年修订）", "2025年3月1日")
    links = links_of([three, one, two])
    assert links[one.doc_id].replaced_by == (two.doc_id,)
    assert links[two.doc_id].replaced_by == (three.doc_id,)
    assert three.doc_id not in links or not links[three.doc_id].replaced_by


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("本办法施行后，代替《云山县租住办法》。", ["replace"]),
        ("县政府对《云山县租住办法》进行了修订，形成本办法。", ["replace"]),
        ("《云山县租住办法》同时废止。", ["repeal"]),
        ("根据《云山县租住办法》（2019年修订），制定本办法。", []),
        ("具体标准见《云山县租住办法》。", []),
    ],
)
def test_what_is_said_of_another_document(sentence: str, kinds: list[str]) -> None:
    assert [repeal.kind for repeal in repeals(sentence)] == kinds
    old = made("云山县租住办法", "2019年3月1日")
    new = made("云山县安居办法", "2024年3月1日", f"三、其他。{sentence}\n")
    links = links_of([old, new]).get(old.doc_id)
    assert (links.replaced_by if links else ()) == ((new.doc_id,) if "replace" in kinds else ())
    assert (links.repealed_by if links else ()) == ((new.doc_id,) if "repeal" in kinds else ())


def test_an_older_document_ends_no_newer_one() -> None:
    """All editions share a title; the second one ends the first, not the third."""
    editions = [
        made("云山县落户办法", f"{year}年3月1日", "三、其他。原《云山县落户办法》同时废止。\n")
        for year in (2019, 2022, 2025)
    ]
    # Without a number they are one document to the store, so each gets an id of its own here.
    one, two, three = (replace(d, doc_id=str(n)) for n, d in enumerate(editions))
    links = links_of([one, two, three])
    assert links[one.doc_id].repealed_by == (two.doc_id, three.doc_id)
    assert links[two.doc_id].repealed_by == (three.doc_id,)
    assert links[three.doc_id].repealed_by == ()


def test_another_body_replaces_nothing() -> None:
    old = made("云山县租住办法", "2019年3月1日")
    new = made(
        "云山县安居办法", "2024年3月1日", "三、其他。代替《云山县租住办法》。\n", "云山县水利局"
    )
    links = links_of([old, new])
    assert old.doc_id not in links


def test_a_government_and_its_office_are_one_body() -> None:
    one = made("云山县甲办法", "2019年3月1日")
    office = made("云山县乙办法", "2019年3月1日", issuer="云山县人民政府办公室")
    bureau = made("云山县丙办法", "2019年3月1日", issuer="云山县水利局")
    assert same_body(one, office)
    assert not same_body(one, bureau)
    assert not same_body(one, replace(office, area="福建省"))
