"""Make the last question of a chat stand alone: ellipsis, pronouns, a place said before.

A follow-up is one of four kinds, told apart by what it brings itself:

- another place only («那成武呢»): the earlier question, asked of that place;
- another ask only («归谁管», «具体多少套»): the earlier topic, with this ask;
- another topic only («那医保呢»): this topic, with the earlier place and ask;
- a whole question: only the place is carried over, so a new topic is not dragged back.

«还有别的吗» asks the earlier question once more, for what was not shown yet.

Between the last two lies a short question with a topic of its own («水厂要几个»): it stands, but
the earlier question is kept as its context, which retrieval weighs less.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.tokens import Tokenizer, search_form
from qa import smalltalk
from qa.asks import Ask, ask_spans, asked_for, without_asks
from qa.kinds import kinds
from qa.places import PlaceFinder, without_places

MAX_TURNS = 5  # earlier questions that are looked at
_NEW_TOPIC = re.compile(
    r"^.{0,4}(?:不说(?:这个|那个)了|(?:算了)?[,，]?不问(?:这个|那个|这些)了?|算了|不管(?:这个|那个)了|先不管(?:这个|那个)|换个(?:事|问题|话题)|问(?:个|点)?别的|另外(?:问|一件)|再问件)[^,，。]{0,3}[,，。：:\s]*"
)
_OPENING = re.compile(
    r"^(?:嗯+|哦+|好的?|对了|那么|那(?![个些种样边里儿时])|要是|如果|假如|假设|还有|另外|然后|再问(?:一下|个)?|再?打听一?下|顺便问一?下?|请问)[,，、\s]*"
)
_CORRECTION = re.compile(
    r"^不是[^,，。]{1,8}[,，]\s*(?:我(?:问|说)的)?是|^我(?:问|说)的不是[^,，]{0,4}[,，]\s*(?:我(?:问|说)的)?是|"
    r"^(?:不是|不对|错了|说错了|搞错了|打错了)[,，。！!\s]+(?:我?(?:是)?(?:想|要)?(?:问|说)(?:的是|的|一下)?|应该是|是)?[,，\s]*|"
    r"^我(?:问|说)的是[,，\s]*"
)
# «我问的是小学不是高中»: what was not meant is no part of the question.
_NOT_MEANT = re.compile(
    r"^(?:我?(?:问|说)的是)?(?P<meant>[^,，。?？]{2,14}?)[,，]?\s*(?:而|又|可)?不是(?:问|说)?[^,，。?？吗吧]{1,8}[。!！]?$"
)
_YEAR = re.compile(r"20\d\d年?")
_AGAIN = re.compile(r"原文|原话|全文|再说一遍|怎么写的|怎么规定的|出处")
_POINTING = re.compile(
    r"该(?:行动|政策|项|措施|办法|方案|规定|工程|计划)|上述|(?:^|(?<=[,，]))(?:这个|那个|这些|那些)|(?:这个|那个|这些|那些)(?=[,，?？]|$|归|找|怎么|要|是|在|能|有|谁|哪|多|几|咋)|它|这事|那事|这件事|这条|那条|这项|那项|刚才|刚刚|上面|前面|上一条|这块|这方面|这样|这种|"
    r"这里面|其中|该政策|这政策|这规定|这笔|这套|这类|他们|她们|人家"
)
# What is asked of a document as such, not of the matter that was spoken of. A bare 它 may be a
# card that expires; only a document is drafted, issued or lasts «until which year».
_DRAFTED = r"起草|印发|出台|施行|废止|管到(?:哪|什么|几|多)|管(?:几|多少)年"
_OF_DOCUMENT: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"(?:上面|刚才)?[这那该本][个份项套]?(?:文件|方案|办法|通知|要点|意见|规定|政策)"
        ),
        re.compile(rf"{_DRAFTED}|有效期|发布|生效|作废|过期|到期"),
    ),
    (re.compile("它"), re.compile(_DRAFTED)),
)
_POINTS_FIRST = re.compile(
    r"^[这那](?=归|由|是|要|得|该|能|在|怎|多|几|有|什|找|属|谁|哪|咋|算|给|可)"
)
_MORE = re.compile(
    r"^(?:那|请问|嗯|哦|好的?)?[,，]?(?:还有|有没有|有)(?:没有)?(?:别的|其他的?|其它的?|更多的?|另外的)?(?:了|呢|吗|么|没|没有|条款|内容|规定|政策|说法)*[?？。!！\s]*$|"
    r"^(?:别的|其他的?|其它的?|另外的|更多|再来一条|下一条|换一条)(?:条款|内容|规定|政策)?(?:呢|吗|有吗|有没有)?[?？。!！\s]*$"
)
_NUMBERED = re.compile(
    r"^(?:那|请问)?第([二三四五2-5])(?:条|个|款)(?:呢|是什么|说什么|讲什么|写的什么|怎么说)?[?？。!！\s]*$"
)
_PREDICATE = re.compile(
    r"(?:能不能|可不可以|要不要|用不用|需不需要|有没有|(?<![技功智性才])能|可以|可否|要|需要|有)"
    r"[^,，。？?]{0,8}[吗嘛么不没]?$"
)
_LOOSE_END = re.compile(r"(?:有|要|是|的|在|能|得|会|到|给|大概|一共|[,，、\s])+$")
# Asks whose words only ask; «限制», «材料», «学费» name a topic as well.
_ONLY_ASKS = frozenset(
    {
        Ask.UNIT,
        Ask.FIGURE,
        Ask.DURATION,
        Ask.DATE,
        Ask.AGE,
        Ask.PHONE,
        Ask.PERSON,
        Ask.NAMED,
        Ask.PAYER,
    }
)
_NUMERALS = "一二三四五"
_PERSON = 8  # characters: a follow-up this short may only swap the person
_SHORT = 14  # characters: a follow-up this short is understood from what came before
_TRAILING = re.compile(
    r"(?:那边|那里|这边|那儿|方面|的话|又)?(?:呢|呐|咧|嘞|怎么样|咋样|怎样|如何)?[?？。!！~～\s]*$"
)
_FILLER = re.compile(
    r"^(?:换成?|改成?|再|也|的|给我|我|想|要|问问?|看看?|说说?|讲讲?|介绍|了解|一下|下|是)+$"
)
# Words that name no subject by themselves: what is done, counted or wanted with the earlier one.
_GENERIC = frozenset(
    re.findall(
        r"\S+",
        "办好 办完 办理 办成 申请 处理 安排 完成 实现 目标 开始 结束 情况 "
        "政策 规定 人员 地方 具体 大概 一共 总共 共有 全部 每年 今年 明年 "
        "去年 时候 时间 准备 需要 可以 知道 问题 事情 东西 部门 单位 哪里 "
        "那里 这里 那边 这边 那种 这种 意思 名称 数量 多少 比例 标准 要求 "
        "条件 牵头 解释 负责 主管 覆盖 覆盖率 达到 新增 新建 计划 打算 咨询 "
        "联系 电话 以上 以下 左右 下来 拿到 搞定 弄好 怎么 怎样 如何 什么 "
        "哪个 哪些 这个 那个 这些 那些 大家 我们 你们 别人 现在 以后 将来 "
        "详细 内容 主要 重点 包括 一般 到底 究竟 原来 文件 条款 依据 有效 "
        "明确 投入 一年 一个月 部们 专门 普通 ",
    )
)
_COUNTED = re.compile(
    r"^[\d一二三四五六七八九十百千万几两第]+[年月日天岁个次条项人户家所号点万元块%]*$"
)
# Words that say who is asking about, not what: «那大学生呢» keeps the earlier topic.
_PERSONS = re.compile(
    r"大学生|毕业生|学生|老人|老年人|老头|老太|农民工?|打工|外地人?|外来|务工|本地人?|灵活就业|个体户?|新市民|年轻人|青年|妇女|女的|男的|小孩|孩子|"
    r"娃|儿童|随迁子女|残疾人?|退伍|军人|军属|低保户?|困难|港澳台?|(?<![公廉共保])租房|没买房|买房|有房|没房|没社保|没工作|失业|退休|企业|公司|老板|城里|农村|户口"
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question that stands alone.

    ``asks`` are its kinds of fact, some carried over; ``context`` is the earlier question where
    a short one leans on it (empty otherwise); ``shown`` is the question as told to the user,
    None when unchanged; ``skip`` counts the clauses of the same question that were shown before.
    """

    text: str
    asks: frozenset[Ask]
    context: str = ""
    shown: str | None = None
    skip: int = 0


class FollowUps:
    """Resolves a chat; holds the place finder and the tokenizer."""

    def __init__(self, places: PlaceFinder, tokenizer: Tokenizer) -> None:
        """Take what cuts a question into places and words."""
        self._places = places
        self._tokenizer = tokenizer

    def resolve(self, question: str, history: Sequence[str], *, joined: bool = False) -> Resolved:
        """Resolve ``question`` against earlier user questions, oldest first.

        :param joined: read a question that could stand alone as a part of the earlier one.
        """
        past: Resolved | None = None
        for turn in history[-MAX_TURNS:]:
            if smalltalk.reply(turn, "") is None:  # thanks change no topic
                past = self._resolve_one(turn, past)
        resolved = self._resolve_one(question, past, joined=joined)
        changed = resolved.text.strip() != question.strip() or resolved.skip > 0
        return replace(resolved, shown=resolved.text if changed else None)

    def _resolve_one(
        self, question: str, past: Resolved | None, *, joined: bool = False
    ) -> Resolved:
        """Resolve one turn against the one before it; the kinds are told at the top."""
        if past is None:
            return Resolved(question, asked_for(question))
        if _AGAIN.search(question) and not self.topic(_AGAIN.sub("", without_asks(question))):
            return replace(past, skip=0)
        more = self._further(question, past)
        if more is not None:
            return more
        fresh = _NEW_TOPIC.sub("", question)
        mended = _CORRECTION.sub("", fresh)
        not_meant = _NOT_MEANT.match(mended)
        if not_meant and (mended != fresh or "的是" in mended):
            mended = not_meant["meant"]
        spans = [match.span for match in self._places.goals(mended)]
        core = _TRAILING.sub("", _OPENING.sub("", without_places(mended, spans).strip()))
        if _FILLER.match(core):
            core = ""
        place = "".join(mended[a:b] for a, b in sorted(spans)) or self._place(past.text)
        if fresh != question:
            own = mended if spans or not place else f"{place}{core}"
            return Resolved(own, asked_for(mended))
        if joined:
            return self._joined(mended, core, place, past, named=bool(spans))
        return self._join(mended, core, place, past, named=bool(spans))

    def _further(self, question: str, past: Resolved) -> Resolved | None:
        """«还有别的吗», «第二条呢»: the earlier question, for a further clause."""
        if _MORE.match(question):
            return replace(past, asks=frozenset(), skip=past.skip + 1)
        match = _NUMBERED.match(question)
        if match is None:
            return None
        number = match[1]
        count = int(number) if number.isdigit() else _NUMERALS.index(number) + 1
        return replace(past, asks=frozenset(), skip=count - 1)

    def _join(
        self, question: str, core: str, place: str, past: Resolved, *, named: bool
    ) -> Resolved:
        """Join a follow-up with the earlier question, as much as it needs.

        :param core: the follow-up without place, opening and closing words.
        :param place: its own place, or the earlier one; ``named``: it names one itself.
        """
        asks = asked_for(question)
        wanted = asks - {Ask.YES_NO} or past.asks
        topic = self.topic(without_asks(core))
        before = self._stem(self._moved(past.text, place) if named else past.text)
        swapped = kinds().swapped(search_form(before), search_form(core))
        if swapped and _only_swaps(core, asks, past):
            return Resolved(swapped, wanted, past.context)
        for pointing, asked in _OF_DOCUMENT:
            if pointing.search(core) and asked.search(core):
                return Resolved(f"{place}文件{pointing.sub('', core)}", wanted)
        if not topic and not asks - {Ask.YES_NO}:
            text = before if named else f"{before}，{core}"
            year = _YEAR.search(core)
            if year:  # «青海2030年的呢»: the earlier question, asked of that year
                text = _YEAR.sub(year[0], before)
            return Resolved(text, past.asks | asks, past.context)
        if not topic or _POINTING.search(question) or _POINTS_FIRST.search(question):
            return self._joined(question, core, place, past, named=named)
        if self._other_person(core):  # the earlier question leads, the person shades it
            return Resolved(before, wanted, core)
        own = question if named or not place else f"{place}{core}"
        past_rest = self._stem(self._without_places(past.text))
        if not asks and len(core) <= _SHORT:  # «那医保呢»
            own = f"{place}{core}{self._ask_words(past) or self._predicate(past)}"
            return Resolved(own, past.asks, past_rest)
        return Resolved(own, asks, past_rest if len(core) <= _SHORT else "")

    def _joined(
        self, question: str, core: str, place: str, past: Resolved, *, named: bool
    ) -> Resolved:
        """The earlier question and this one as one text; the arguments are those of `_join`."""
        asks = asked_for(question) - {Ask.YES_NO}
        before = self._stem(self._moved(past.text, place) if named else past.text)
        swapped = kinds().swapped(search_form(before), search_form(core))
        if swapped and _only_swaps(core, asks, past):
            return Resolved(swapped, asks or past.asks, past.context)
        if asks:
            before = self._without_asks(before, past)
        return Resolved(f"{swapped or before}，{core}", asks or past.asks, past.context)

    def _other_person(self, core: str) -> bool:
        """Whether a short follow-up only names another kind of person (那大学生呢)."""
        core = core.replace("人员", "")
        return len(core) <= _PERSON and not self.topic(without_asks(_PERSONS.sub("", core)))

    def topic(self, text: str) -> list[str]:
        """Words of ``text`` that name a subject: no stop words, no figures, no single letters."""
        terms = self._tokenizer.terms(_POINTS_FIRST.sub("", text.strip()))
        return [
            term
            for term in terms
            if len(term) > 1 and term not in _GENERIC and not _COUNTED.match(term)
        ]

    def _place(self, text: str) -> str:
        return "".join(text[a:b] for a, b in sorted(m.span for m in self._places.find(text)))

    def _without_places(self, text: str) -> str:
        return without_places(text, [m.span for m in self._places.find(text)])

    def _moved(self, text: str, place: str) -> str:
        """``text`` asked of another place: the new name stands where the old one stood."""
        spans = sorted(match.span for match in self._places.find(text))
        if not spans:
            return place + text
        start, end = spans[0]
        rest = without_places(text[end:], [(a - end, b - end) for a, b in spans[1:]])
        return text[:start] + place + rest

    def _stem(self, text: str) -> str:
        """The earlier question as a topic: its first sentence-like part, closed without a mark."""
        return re.sub(r"[?？。！!\s]+$", "", text)

    def _without_asks(self, text: str, past: Resolved) -> str:
        """An earlier question without what it asked: another kind of fact is asked for now."""
        form = search_form(text)
        if len(form) != len(text):  # offsets of the search form do not fit
            return text
        for start, end in sorted(ask_spans(form, past.asks & _ONLY_ASKS), reverse=True):
            if end - start < len(text) // 2:
                text = text[:start] + text[end:]
        return _LOOSE_END.sub("", text) or form

    def _predicate(self, past: Resolved) -> str:
        """What the earlier question asks of its topic («能自己交吗»), if that names none itself."""
        match = _PREDICATE.search(self._without_places(past.text))
        return match[0] if match and not self.topic(match[0]) else ""

    def _ask_words(self, past: Resolved) -> str:
        """The words of the earlier question that ask (归谁管, 多少套)."""
        form = search_form(past.text)
        spans = ask_spans(form, past.asks - {Ask.YES_NO})
        return form[slice(*max(spans, key=lambda span: span[1]))] if spans else ""


def _only_swaps(core: str, asks: frozenset[Ask], past: Resolved) -> bool:
    """Whether a follow-up only names another kind of what was asked («那住院呢»)."""
    return len(core) <= _PERSON and not asks - {Ask.YES_NO} - past.asks
