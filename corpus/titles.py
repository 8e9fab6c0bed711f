"""Titles of documents and what kind of document they announce."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.blocks import TYPES, Kind
from corpus.gazetteer import Gazetteer
from corpus.identity import normalise
from corpus.parsing.labels import ANNEX
from corpus.parsing.lines import Line

KINDS = (
    "工作要点", "实施意见", "指导意见", "若干意见", "实施方案", "行动方案", "行动计划",
    "工作方案", "实施细则", "管理办法", "暂行办法", "通知", "意见", "办法", "方案", "要点",
    "规定", "细则", "条例", "决定", "公告", "通告", "批复", "规划", "计划", "纲要", "措施",
    "规则", "规程", "指南", "须知", "解读", "问答", "准则", "预案", "公报",
    "报告", "章程", "标准", "目录", "清单", "函",
    "法",
)  # fmt: skip
OTHER = "其他"
_BOOK = re.compile(r"《(?P<name>[^《》]{2,80}(?:《[^《》]*》[^《》]*)?)》")
_ANNOUNCED = re.compile(
    r"(?:印发|发布|公布|转发|批转|颁布)[《〈]?(?P<name>.+?)[》〉]?(?:的(?:通知|公告|通告|决定|令))?\Z"
)
_LEADS = ("关于", "印发", "转发", "批转")
_ENDED = re.compile(rf"(?:{TYPES})(?:[（(].*[）)]|[》”])*\Z")
_DECREE = re.compile(
    r"令(?:第.{1,6}号)?\Z|第.{1,8}号令?\Z|(?:代表大会|常务委员会|常委会)公告(?:.{0,4}第.{1,6}号)?\Z"
)  # 某市人民政府令, 某市人民代表大会常务委员会公告
_NOTICE = re.compile(
    r"[\u4e00-\u9fff]{2,30}(?:政府|局|委员会|厅|部|署|院|中心|办公室)(?:公告|通告)"
)  # 某市某某局公告
_PROMULGATES = re.compile(
    rf"{_DECREE.pattern}|(?:批准|公布|颁布)《.+》的?(?:决定|公告|决议)?\Z|公告\Z"
)  # papers that put another one in force
_FORCE = re.compile(r"(?:现|予以|予)[予以]?(?:公布|发布|批准)|公布施行|发布施行")
_AMENDED = re.compile(r"(?:修改|修订|修正)\s*《(?P<name>[^《》]{4,60})》")
_REGULATION = re.compile(r"(?:条例|办法|规定|规则|细则|决定|法)(?:[（(].*[）)])?\Z")
_BEFORE = re.compile(
    r"\A(?:[_＿\s]+|原?标题[：:]|附件?\s*[\d一二三四五六七八九十]{0,3}\s*[：:]|【标题】|\[[\u4e00-\u9fff]{2,4}\])+"
)  # what pages and collections put before a title
_PLACE = 8  # characters of a line that may be a place alone
_OWN_NUMBER = re.compile(
    r"[（(]?[\u4e00-\u9fff]{1,14}[〔\[（(【［]\d{4}年?[〕\]）)】］](?:第)?\d{1,5}号[)）]?\Z"
)  # …的通知（武劳社〔2006〕93号）
_WHOLE = re.compile(r"[（(【\[]?(?:全文|正文)[）)】\]]?\Z")  # …的若干意见(全文)
_IN_MARKS = re.compile(r"《(?P<name>[^《》〈〉]+)》")
_MADE = re.compile(
    r"(?:制定|形成|起草|出台|印发|制订|公布|发布|研究|编制)(?:出台|制定|印发|形成|起草|发布)*了?\s*《(?P<name>[^《》]{6,80})》"
)


def title_of(lines: Sequence[Line], kinds: Sequence[Kind], stated: str | None) -> str:
    """Title from the page table, else the first title lines, joined; empty if there is none."""
    if stated and len(stated) > 3:
        return tidy(stated)
    runs: list[str] = []
    joins = False
    for index, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        leads = kind == Kind.SIGN and _leads(lines, kinds, index)
        if ANNEX.fullmatch(line.text):
            joins = False
            continue
        if (kind == Kind.TITLE and not _is_no_title(line.text)) or leads:
            if joins and not _complete(runs[-1], line.text):
                runs[-1] += line.text
            else:
                runs.append(line.text)
            joins = True
        else:
            joins = False
    titles = [tidy(run) for run in runs]
    titles = [title for title in titles if title and not ANNEX.fullmatch(title)]
    if len(titles) > 1 and _NOTICE.fullmatch(titles[0]) and titles[1].startswith("关于"):
        titles = titles[1:]  # what it is about stands below who announces it
    own = [title for title in titles if not _DECREE.search(title)]
    if own and any(_ENDED.search(title) for title in own):
        titles = own  # the decree that puts a regulation in force is not its title
    return next((title for title in titles if _ENDED.search(title)), titles[0] if titles else "")


def _leads(lines: Sequence[Line], kinds: Sequence[Kind], index: int) -> bool:
    """Whether a body, or the last of several below one another, is followed by 关于…."""
    for line, kind in zip(lines[index + 1 :], kinds[index + 1 :], strict=True):
        if kind != Kind.SIGN:
            return line.text.startswith(_LEADS)
    return False


def _is_no_title(line: str) -> bool:
    """Whether a short line is a row of a table, a place alone (西城区), or a page's address."""
    place = Gazetteer.load().path_of(line) if len(line) <= _PLACE else None
    return "\t" in line or "://" in line or place is not None


def enacted_title(lines: Sequence[Line], kinds: Sequence[Kind], title: str, file: str = "") -> str:
    """Name of the regulation that a promulgating paper puts in force: its title, not the paper's.

    ``file`` may tell it where the paper does not. Empty where the title is no such paper's.
    """
    if not _PROMULGATES.search(title):
        return ""
    said = [
        title,
        *(line.text for line, kind in zip(lines, kinds, strict=True) if kind == Kind.BODY),
    ]
    for text in said:
        if text != title and not _FORCE.search(text):
            continue
        amended = _AMENDED.search(text)  # the amended text follows, not the amendment
        names = [amended["name"]] if amended else [match["name"] for match in _BOOK.finditer(text)]
        found = next((name for name in names if _REGULATION.search(name)), "")
        if found:
            return tidy(found)
    return file if _REGULATION.search(file) else ""


def _complete(run: str, following: str) -> bool:
    """Whether a title is whole already, so that the next title line begins another."""
    return bool(_ENDED.search(tidy(run))) and not following.startswith(("（", "(", "的", "——"))


def tidy(title: str) -> str:
    """Return a title without the spaces and marks of its page."""
    title = re.sub(
        r"(?<=[\u4e00-\u9fff（）()《》“”、])[\s　]+|[\s　]+(?=[\u4e00-\u9fff（）()《》“”、])",
        "",
        title,
    )
    title = _BEFORE.sub("", title.strip())
    title = _WHOLE.sub("", _OWN_NUMBER.sub("", title)).strip("#*_ 　")
    book = _IN_MARKS.fullmatch(title)
    return book["name"] if book else title


def kind_of(title: str) -> str:
    """Kind of document: for «关于印发X方案的通知» that of the X that is announced."""
    announced = _ANNOUNCED.search(title)
    for name in filter(None, (announced["name"] if announced else None, title)):
        bare = re.sub(r"[（(][^（）()]*[）)]|[\d\s—\-年》〉”]+\Z", "", name).rstrip("》〉” ")
        found = [kind for kind in KINDS if bare.endswith(kind)]
        if found:
            return max(found, key=len)
    kinds = [kind for kind in KINDS if len(kind) > 1]  # 法 and 函 are parts of many words
    last = max(kinds, key=lambda kind: (title.rfind(kind), len(kind)))
    return last if last in title else OTHER


def interpreted_title(text: str) -> str:
    """«《X》政策解读» for a 解读 without a title, where X is the document it explains."""
    names = [match["name"] for match in _BOOK.finditer(text)]
    if not names:
        return ""
    counts = Counter(normalise(name) for name in names)
    short = [name for name in counts if len(name) <= 8 and counts[name] >= 2]
    made = {normalise(match["name"]) for match in _MADE.finditer(text)}

    def centrality(name: str) -> tuple[bool, bool, int, int]:
        plain = normalise(name)
        ends = any(plain.endswith(word) and plain != word for word in short)
        return ends, plain in made, counts[plain], -names.index(name)

    long = [name for name in names if len(normalise(name)) > 8] or names
    return f"《{max(long, key=centrality)}》政策解读"
