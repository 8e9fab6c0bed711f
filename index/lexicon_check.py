"""What is wrong or doubtful in a synonym file or a user dictionary, line by line."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.synonyms import GAP
from index.tokens import Tokenizer, search_form

_LEAST = 2  # characters of an expression; a single one stands inside too many words
_LONGEST_OFFICIAL = 12  # characters of a word that documents write
_LEAST_GAPPED = 3  # characters of an expression with a gap, without the gap
_COMMON = 0.1  # share of all passages: an expression that stands in more says little by itself


class Fault(StrEnum):
    """Kinds of findings. The first three are errors, the others are to be looked at."""

    FORMAT = "格式不对"
    REPEATED = "重复"
    CONFLICT = "冲突"
    GENERAL = "过于笼统"
    DEAD = "文件里没有"
    SPLIT = "仍被切开"

    @property
    def error(self) -> bool:
        """Whether the file has to be mended."""
        return self in (Fault.FORMAT, Fault.REPEATED, Fault.CONFLICT)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the line (from 1), the word it is about, and what is the matter."""

    line: int
    word: str
    fault: Fault
    detail: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a synonym file, in search form."""

    line: int
    resident: str
    official: tuple[str, ...]
    columns: int


def read_rows(text: str) -> list[Row]:
    """Read the lines of a synonym file, whatever they hold; comments and blank ones left out."""
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = line.split("\t")
        official = columns[1].split() if len(columns) > 1 else []
        words = tuple(search_form(word) for word in official)
        rows.append(Row(number, search_form(columns[0].strip()), words, len(columns)))
    return rows


def check_synonyms(
    rows: Sequence[Row], stop_words: Container[str], passages: Sequence[str]
) -> list[Finding]:
    """Check the lines of a synonym file against one another and against the documents.

    :param passages: texts of the documents in search form; none leaves out what needs them.
    """
    seen: dict[str, Row] = {}
    found: list[Finding] = []
    everything = "\n".join(passages)
    for row in rows:
        found += _form(row, stop_words)
        found += _again(row, seen.setdefault(row.resident, row))
        if passages and row.official:
            found += _in_documents(row, passages, everything)
    return found


def _form(row: Row, stop_words: Container[str]) -> Iterator[Finding]:
    def say(fault: Fault, detail: str) -> Finding:
        return Finding(row.line, row.resident, fault, detail)

    parts = row.resident.split(GAP)
    if row.columns < 2 or not row.official:
        yield say(Fault.FORMAT, "缺官方用语：各列之间用制表符分隔")
    if not all(parts):
        yield say(Fault.FORMAT, "「…」的前后都要有字" if row.resident else "缺居民说法")
    if row.resident in row.official:
        yield say(Fault.CONFLICT, "说法和官方用语相同")
    for word in row.official:
        if word in stop_words:
            yield say(Fault.CONFLICT, f"官方用语「{word}」是停用词，不会被查找")
        if len(word) > _LONGEST_OFFICIAL:
            yield say(Fault.FORMAT, f"官方用语「{word}」太长，请拆成词")
    length = sum(map(len, parts))
    if all(parts) and length < (_LEAST_GAPPED if len(parts) > 1 else _LEAST):
        yield say(Fault.GENERAL, f"只有 {length} 个字，会在别的词里碰上")


def _again(row: Row, first: Row) -> Iterator[Finding]:
    if first is row:
        return
    if first.official == row.official:
        yield Finding(row.line, row.resident, Fault.REPEATED, f"第 {first.line} 行已有")
    else:
        theirs = " ".join(first.official)
        detail = f"第 {first.line} 行写作「{theirs}」，请并成一行"
        yield Finding(row.line, row.resident, Fault.CONFLICT, detail)


def _in_documents(row: Row, passages: Sequence[str], everything: str) -> Iterator[Finding]:
    if not any(word in everything for word in row.official):
        detail = f"没有文件写「{'」「'.join(row.official)}」"
        yield Finding(row.line, row.resident, Fault.DEAD, detail)
    if GAP not in row.resident and row.resident in everything:
        share = sum(row.resident in passage for passage in passages) / len(passages)
        if share > _COMMON:
            detail = f"{share:.0%} 的条款里本来就有"
            yield Finding(row.line, row.resident, Fault.GENERAL, detail)


def check_words(
    text: str, tokenizer: Tokenizer, stands: Callable[[str], bool] = lambda word: True
) -> list[Finding]:
    """Check a user dictionary: words given twice, and words that are cut in pieces all the same.

    :param tokenizer: one that has these words.
    :param stands: whether a word stands in the documents.
    """
    found: list[Finding] = []
    seen: dict[str, int] = {}
    for row in read_rows(text):
        word = row.resident
        first = seen.setdefault(word, row.line)
        if first != row.line:
            found.append(Finding(row.line, word, Fault.REPEATED, f"第 {first} 行已有"))
        pieces = tokenizer.cutter.cut(word, False)
        if pieces != [word]:
            found.append(Finding(row.line, word, Fault.SPLIT, f"切成 {' '.join(pieces)}"))
        if not stands(word):
            found.append(Finding(row.line, word, Fault.DEAD, "没有文件写这个词"))
    return found
