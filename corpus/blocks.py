"""What the lines around the clauses are: page table, 文号, title, addressee, signature, date."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from corpus.identity import simplified
from corpus.numerals import chinese_number, label_number

KEYS = {
    "颁布机关": "issuer", "制定部门": "issuer", "发布文号": "number", "颁布文号": "number",
    "批准机关": "other", "原标题": "title",
    "法规名称": "title", "法规标题": "title", "文件标题": "title", "公文标题": "title",
    "标题": "title", "名称": "title", "文件名称": "title", "信息名称": "title", "标题名称": "title",
    "文号": "number", "备注/文号": "number", "发文字号": "number", "发文文号": "number",
    "文件编号": "number", "文件号": "number", "发文号": "number", "文号/备注": "number",
    "发布机构": "issuer", "发文机关": "issuer", "发文机构": "issuer", "发布单位": "issuer",
    "发文单位": "issuer", "制定机关": "issuer", "公布机关": "issuer", "信息来源": "other",
    "发布机关": "issuer", "公开机构": "issuer", "解读机关": "issuer", "解读单位": "issuer",
    "公开责任部门": "issuer", "来源": "other", "发布部门": "issuer", "颁布单位": "issuer",
    "发文部门": "issuer", "制发机关": "issuer", "制定单位": "issuer", "印发机关": "issuer",
    "公布单位": "issuer", "制定主体": "issuer", "文件字号": "number", "公文文号": "number",
    "公文编号": "number", "发文编号": "number", "发文时间": "written", "印发时间": "written",
    "公布时间": "released", "实施时间": "from", "施行时间": "from", "失效时间": "until",
    "废止时间": "until", "文件状态": "status", "文件效力": "status", "时效状态": "status",
    "法规状态": "status", "时效": "status", "效力级别": "other", "法规类别": "other",
    "成文日期": "written", "公文生成日期": "written", "生成日期": "written", "成文时间": "written",
    "发文日期": "written", "制发日期": "written", "印发日期": "written", "签发日期": "written",
    "发布日期": "released", "发表时间": "released", "更新时间": "other", "录入时间": "other",
    "发稿时间": "released", "公布日期": "released", "发布时间": "released", "公开日期": "released",
    "颁布日期": "released", "公开时间": "released",
    "生效日期": "from", "执行日期": "from", "实施日期": "from", "施行日期": "from",
    "生效时间": "from",
    "失效日期": "until", "废止日期": "until", "有效期": "period", "有效期至": "until",
    "有效性": "status", "效力状态": "status", "状态": "status", "时效性": "status",
    "公文时效": "status", "是否有效": "status", "有效状态": "status", "效力": "status",
    "适用地区": "area", "层级": "other", "类型": "other", "分类": "other", "官方链接": "other",
    "索引号": "other", "主题分类": "other", "主题词": "other", "内容概述": "other",
    "信息分类": "other", "公开方式": "other", "公开形式": "other", "体裁分类": "other",
    "服务对象": "other", "关键词": "other", "信息索引": "other", "组配分类": "other",
    "所属主题": "other", "公开范围": "other", "公开时限": "other", "信息类别": "other",
    "公开属性": "other", "文种": "other", "体裁": "other", "语种": "other", "摘要": "other",
    "内容分类": "other", "统一编号": "other", "登记号": "other", "规范性文件编号": "other",
    "统一登记号": "other", "组配": "other", "公开类别": "other", "隶属关系": "other",
    "文件类型": "other", "载体类型": "other", "记录形式": "other", "有效期限": "period",
}  # fmt: skip

_SPACES = r"[\s　]*"
_KEY = re.compile(
    r"(?:^|(?<=[\s　|•·●*【\[-]))(?P<key>"
    + "|".join(_SPACES.join(key) for key in sorted(KEYS, key=len, reverse=True))
    + r")(?:[\s　】\]]*[：:]|[\s　]*】)[\s　]*"
)  # 索 引 号：, 【发布部门】
NUMBER = re.compile(
    r"(?P<prefix>[\u4e00-\u9fff]{1,14}?)\s*[〔\[（(【［﹝]\s*(?P<year>(?:19|20)\d\d)\s*(?:年)?\s*"
    r"[〕\]）)】］﹞]\s*(?:第\s*)?(?P<number>\d{1,5})\s*号"
)  # 泉鲤政办〔2025〕6号
ORDER = re.compile(
    r"(?:[\u4e00-\u9fff]{2,20}令)?"
    r"(?:(?:19|20)\d\d年|[〔\[（(][一二三四五六七八九十]{1,3}届[〕\]）)])?[（(]?第\s*(?P<number>\d{1,4}|[〇一二三四五六七八九十百]{1,6})\s*号(?:令)?[)）]?"
)
_GAP = r"[ 　\t]?"  # justified lines set 七 月 五 日 apart, and 20 10年 by mistake
_ROUNDS = "○零0０OoＯ◯ΟОο"  # 二OO九年 is typed with whatever is round
_YEAR = (
    rf"(?P<y>(?:19|20)\d\d|(?:[1１]{_GAP}[9９]|[2２]{_GAP}[0０]){_GAP}\d{_GAP}\d(?=\s*年)"
    rf"|[二一](?:{_GAP}[〇一二三四五六七八九{_ROUNDS}]){{3}})"
)
_ROUND = re.compile(f"[{_ROUNDS}]")
_CN = (
    rf"[一二三四五六七八九十](?:{_GAP}[一二三四五六七八九十]){{0,2}}"
    rf"|\d{_GAP}\d(?=\s*[月日])|\d{{1,2}}"
)
_FIRST_YEAR = 1949  # «1900-1-1» is what a page prints that knows no date
DATE = re.compile(
    rf"{_YEAR}\s*[年\-/.．]\s*(?P<m>元|{_CN})\s*[月\-/.．]\s*(?P<d>{_CN})\s*日?"
)  # 2025年5月9日, 二〇二五年五月九日, 2025-05-09
_SIGNS = re.compile(r"[\s　]+签\s*发\s*(?:人\s*)?[：:].*\Z")  # 某政发〔2025〕6号　签发人：某某
_ENACTED = r"(?:通过|公布|发布|颁布|批准|修[正订改]|施行|废止|决定》?|修正案》?)"
_HISTORY = re.compile(
    rf"[（(]?\s*(?:根据)?\s*{DATE.pattern.replace('?P<', '?P<h')}.{{0,200}}{_ENACTED}.{{0,20}}"
    rf"|[（(].{{0,30}}{_ENACTED}.{{0,30}}[)）]"
)  # 2000年3月15日 第九届全国人民代表大会第三次会议通过
_ANNEXES = re.compile(r"附\s*[件表]\s*[：:]\s*\S")  # 附件：1.申请表
NOTE = re.compile(r"[（(]?\s*此件\s*\S{0,12}公开\s*\S{0,12}[)）]?|[（(]?(?:此件|本文)?有删减[）)]?")
DIGEST_NOTICE = "要点摘编，非官方原文，办理以原文为准"

TYPES = (
    "通知|意见|办法|方案|要点|规定|细则|条例|决定|决议|公告|通告|函|批复|规划|计划|纲要|措施|规则|规程"
    "|指南|须知|解读|问答|报告|章程|制度|标准|目录|清单|政策|说明|答复|指引|通报|法|准则|指标|任务|公报"
    "|规范|问|若干条|举措|预案|流程|程序|简介|告知单|手册|要求|解释|议程|令|汇总|一览表|攻略"
)
_TITLE_END = re.compile(
    rf"(?:{TYPES})(?:[（(《〈【].{{0,40}}[）)》〉】]|\d{{0,4}}|[》〉”\"]|全文|正文)*\Z"
)
_ISSUER_END = re.compile(
    r"(?:局|委|委员会|政府|办公室|厅|部|院|署|总队|支队|中心|管委会|办事处|司|处|会|银行|分行|支行|党组|集团|公司"
    r"|大学|联社|总社|报社|团委|办|小组|指挥部|分局|大队)(?:[（(].{1,20}[）)])?\Z"
)
_NO_ISSUER = re.compile(r"关于|印发|转发|\d{4}年|[：:，。；？]|进行|的")
_FINAL = tuple("。；;！!？?，,、")


class Kind(StrEnum):
    """What a line outside the clauses is."""

    TABLE = "table"
    NUMBER = "number"
    DATE = "date"
    NOTE = "note"
    HEADER = "header"
    ADDRESSEE = "addressee"
    TITLE = "title"
    SIGN = "sign"
    BODY = "body"


def table_items(line: str) -> list[tuple[str, str]]:
    """Known key and value pairs of a page-table line (several cells may share a line)."""
    if not any(mark in line for mark in "：:】"):
        return []
    plain = simplified(line)
    found = list(_KEY.finditer(plain if len(plain) == len(line) else line))
    if not found or re.search(r"[\w\u4e00-\u9fff]", line[: found[0].start()]):
        return []  # the key stands inside a sentence
    ends = [match.start() for match in found[1:]] + [len(line)]
    return [
        (KEYS[re.sub(r"[\s　]", "", match["key"])], line[match.end() : end].strip(" \t　|•·*-"))
        for match, end in zip(found, ends, strict=True)
    ]


def read_date(text: str) -> date | None:
    """Return the first full date in a text, or None."""
    for match in DATE.finditer(text):
        year, month_name, day_name = (re.sub(r"\s", "", match[part]) for part in "ymd")
        year = _ROUND.sub("〇", year) if year[0] in "一二" else year
        month = 1 if month_name == "元" else label_number(month_name)
        day = label_number(day_name)
        number = int(chinese_number(year) or 0)
        if number < _FIRST_YEAR:
            continue
        try:
            return date(number, month or 0, day or 0)
        except ValueError:
            continue
    return None


def classify(line: str) -> Kind:
    """Kind of a line before the first clause or after the last one."""
    if table_items(line):
        return Kind.TABLE
    if NUMBER.fullmatch(_SIGNS.sub("", line)) or ORDER.fullmatch(line):
        return Kind.NUMBER
    if DATE.fullmatch(line.strip("（()）")) or _HISTORY.fullmatch(line):
        return Kind.DATE
    if NOTE.fullmatch(line) or line == DIGEST_NOTICE or _ANNEXES.match(line):
        return Kind.NOTE
    if line.endswith(("：", ":")) and "。" not in line and len(line) <= 200:
        return Kind.ADDRESSEE
    return _by_shape(line)


def is_title(line: str) -> bool:
    """Whether a short line ends as titles do (…的通知, …工作要点（2025—2028年）)."""
    return _TITLE_END.search(re.sub(r"\s", "", line)) is not None


def is_body_name(bare: str) -> bool:
    """Whether words without spaces may name a public body (某市某某局, or several of them)."""
    short = len(bare) <= 60 and _NO_ISSUER.search(bare) is None
    return short and _ISSUER_END.search(bare) is not None


def _by_shape(line: str) -> Kind:
    bare = re.sub(r"\s", "", line)
    if bare.endswith("文件") and len(bare) <= 40:
        return Kind.HEADER
    plain = re.sub(r"《[^》]*》", "", bare)
    if bare.endswith(_FINAL) or "。" in plain or len(bare) > 90:
        return Kind.BODY
    if _TITLE_END.search(bare):
        return Kind.TITLE
    if is_body_name(bare):
        return Kind.SIGN
    return Kind.TITLE if len(bare) <= 40 and "，" not in bare and "," not in bare else Kind.BODY
