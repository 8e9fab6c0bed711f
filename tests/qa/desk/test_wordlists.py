"""Word lists: checked line by line, saved whole, never over somebody else's work."""

from __future__ import annotations

import pytest

from index.lexicon_check import Fault
from qa.desk.desk import Desk
from qa.desk.errors import DeskError, MissingError, StaleError
from qa.desk.wordlists import tidy

GOOD = "食堂\t老年食堂\t养老托育\t口语\n"


def test_saved_and_read_again(desk: Desk) -> None:
    empty = desk.lists.read("synonyms.tsv")
    assert (empty.text, empty.entries) == ("", 0)
    saved = desk.save_list(
        "synonyms.tsv", "\ufeff" + GOOD.replace("\n", "\r\n"), empty.version, "林"
    )
    assert (saved.text, saved.entries) == (GOOD, 1)
    assert desk.shelf.listing().stale  # it counts from the next build on
    entry = desk.audit.entries()[0]
    assert (entry.action, entry.target, entry.detail["lines"]) == (
        "lexicon",
        "居民说法",
        ["+" + GOOD.rstrip("\n")],
    )
    with pytest.raises(DeskError, match="没有改动"):
        desk.save_list("synonyms.tsv", GOOD, saved.version, "林")


def test_not_over_what_somebody_else_saved(desk: Desk) -> None:
    base = desk.lists.read("synonyms.tsv").version
    desk.save_list("synonyms.tsv", GOOD, base, "林")
    with pytest.raises(StaleError, match="别人已经改过"):
        desk.save_list("synonyms.tsv", "饭堂\t老年食堂\n", base, "陈")
    assert desk.lists.read("synonyms.tsv").text == GOOD


@pytest.mark.parametrize(
    ("name", "text", "line", "fault"),
    [
        ("synonyms.tsv", "# 注\n食堂 老年食堂\n", 2, Fault.FORMAT),
        ("synonyms.tsv", GOOD + GOOD, 2, Fault.REPEATED),
        ("synonyms.tsv", GOOD + "食堂\t公租房\n", 2, Fault.CONFLICT),
        ("synonyms.tsv", "食堂\t没人这样写的话\n", 1, Fault.DEAD),
        ("words.tsv", "老年食堂\n老年食堂\n", 2, Fault.REPEATED),
        ("words.tsv", "老年饭堂\n", 1, Fault.DEAD),
        ("stopwords.tsv", "请问\n请问\n", 2, Fault.REPEATED),
        ("stopwords.tsv", "请问\t虚词\n", 1, Fault.FORMAT),
    ],
)
def test_findings_name_the_line(desk: Desk, name: str, text: str, line: int, fault: Fault) -> None:
    checked = desk.lists.check(name, text)
    assert (line, fault) in {(f.line, f.fault) for f in checked.findings}
    assert checked.errors == sum(f.fault.error for f in checked.findings)


def test_errors_are_not_saved(desk: Desk) -> None:
    base = desk.lists.read("synonyms.tsv").version
    with pytest.raises(DeskError, match="还有 1 处错误"):
        desk.save_list("synonyms.tsv", "食堂 老年食堂\n", base, "林")
    assert desk.lists.read("synonyms.tsv").text == ""
    assert desk.audit.entries() == ()


def test_a_stop_word_that_is_an_official_word(desk: Desk) -> None:
    desk.save_list("synonyms.tsv", GOOD, desk.lists.read("synonyms.tsv").version, "林")
    (finding,) = desk.lists.check("stopwords.tsv", "老年食堂\n").findings
    assert finding.fault is Fault.CONFLICT
    found = desk.lists.check("synonyms.tsv", GOOD).findings
    assert not any(finding.fault.error for finding in found)


def test_other_files_are_out_of_reach(desk: Desk) -> None:
    for name in ("../corpus.sqlite3", "divisions.tsv", ""):
        with pytest.raises(MissingError):
            desk.lists.read(name)
        with pytest.raises(MissingError):
            desk.save_list(name, GOOD, "", "林")


def test_too_much(desk: Desk) -> None:
    with pytest.raises(DeskError, match="太大"):
        desk.lists.check("words.tsv", "字" * 2_000_001)


def test_tidy() -> None:
    assert tidy("\ufeff\n a\tb \t\r\nc\n\n\n") == " a\tb\nc\n"
    assert tidy(" \n\n") == ""
