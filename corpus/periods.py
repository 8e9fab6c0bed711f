"""When a document takes effect and lapses, and the period of a plan."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from corpus.blocks import DATE, read_date
from corpus.numerals import chinese_number

_CN = "一二三四五六七八九十两"
_OPENING = (
    r"(?:^|[。；\n：:　 ]|[）)、]|(?<=\d)[.．]|第[一二三四五六七八九十百零〇]{1,7}条"
    r"|(?:现予[公发]布|负责解释|审议通过|批准)[，,])\s*"
)
_VERB = r"(?:正式|开始|全面|组织)?(?:施行|试行|实施|执行|生效)"
_EFFECT = re.compile(
    rf"{_OPENING}(?:(?:本|该|此)[\u4e00-\u9fff《》]{{1,14}}|以上规定|上述规定)?"
    rf"(?P<sentence>[自从](?P<when>[^。，,\n自从]{{1,30}}?)(?:起|后)?{_VERB}[^。\n]*)"
)  # 本意见自2026年1月1日起施行，有效期至…
_LAPSES = re.compile(
    rf"[，,；]\s*(?:至|于)?\s*(?P<when>{DATE.pattern.replace('?P<', '?P<l')})"
    r"\s*起?(?:自行|自动)?(?:废止|失效)"
)  # 自2011年3月15日起施行，2013年3月14日废止
_UNTIL = re.compile(
    r"(?:有效期|有效期限|执行期限?|试行期|实施期限?|试行|适用期)[^。\n]{0,12}?(?:至|到|截止|截至)\s*(?P<when>[^。，,；\n）)]{4,20})"
)
_FOR = re.compile(
    rf"(?:有效期限?|执行期限?|试行期限?|实施期限?|试行)(?:为|暂定|限)?\s*(?P<n>\d{{1,2}}|[{_CN}]{{1,3}})\s*(?P<unit>年|个月)"
)  # 有效期5年
_DELAY = re.compile(
    r"日起?(?:满|经过)?\s*(?P<n>\d{1,3}|[一二三四五六七八九十两]{1,4})\s*(?P<unit>日|天|个月)"
)  # 自发布之日起30日后施行
_PERIOD = re.compile(
    r"(?:有效期限?|执行期限?|实施期限?|试行期限?)(?:为|是|：)?\s*[自从]?\s*"
    rf"(?P<from>{DATE.pattern.replace('?P<', '?P<a')})\s*起?\s*(?:至|到|[—－\-~～]{{1,2}})\s*"
    rf"(?P<to>{DATE.pattern.replace('?P<', '?P<b')})"
)  # 有效期自2025年4月1日至2027年3月31日
_END_OF_YEAR = re.compile(r"(?P<y>20\d\d)\s*年\s*(?:底|末|年底)")
_SPAN = re.compile(r"(?P<a>(?:19|20)\d\d)\s*年?\s*[—\-–－－~～至到]{1,2}\s*(?P<b>20\d\d)\s*年?")
_YEAR = re.compile(
    r"(?<![〔\[（(\d])(?P<y>20\d\d)\s*年(?:度)?(?![\d月]|修订|版|版）|\d)|[（(](?P<z>20\d\d)\s*年?(?:度)?[）)]"
)
_ANNUAL = re.compile(r"要点|计划|任务|方案|招生|入学|工作|考试|分工|安排|标准|目录|清单")
_INTAKE = re.compile(r"招生|招考|入学|幼升小|小升初|中考|高考")
_INTAKE_YEAR = re.compile(r"(?<!\d)(?P<y>20\d\d)(?:年|级|(?=[\u4e00-\u9fff]))")  # 2016某区招生意见
_FIVE_YEAR = re.compile(
    r"[“\"]?十(?P<n>[一二三四五六])五[”\"]?(?:时期|期间|[\u4e00-\u9fff“”\"]{0,16}规划)"
)


def effect(text: str, published: date | None) -> tuple[date | None, date | None]:
    """First and last day of effect as the document states them for itself."""
    starts: date | None = None
    ends: date | None = None
    for match in _EFFECT.finditer(text):
        starts = _start(match["when"], published) or starts
        ends = _end(match["sentence"], starts) or ends
    if ends is None:
        for sentence in re.findall(r"(?:^|[。\n])([^。\n]{0,30}有效期[^。\n]{1,30})", text):
            if (
                re.search(r"本|通知|办法|意见|规定|\A有效期|文件", sentence)
                and "居住证" not in sentence
            ):
                ends = _end(sentence, starts or published) or ends
                period = _PERIOD.search(sentence)
                if period:
                    starts, ends = starts or read_date(period["from"]), read_date(period["to"])
    return starts, ends


def _start(when: str, published: date | None) -> date | None:
    found = read_date(when)
    if found:
        return found
    if published is None or not re.match(r"(?:印发|发布|公布|发文|下发|颁布|签发|文件下发)", when):
        return None
    delay = _DELAY.search(when)
    if delay is None:
        return published
    count = int(chinese_number(delay["n"]) or 0)
    if delay["unit"] == "个月":
        return _later(published, count) + timedelta(days=1)
    return published + timedelta(days=count)


def _end(sentence: str, starts: date | None) -> date | None:
    until = _UNTIL.search(sentence)
    if until:
        year = _END_OF_YEAR.search(until["when"])
        found = read_date(until["when"])
        if found or year:
            return found or date(int(year["y"]), 12, 31)  # type: ignore[index]
    between = re.search(
        rf"至\s*(?P<end>{DATE.pattern.replace('?P<', '?P<e')})\s*(?:止|有效)?", sentence
    )
    if between and "有效期" not in sentence:
        return read_date(between["end"])
    lapses = _LAPSES.search(sentence)
    if lapses:
        return read_date(lapses["when"])
    lasting = _FOR.search(sentence)
    if lasting and starts:
        count = int(chinese_number(lasting["n"]) or 0)
        return _later(starts, count * 12 if lasting["unit"] == "年" else count)
    return None


def _later(day: date, months: int) -> date:
    """Return the last day of a period of ``months`` that begins on ``day``."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = min(day.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, last) - timedelta(days=1)


def plan_end(title: str) -> date | None:
    """Last day of the plan period in a title: 2024—2025年, 2023年…工作要点, “十四五”规划."""
    spans = list(_SPAN.finditer(title))
    if spans:
        return date(int(spans[-1]["b"]), 12, 31)
    five = _FIVE_YEAR.search(title)
    if five:
        return date(2000 + 5 * "一二三四五六".index(five["n"]) + 5 + 5, 12, 31)
    year = _YEAR.search(title)
    if year and _ANNUAL.search(title):
        return date(int(year["y"] or year["z"]), 12, 31)
    intake = _INTAKE_YEAR.search(title)
    if intake and _INTAKE.search(title):
        return date(int(intake["y"]), 12, 31)
    return None
