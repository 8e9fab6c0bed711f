"""The word lists of a home: read, checked line by line, and saved whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.lexicon import FILES, FOLDER, lexicon_from
from index.lexicon_check import Fault, Finding, check_synonyms, check_words, read_rows
from index.tokens import search_form
from qa.desk.errors import DeskError, MissingError, StaleError
from qa.search.export import write

if TYPE_CHECKING:
    from corpus import CorpusStore

TITLES: Final = {
    "synonyms.tsv": "居民说法",
    "words.tsv": "用户词典",
    "stopwords.tsv": "停用词",
}
LARGEST: Final = 2_000_000  # characters; the shipped list of 5,300 lines has 0.2 million
_SHOWN: Final = 500  # findings; whoever has more mends those first
_KEPT_LINES: Final = 400  # changed lines that the record of changes keeps


@dataclass(frozen=True, slots=True)
class WordList:
    """One list as stored: ``version`` is the SHA-256 of its text, ``entries`` the lines in use."""

    name: str
    text: str
    version: str
    entries: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a text; ``errors`` of the findings have to be mended before saving."""

    findings: tuple[Finding, ...]
    errors: int
    more: int


def tidy(text: str) -> str:
    """The text as it is stored: one kind of line end, no byte order mark, no blanks at the end."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.rstrip(" \t") for line in plain.split("\n")]
    joined = "\n".join(lines).strip("\n")
    return f"{joined}\n" if joined else ""


class WordLists:
    """The lists of one home. What checking needs of the documents is kept until they change."""

    def __init__(self, home: Path, store: CorpusStore) -> None:
        self._home = home
        self._store = store
        self._lock = threading.Lock()
        self._known: tuple[object, tuple[str, ...]] | None = None

    def read(self, name: str) -> WordList:
        """One list by the name of its file.

        :raises MissingError: for a name that is no list.
        :raises DeskError: when the file is not UTF-8 text.
        """
        path = self._path(name)
        try:
            text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        except UnicodeDecodeError:
            raise DeskError(f"{path.name} 不是 UTF-8 文本，请先在服务器上另存为 UTF-8。") from None
        return WordList(name, text, _version(text), len(read_rows(text)))

    def texts(self) -> dict[str, str]:
        """Texts of all lists, by the names of their files."""
        return {name: self.read(name).text for name in FILES}

    def changed(self, name: str, text: str) -> dict[str, str]:
        """Texts of all lists with another text for one of them.

        :raises DeskError: when it is too long.
        """
        self._path(name)
        if len(text) > LARGEST:
            raise DeskError(f"词表太大，上限是 {LARGEST // 10_000} 万字。请拆分后再试。")
        return {**self.texts(), name: tidy(text)}

    def check(self, name: str, text: str) -> Checked:
        """Look over a text line by line, before it is saved.

        :raises DeskError: when it is too long.
        """
        texts = self.changed(name, text)
        found = sorted(self._findings(name, texts), key=lambda f: (not f.fault.error, f.line))
        errors = sum(finding.fault.error for finding in found)
        return Checked(tuple(found[:_SHOWN]), errors, max(0, len(found) - _SHOWN))

    def save(self, name: str, text: str, base: str) -> tuple[WordList, tuple[str, ...]]:
        """Save a list; return it and the lines that changed (``+`` and ``-``).

        :param base: version of the list that was edited.
        :raises StaleError: when somebody else has saved meanwhile.
        :raises DeskError: when there are errors in it, or nothing changed.
        """
        new = self.changed(name, text)[name]
        with self._lock:
            old = self.read(name)
            if old.version != base:
                raise StaleError(
                    "您打开以后，别人已经改过这份词表。请先复制您的改动，刷新后再填进去。"
                )
            if new == old.text:
                raise DeskError("没有改动，不用保存。")
        errors = self.check(name, new).errors
        if errors:
            raise DeskError(f"还有 {errors} 处错误，没有保存。请按下面的提示改好再保存。")
        with self._lock:
            path = self._path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, new.encode())
        changed = [
            line for line in unified_diff(old.text.split("\n"), new.split("\n"), n=0, lineterm="")
            if line[:1] in "+-" and line[:3] not in ("+++", "---")
        ]  # fmt: skip
        return self.read(name), tuple(changed[:_KEPT_LINES])

    def _path(self, name: str) -> Path:
        if name not in FILES:
            raise MissingError(f"没有名为「{name[:40]}」的词表，可用：{'、'.join(FILES)}。")
        return self._home / FOLDER / name

    def _findings(self, name: str, texts: Mapping[str, str]) -> list[Finding]:
        lexicon = lexicon_from(*(texts[file] for file in FILES))
        passages = self._passages()
        if name == "synonyms.tsv":
            rows = read_rows(texts[name])
            return check_synonyms(rows, lexicon.tokenizer.stop_words, passages)
        joined = "\n".join(passages)
        if name == "words.tsv":
            return check_words(texts[name], lexicon.tokenizer, lambda word: word in joined)
        return _check_stop_words(texts)

    def _passages(self) -> tuple[str, ...]:
        """Texts of the clauses in search form."""
        key = tuple(self._store.versions().items())
        with self._lock:
            if self._known is None or self._known[0] != key:
                texts = tuple(search_form(clause.text) for clause in self._store.clauses())
                self._known = key, texts
            return self._known[1]


def _check_stop_words(texts: Mapping[str, str]) -> list[Finding]:
    """Stop words that are given twice, or that are the official words of a synonym."""
    official = {word for row in read_rows(texts["synonyms.tsv"]) for word in row.official}
    found: list[Finding] = []
    seen: dict[str, int] = {}
    for row in read_rows(texts["stopwords.tsv"]):
        word = row.resident
        first = seen.setdefault(word, row.line)
        if first != row.line:
            found.append(Finding(row.line, word, Fault.REPEATED, f"第 {first} 行已有"))
        if row.columns > 1:
            found.append(Finding(row.line, word, Fault.FORMAT, "每行只写一个词"))
        if word in official:
            detail = "它是居民说法表里的官方用语，停用后就查不到了"
            found.append(Finding(row.line, word, Fault.CONFLICT, detail))
    return found


def _version(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
