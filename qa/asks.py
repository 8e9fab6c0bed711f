"""What a question asks for, and what a text must hold to answer that.

The evidence test is deliberately about form (a duration, a sum of money, a list of papers):
whether the form belongs to the topic is for retrieval to say.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.tokens import search_form
from qa.ask_rules import DIGIT, HEADED, NUMBER, RULES, SHUTS_OUT, STRICT, SUM, WEAK, Ask, named
from qa.tables import spelled

# 几多, 好多, 多小 are how much of the south says 多少.
_HOW_MUCH = re.compile(r"几多|好多(?=钱|套|人|个|年|天|块|元|户|公里|嘛|嘞|啊|\?|$)")
_MEASURES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(question), evidence)
    for question, evidence in (
        (r"比例|百分之|占比|率|几成|几个点|多少点", r"%|百分之|[一二三四五六七八九]成|全覆盖|全部"),
        (
            r"(?:多少|几)(?:个|名|位|多)?人(?!均)|招.{0,4}(?:多少|几个?)人",
            rf"{DIGIT}[多余]?(?:名|位|人)",
        ),
        (r"(?:多少|几)套", rf"{DIGIT}[多余]?套"),
        (r"(?:多少|几)户", rf"{DIGIT}[多余]?户"),
        (r"(?:多少|几)(?:公里|里路)|多长(?!时间)", rf"{DIGIT}[多余]?(?:公里|千米|米)"),
        (r"(?:多少|几)亩", rf"{DIGIT}[多余]?(?:亩|公顷)"),
        (r"面积|多大|(?:多少|几)(?:个)?(?:平|公顷)", rf"{DIGIT}[多余]?(?:平方|平米|m2|公顷|亩)"),
        (r"(?:多少|几)分(?!钱|之)|分数线", rf"{DIGIT}分(?!之)"),
        (r"(?:多少|几)家", rf"{DIGIT}[多余]?(?:家|个)"),
        (r"(?:多少|几)所", rf"{DIGIT}[多余]?(?:所|个|家)|{NUMBER}"),
        (r"(?:多少|几)级", rf"{DIGIT}级"),
        (r"(?:多少|几)倍", rf"{DIGIT}倍|翻"),
        (  # what is counted in pieces is no length and no area
            r"(?<![哪这那好十])(?:多少|几)个(?!月|点|工作日|钱|人|部门|单位|局|百分)",
            rf"{DIGIT}[多余]?(?:个|所|处|家|项|座|套|条|名|位|户|类|种|批|张|片|大|人|以上|左右|[,。;)]|$)|全部|全覆盖",
        ),
    )
)
_SHARE = rf"(?:{DIGIT}+(?:\.\d+)?(?:%|‰|倍)|百分之)"
_MONEY: tuple[tuple[re.Pattern[str], str], ...] = (
    (  # what is free of charge elsewhere says nothing of what the paper costs
        re.compile(r"工本费|手续费|办证费|登记费"),
        rf"工本费|手续费|(?:办理|申领|申请|办证|换领|补领|领取)[^,。;]{{0,8}}免费|免费(?:办理|申领|发放|换领)|{DIGIT}+(?:\.\d+)?元",
    ),
    (
        re.compile(r"几成|比例|百分之|几个点|多少个点"),
        rf"{DIGIT}+(?:\.\d+)?[%‰]|百分之|{DIGIT}成|{SUM}|全额|免费",
    ),
    (
        re.compile(r"钱|元|块|工资|金额|费|租金|价|限额|封顶"),
        rf"{SUM}|免费|免收|不收|全额",
    ),
    (  # what one pays is no share of anything but of a base that the text names
        re.compile(r"(?:交|缴|收|付|掏|花)[^,。;多几]{0,4}(?:多少|几)"),
        rf"{SUM}|免费|免收|不收|免缴|全额|"
        rf"(?:缴|交|费|率|租|价|工资|基数|收入|标准|收益)[^。;]{{0,24}}{_SHARE}|"
        rf"{_SHARE}[^。;]{{0,16}}(?:缴|交|费|租|滞纳金|收益)",
    ),
    (  # a share of what is refunded or paid out, not any share
        re.compile(r"报(?:销)?[^,。;多几]{0,4}(?:多少|几)"),
        rf"{SUM}|免费|全额|全部|"
        rf"(?:报|支付|补|待遇|比例|负担|承担|标准)[^。;]{{0,24}}{_SHARE}|"
        rf"{_SHARE}[^。;]{{0,16}}(?:报|支付|补|比例|负担|承担)",
    ),
)
_DAYS = rf"(?<![月\d〇零一二两三四五六七八九十百]){DIGIT}+个?(?:工作)?[日天]"  # no 20日 of 7月20日
_DURATIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (  # how long an office takes: «租满6个月» is none
        re.compile(
            r"(?:办|批|审|下|弄|搞|等|拿|领|到账)[^,。?满够住缴租]{0,6}(?:多久|多长时间|几天|多少天|几个?工作日)|"
            r"(?<![满够住交缴租了])(?:多久|多长时间|几天|多少天)[^,。?满]{0,3}(?:办|批|审|下来|弄|拿|领|到账|搞定|出来|到手)"
        ),
        rf"{_DAYS}|当[日天]|即[时办]|随到随办|办结|{DIGIT}+个?(?:月内|小时|分钟|季度)|[按每次]个?[月季年]",
    ),
    (re.compile(r"工作日|几天|多少天"), _DAYS),
    (re.compile(r"几个月|多少个?月"), rf"{DIGIT}+个?月"),
    (
        re.compile(r"满(?:了|够)?(?:几|多少|[一二两三四五六七八九十]|\d)"),
        rf"满{DIGIT}+个?[年月]|{DIGIT}+(?:年|个月)(?:以上|及以上)|(?:连续|累计)[^,。;]{{0,8}}{DIGIT}+个?[年月]|[年月]限",
    ),
    (re.compile(r"几年|多少年"), rf"{DIGIT}+年(?!级|度)|有效期"),
)
_DATES: tuple[tuple[re.Pattern[str], str], ...] = (
    (  # from when a document holds: the day it was signed is none
        re.compile(
            r"(?:办法|规定|文件|政策|通知|条例|细则|意见|方案)[^,。?]{0,10}(?:施行|实行|实施|执行|生效)"
        ),
        r"[自从][^,。;]{0,24}(?:起|后)[^,。;]{0,4}(?:施行|实行|试行|实施|执行|生效)|(?:施行|生效|实施)(?:日期|时间)",
    ),
    (  # when a document was issued: the day from which it holds is another
        re.compile(
            r"(?:发布|印发|成文|发文|公布)的?(?:日期|时间)|(?:哪[一]?天|什么时候|啥时候|何时)(?:印发|发布|发|公布)的"
        ),
        r"(?:\d{4}|[〇○一二三四五六七八九]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日(?!起|至|前|以)",
    ),
    (re.compile(r"哪(?:一)?天|几号|几月几|具体日期|具体(?:什么)?时间"), r"\d+月\d+日|\d+日"),
    (
        re.compile(r"几月|哪一?个?月"),
        r"\d+月|[一二三四五六七八九十]月(?!份)|季度|次月|[当本]月|届满|期满|之日",
    ),
)
_WHERE = (
    r"窗口|大厅|平台|网[上站址办厅页]|官网|政务网|app|小程序|公众号|线[上下]|现场|所在地|居住地|户籍地|就近|"
    r"(?:向|到|在|由|去)[^,。;]{0,24}(?:申请|提出|申报|提交|报名|办理|申领|领取|登记|受理|咨询|预约)|"
    r"通过[^,。;]{1,24}(?:申请|办理|申报|提交|预约|报名|登录|申领|查询)|登[录陆]|派出所|(?:服务|交易|政务|受理|经办|活动|培训|管理|保障|指导)中心|服务站"
)
_CHANNELS: tuple[tuple[re.Pattern[str], str], ...] = (
    (  # where one applies
        re.compile(
            r"哪(?:里|儿|个?(?:窗口|平台|地方|网站|app))?[^,。?]{0,8}(?:办|申请|申领|领|报名|申报|提交|登记|查|缴|交|预约|兑)|"
            r"(?:办|申请|申领|领|报名|申报|提交|登记|缴|交)[^,。?]{0,6}(?:在|去|到|上|从)哪"
        ),
        _WHERE,
    ),
    (  # how one applies
        re.compile(
            r"(?:怎么|如何|怎样|咋)(?:去|样|个)?(?:申请|申领|领|报名|预约|申报|登记|缴|交|办理|查)"
        ),
        rf"{_WHERE}|申请|提出|提交|凭|持[^,。;]{{1,12}}[证卡明]|携带|填写|预约|自动|代[扣缴办]|免申",
    ),
)
# Who drafted or explains a document is not who is responsible for a task in it.
_UNITS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"起草|编制|拟定|制定的|谁制定"),
        r"起草|编制|拟[定订]|制定|牵头|印发",
    ),
    (re.compile(r"解释|解读|讲解"), r"解释|解读|讲解"),
)
# One that has a name must be one of its kind: «哪个镇» is not answered by a school.
_NAMES_OF: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"哪(?:些|一|几|两|三)?[个所家条]?[^,。?]{{0,4}}(?:{asked})"), named(kinds))
    for asked, kinds in (
        ("镇|乡(?!村)", "镇|乡|街道"),
        ("(?<!乡)村(?!小)", "村|庄|寨|社区"),
        ("小区", "小区|花园|苑|社区|新村|片区"),
        ("医院", "医院"),
        ("企业|公司|厂|银行", "公司|集团|银行|厂"),
        ("街|路|巷", "街道?|大道|路|巷"),
    )
)
# A sum or a term that the question itself names is asked about: «补贴8元对不对».
_CLAIMS: tuple[tuple[Ask, re.Pattern[str]], ...] = (
    (
        Ask.MONEY,
        re.compile(
            r"(?:收|补贴|补助|补|奖励?|发放?|给|罚款?|租金|房租|费用?|价格?|交|缴)[要是为有了我们每月人个]{0,4}"
            rf"(?:\d[\d,.]*|{DIGIT}+)[多余]?[百千万]?(?:元|块)"
        ),
    ),
)
# A term that the question only supposes must not find a clause about another term.
_SUPPOSED = re.compile(rf"[要得须才]*(?:满|够)?(?:了|够|满)?{DIGIT}+(?:年|个月)(?:以上|才)?")
_DOUBTS = re.compile(
    r"对吗|对不对|是吗|是不是|真的|真假|是真|为什么|为啥|凭什么|听说|据说|属实|对吧|没错"
)
_SPREAD = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])")  # 联 系 人
_EVIDENCE = {rule.ask: rule.evidence for rule in RULES}


def _form(question: str) -> str:
    return _HOW_MUCH.sub("多少", search_form(question))


_ASKING = frozenset({Ask.YES_NO, Ask.DATE, Ask.FIGURE, Ask.UNIT, Ask.CHANNEL})


@lru_cache(maxsize=1024)
def asked_for(question: str) -> frozenset[Ask]:
    """Kinds of fact that ``question`` asks for; empty where no form is recognised."""
    form = _form(question)
    found: set[Ask] = set()
    shut: set[Ask] = set()
    for rule in RULES:
        if rule.ask not in shut and rule.question.search(form):
            found.add(rule.ask)
            shut |= SHUTS_OUT.get(rule.ask, frozenset())
    found -= _named_only(form, found)
    if _DOUBTS.search(form):
        found |= {ask for ask, claim in _CLAIMS if claim.search(form)}
    return frozenset(found)


def _named_only(form: str, found: set[Ask]) -> set[Ask]:
    """Kinds of fact that a question only speaks of while it asks for another.

    Only the words of `WEAK` told of them, and something else in the question asks.
    """
    weak = set()
    for rule in RULES:
        words = WEAK.get(rule.ask)
        if rule.ask in found and words and not rule.question.search(words.sub("，", form)):
            weak.add(rule.ask)
    asking = found - weak
    return weak if asking & (_ASKING | STRICT) else set()


def without_claims(text: str) -> str:
    """``text`` in search form without the terms that a doubting question supposes.

    >>> without_claims("听说落户要买房满五年,对吗")
    '听说落户要买房,对吗'
    """
    return _SUPPOSED.sub("", text) if _DOUBTS.search(text) else text


@lru_cache(maxsize=1024)
def evidence_pattern(ask: Ask, question: str) -> re.Pattern[str] | None:
    """What a text must hold: for a figure its measure, for a date its precision."""
    narrower = {
        Ask.FIGURE: _MEASURES,
        Ask.DATE: _DATES,
        Ask.MONEY: _MONEY,
        Ask.DURATION: _DURATIONS,
        Ask.NAMED: _NAMES_OF,
        Ask.CHANNEL: _CHANNELS,
        Ask.UNIT: _UNITS,
    }.get(ask, ())
    form = _form(question)
    for asked, evidence in narrower:
        if asked.search(form):
            return re.compile(evidence)
    return _EVIDENCE.get(ask)


def has_evidence(ask: Ask, text: str, question: str = "", above: str = "") -> bool:
    """Whether ``text`` holds the form of fact that ``ask`` wants (True where any text can).

    :param question: the question itself, which may narrow the form («多少公里», «哪天»).
    :param above: headings, where «申请材料» may stand over «户口簿、身份证».
    """
    pattern = evidence_pattern(ask, question)
    if ask in HEADED:
        text = f"{above}\n{text}"
    return pattern is None or pattern.search(_evidence_form(text)) is not None


@lru_cache(maxsize=1024)
def _evidence_form(text: str) -> str:
    """A text as evidence is looked for in it: tables with units, names not spread out."""
    return _SPREAD.sub("", search_form(spelled(text)))


def of_document(question: str) -> bool:
    """Whether a question asks who made or explains a document, not who does a task in it."""
    form = _form(question)
    return any(asked.search(form) for asked, _ in _UNITS)


_OWNER = re.compile(
    r"(?P<body>[\u4e00-\u9fff]{1,3}(?:局|委|办|会|中心|派出所|街道|医院|学校|窗口|大厅|联|银行|法院))"
    r"的?(?:办公室)?的?(?:咨询|联系|办公|服务|座机)?(?:电话|号码|热线)"
)


@lru_cache(maxsize=1024)
def phone_owner(question: str) -> str | None:
    """The body whose telephone is asked for («残联电话»), None where it is any that answers."""
    match = _OWNER.search(_form(question))
    return match["body"][-3:] if match else None


def ask_spans(question: str, asks: frozenset[Ask]) -> list[tuple[int, int]]:
    """Where the asking words of ``asks`` stand in a question in search form."""
    found = (rule.question.search(question) for rule in RULES if rule.ask in asks)
    return [match.span() for match in found if match is not None]


@lru_cache(maxsize=256)
def without_asks(text: str) -> str:
    """``text`` in search form without the words that only ask, so that its topic is left."""
    form = _form(text)
    for rule in RULES:
        form = rule.question.sub(" ", form)
    return form


__all__ = [
    "RULES",
    "STRICT",
    "Ask",
    "ask_spans",
    "asked_for",
    "evidence_pattern",
    "has_evidence",
    "of_document",
    "phone_owner",
    "without_asks",
    "without_claims",
]
