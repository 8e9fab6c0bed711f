"""What a question asks for, and whether a text holds that kind of fact."""

from __future__ import annotations

import pytest

from qa.asks import (
    STRICT,
    Ask,
    ask_spans,
    asked_for,
    has_evidence,
    phone_owner,
    without_asks,
)


@pytest.mark.parametrize(
    ("ask", "questions"),
    [
        pytest.param(
            Ask.UNIT,
            ["这事归谁管", "落户找哪个部门", "老小区改造由谁牵头", "责任单位是哪家", "向谁反映",
             "什么单位在办", "誰負責"],
            id="unit",
        ),
        pytest.param(
            Ask.FIGURE,
            ["公租房有多少套", "新建几所小学", "参保率要达到百分之几", "占比多高", "总共几公里",
             "新增好多套", "要建几多个充电桩"],
            id="figure",
        ),
        pytest.param(
            Ask.MONEY,
            ["一个月租金多少钱", "办证收费吗", "落户要交钱吗", "低保一个月领多少",
             "培训补贴标准", "生二胎奖励多少", "水价一吨几块", "押金退吗"],
            id="money",
        ),
        pytest.param(
            Ask.DURATION,
            ["多久能办好", "要几个工作日", "有效期限", "提前几天约", "要住满几个月",
             "什么时候能办完"],
            id="duration",
        ),
        pytest.param(
            Ask.DATE,
            ["什么时候开始报名", "哪年建成", "哪个月通水", "几月几号截止", "到哪一年取消",
             "啥时候通车"],
            id="date",
        ),
        pytest.param(Ask.PHONE, ["咨询电话是多少", "打哪个号码", "怎么联系社区"], id="phone"),
        pytest.param(
            Ask.ADDRESS,
            ["办事大厅地址在哪", "派出所在哪条路", "户籍窗口在哪", "社保中心几楼"],
            id="address",
        ),
        pytest.param(
            Ask.LOCATION,
            ["新学校建在哪个镇", "养老院选址在哪", "公租房盖在什么地方"],
            id="location",
        ),
        pytest.param(
            Ask.HOURS, ["周末办公吗", "大厅几点下班", "星期六能办吗", "中午有人吗"], id="hours"
        ),
        pytest.param(
            Ask.CHANNEL,
            ["在哪里申请", "怎么办理落户", "网上能办吗", "居住证去哪儿领", "咋个报名", "申请流程"],
            id="channel",
        ),
        pytest.param(
            Ask.PAPERS,
            ["落户要带什么材料", "需要哪些证件", "要不要身份证原件", "办低保开些啥证明"],
            id="papers",
        ),
        pytest.param(
            Ask.CONDITION,
            ["落户有什么条件", "哪些人能申请公租房", "申请门槛高吗", "什么人可以住"],
            id="condition",
        ),
        pytest.param(Ask.AGE, ["几岁能上小学", "年龄要求是多少", "多大年纪能领"], id="age"),
        pytest.param(Ask.PERSON, ["区长是谁", "联系人是哪位", "经办人叫什么"], id="person"),
        pytest.param(Ask.NAMES, ["有哪些产业链", "包括哪几个街道", "都有啥补贴"], id="names"),
        pytest.param(
            Ask.YES_NO,
            ["租房能落户吗", "可不可以网上办", "有没有食堂", "落户还要买房不", "能落户么"],
            id="yes-no",
        ),
        pytest.param(
            Ask.DEFINITION, ["居住证是什么", "零门槛什么意思", "什么叫县管校聘"], id="definition"
        ),
        pytest.param(Ask.WEBSITE, ["官方网址", "公众号叫什么", "小程序叫啥"], id="website"),
        pytest.param(
            Ask.PAYER,
            ["换水管的钱谁出", "摔坏了谁赔", "伤害险谁来交钱", "改造要自己掏钱吗", "费用由哪家承担",
             "住户要出多少"],
            id="payer",
        ),
        pytest.param(
            Ask.NAMED, ["有哪些村在试点", "中心建在哪个镇", "先修哪条巷子", "改哪些老小区"],
            id="named",
        ),
        pytest.param(Ask.PENALTY, ["乱倒垃圾咋罚", "分错了会挨罚吗"], id="penalty"),
    ],
)  # fmt: skip
def test_question_forms(ask: Ask, questions: list[str]) -> None:
    """Every way to ask is recognised."""
    assert [question for question in questions if ask not in asked_for(question)] == []


@pytest.mark.parametrize(
    ("question", "ask"),
    [
        pytest.param("去年多少钱", Ask.FIGURE, id="money-is-no-bare-figure"),
        pytest.param("多久能办好", Ask.DATE, id="duration-is-no-date"),
        pytest.param("大厅电话是多少", Ask.FIGURE, id="phone-is-no-figure"),
        pytest.param("要什么材料", Ask.CONDITION, id="papers-are-no-condition"),
        pytest.param("哪个部门管", Ask.NAMES, id="unit-is-no-list"),
        pytest.param("建在哪个镇", Ask.CHANNEL, id="location-is-no-channel"),
        pytest.param("周末几点开门", Ask.DURATION, id="hours-are-no-duration"),
        pytest.param("我三年级的孩子能转学吗", Ask.DURATION, id="school-year"),
        pytest.param("前几年的事", Ask.DURATION, id="some-years-ago"),
        pytest.param("参保人效率高", Ask.FIGURE, id="efficiency"),
        pytest.param("补贴发几年", Ask.MONEY, id="years-of-a-subsidy"),
        pytest.param("到哪一年取消", Ask.CHANNEL, id="which-year"),
        pytest.param("大厅几点下班", Ask.FIGURE, id="o-clock"),
        pytest.param("居住证是什么", Ask.YES_NO, id="what"),
        pytest.param("哪条街要亮化", Ask.ADDRESS, id="a-street-asked-for-is-no-address"),
        pytest.param("政府拿什么管我们这些人", Ask.UNIT, id="by-what-means-is-not-who"),
        pytest.param("摔坏了谁赔", Ask.UNIT, id="who-pays-is-not-who-is-in-charge"),
        pytest.param("这份文件是谁起草的", Ask.PERSON, id="a-body-drafts-a-document"),
        pytest.param("这钱找谁领", Ask.PAYER, id="who-gives-out-is-not-who-pays"),
        pytest.param("自己在家带娃能领钱吗", Ask.PAYER, id="by-oneself"),
        pytest.param("一年给多少打工的教手艺", Ask.MONEY, id="how-many-people-are-given-something"),
    ],
)
def test_forms_that_only_look_alike(question: str, ask: Ask) -> None:
    """The words of one ask are not taken for another."""
    assert ask not in asked_for(question)


@pytest.mark.parametrize("statement", ["", "落户", "老年食堂 上虞", "我想落户", "！？"])
def test_statement_asks_for_nothing(statement: str) -> None:
    """Keywords and statements have no kind."""
    assert asked_for(statement) == frozenset()


@pytest.mark.parametrize(
    ("ask", "text", "found"),
    [
        pytest.param(Ask.UNIT, "（责任单位：区教育局）", True, id="unit"),
        pytest.param(Ask.UNIT, "租房也可以落户。", False, id="no-unit"),
        pytest.param(Ask.FIGURE, "新增学位1800个。", True, id="figure"),
        pytest.param(Ask.FIGURE, "城乡全覆盖。", True, id="figure-in-words"),
        pytest.param(Ask.FIGURE, "到2029年更上一层楼。", False, id="year-is-no-figure"),
        pytest.param(Ask.FIGURE, "按国发〔2024〕17号落实。", False, id="document-number"),
        pytest.param(Ask.MONEY, "每餐补贴4元。", True, id="money"),
        pytest.param(Ask.MONEY, "图书馆免费开放。", True, id="free"),
        pytest.param(Ask.MONEY, "每个街道开办2家。", False, id="no-money"),
        pytest.param(Ask.DURATION, "五个工作日内办结。", True, id="working-days"),
        pytest.param(Ask.DURATION, "居住满六个月。", True, id="months"),
        pytest.param(Ask.DURATION, "二〇二五年度评选。", False, id="year-of-report"),
        pytest.param(Ask.DURATION, "当场办结。", False, id="no-duration"),
        pytest.param(Ask.DATE, "每年8月底前完成。", True, id="date"),
        pytest.param(Ask.DATE, "尽快完成。", False, id="no-date"),
        pytest.param(Ask.PHONE, "联系电话：0575-82210000", True, id="phone"),
        pytest.param(Ask.PHONE, "新增学位1800个。", False, id="no-phone"),
        pytest.param(Ask.ADDRESS, "地址：百官街道王充路1号", True, id="address"),
        pytest.param(Ask.ADDRESS, "到户籍窗口申请。", False, id="no-address"),
        pytest.param(Ask.LOCATION, "项目位于百官街道。", True, id="location"),
        pytest.param(Ask.LOCATION, "新建小学4所。", False, id="no-location"),
        pytest.param(Ask.HOURS, "工作日8:30至17:00。", True, id="hours"),
        pytest.param(Ask.HOURS, "窗口受理。", False, id="no-hours"),
        pytest.param(Ask.PAPERS, "提交身份证和租房合同。", True, id="papers"),
        pytest.param(Ask.PAPERS, "租房可以落户。", False, id="no-papers"),
        pytest.param(Ask.AGE, "八十岁以上老人。", True, id="age"),
        pytest.param(Ask.AGE, "老人送餐上门。", False, id="no-age"),
        pytest.param(Ask.PERSON, "联系人：某某", True, id="person"),
        pytest.param(Ask.PERSON, "由区教育局负责。", False, id="no-person"),
        pytest.param(Ask.WEBSITE, "关注公众号报名。", True, id="website"),
        pytest.param(Ask.WEBSITE, "到窗口报名。", False, id="no-website"),
        pytest.param(Ask.CHANNEL, "任何文字。", True, id="channel-has-no-form"),
        pytest.param(Ask.MONEY, "每餐补贴４元。", True, id="full-width"),
        pytest.param(
            Ask.UNIT, "建成服务中心3个。", False, id="a-centre-is-built"
        ),
        pytest.param(
            Ask.HOURS, "五个工作日内办结。", False, id="working-days-are-no-hours",
        ),
        pytest.param(
            Ask.ADDRESS, "见国发〔2024〕17号。", False, id="number-of-a-paper",
        ),
    ],
)  # fmt: skip
def test_evidence(ask: Ask, text: str, found: bool) -> None:
    """A text holds the form of fact that is asked for, or it cannot answer."""
    assert has_evidence(ask, text) is found


@pytest.mark.parametrize(
    ("ask", "question", "text", "found"),
    [
        pytest.param(Ask.FIGURE, "建多少套", "新建3所，共320套。", True, id="sets"),
        pytest.param(Ask.FIGURE, "建多少套", "新建小学3所。", False, id="schools-are-no-sets"),
        pytest.param(Ask.FIGURE, "一共多少公里", "铺管网12公里。", True, id="kilometres"),
        pytest.param(Ask.FIGURE, "一共多少公里", "铺管网3处。", False, id="no-kilometres"),
        pytest.param(Ask.FIGURE, "比例是多少", "达到98%。", True, id="percent"),
        pytest.param(Ask.FIGURE, "比例是多少", "达到98家。", False, id="no-percent"),
        pytest.param(Ask.FIGURE, "招多少人", "招收40人。", True, id="people"),
        pytest.param(Ask.FIGURE, "招多少人", "招收2个班。", False, id="no-people"),
        pytest.param(Ask.DATE, "几月几号开始", "2025年6月1日起。", True, id="day"),
        pytest.param(Ask.DATE, "几月几号开始", "2025年起。", False, id="year-is-no-day"),
        pytest.param(Ask.DATE, "哪年开始", "2025年起。", True, id="year"),
        pytest.param(
            Ask.MONEY, "幼儿园一个月交多少", "普惠园占比达到100%。", False, id="a-share-is-no-fee"
        ),
        pytest.param(
            Ask.MONEY, "养老保险交多少", "按工资的8%缴费。", True, id="a-share-of-wages-is"
        ),
        pytest.param(Ask.MONEY, "看病能报多少", "报销50%。", True, id="a-share-is-refunded"),
        pytest.param(
            Ask.MONEY, "落户要不要交钱", "三元区取消限制。", False, id="a-place-is-no-sum"
        ),
        pytest.param(Ask.MONEY, "落户要不要交钱", "破除城乡二元结构。", False, id="dual-is-no-sum"),
        pytest.param(Ask.MONEY, "食堂要不要交钱", "每餐交三元。", True, id="three-yuan"),
        pytest.param(Ask.MONEY, "看病能报多少", "参保率达到96%。", False, id="not-any-share"),
        pytest.param(Ask.FIGURE, "要建几个食堂", "每年改建管网3公里。", False, id="no-pieces"),
        pytest.param(Ask.FIGURE, "要建几个食堂", "新建食堂3处。", True, id="pieces"),
        pytest.param(Ask.DATE, "哪个月通水", "2025年建成。", False, id="year-is-no-month"),
        pytest.param(Ask.DATE, "哪个月通水", "9月底前通水。", True, id="month"),
        pytest.param(Ask.DATE, "从哪个月起发", "自审核通过的次月起发放。", True, id="next-month"),
        pytest.param(
            Ask.NAMED, "建在哪个镇", "支持泉州科技中学达标。", False, id="school-is-no-town"
        ),
        pytest.param(Ask.NAMED, "建在哪个镇", "合理布局乡镇卫生院。", False, id="towns-in-general"),
        pytest.param(Ask.NAMED, "建在哪个镇", "在大田集镇设立。", True, id="town"),
        pytest.param(Ask.NAMED, "哪所中学达标", "支持泉州科技中学达标。", True, id="school"),
        pytest.param(
            Ask.NAMED, "改哪些小区", "改造老旧小区10个。", False, id="a-number-is-no-name"
        ),
        pytest.param(Ask.NAMED, "改哪些小区", "改造列东小区、梅岭新村。", True, id="estate"),
        pytest.param(Ask.PAYER, "换管子谁出钱", "改造老旧管道200公里。", False, id="nobody-pays"),
        pytest.param(Ask.PAYER, "换管子谁出钱", "费用由居民和财政共担。", True, id="shared"),
        pytest.param(Ask.CHANNEL, "补贴在哪申请", "给予三分之二补贴。", False, id="no-place"),
        pytest.param(Ask.CHANNEL, "补贴在哪申请", "向街道办事处提出申请。", True, id="to-whom"),
        pytest.param(Ask.CHANNEL, "去哪办", "登录政务网办理。", True, id="online"),
        pytest.param(Ask.CHANNEL, "怎么领", "以培训券为载体。", False, id="no-way"),
        pytest.param(Ask.CHANNEL, "孩子没人管咋办", "加强关爱。", True, id="any-way-helps"),
        pytest.param(Ask.DURATION, "多久能办好", "租房满6个月可以落户。", False, id="no-term"),
        pytest.param(Ask.DURATION, "多久能办好", "10个工作日内办结。", True, id="working-days"),
        pytest.param(Ask.DURATION, "要几个工作日", "2016年7月20日", False, id="a-date-is-no-term"),
        pytest.param(Ask.DURATION, "居住证要办满多久", "签发满6个月。", True, id="held-for"),
        pytest.param(Ask.FIGURE, "要多少业主同意", "三分之二以上业主同意。", True, id="fraction"),
        pytest.param(Ask.FIGURE, "一年收几次", "每学年受理一次。", True, id="once"),
        pytest.param(Ask.MONEY, "租金给几成", "按市场租金的80%给予。", True, id="share-of-rent"),
        pytest.param(Ask.DATE, "户口啥时候注销", "应当在入伍前注销。", True, id="before-it"),
        pytest.param(
            Ask.DATE, "这个办法哪天开始施行", "2016年8月11日", False, id="signed-is-not-in-force"
        ),
        pytest.param(
            Ask.DATE, "这个办法哪天开始施行", "自2017年1月1日起施行。", True, id="in-force"
        ),
        pytest.param(Ask.UNIT, "是谁起草的", "由区财政局负责。", False, id="responsible-only"),
        pytest.param(Ask.UNIT, "是谁起草的", "由区财政局起草。", True, id="drafted"),
        pytest.param(Ask.PAPERS, "转学要什么手续", "持居住证参保者补助相同。", False, id="a-card"),
        pytest.param(Ask.PAPERS, "入学要什么证件", "以居住证为主要依据。", True, id="by-a-card"),
        pytest.param(Ask.PERSON, "联系人叫什么", "联 系 人:小王", True, id="spread-letters"),
    ],
)
def test_evidence_of_the_named_measure(ask: Ask, question: str, text: str, found: bool) -> None:
    """A question that names its measure is not answered by another."""
    assert has_evidence(ask, text, question) is found


def test_strict_asks_have_a_form() -> None:
    """What may hold an answer back must be able to fail."""
    assert STRICT
    for ask in STRICT:
        question = "在哪里申请" if ask is Ask.CHANNEL else ""  # only «where» and «how» have a form
        assert not has_evidence(ask, "。", question), ask


def test_asking_words_are_found_and_taken_out() -> None:
    """The topic is what is left of a question without its asking words."""
    question = "公租房有多少套"
    assert [question[a:b] for a, b in ask_spans(question, frozenset({Ask.FIGURE}))] == ["多少"]
    assert without_asks(question).replace(" ", "") == "公租房有套"
    assert without_asks("谁负责").strip() == ""


def test_a_form_may_stand_in_the_heading() -> None:
    """«申请材料» over «户口簿» makes it a list of papers; a sum of money stands in the text."""
    assert has_evidence(Ask.PENALTY, "暂停资格。", "怎么处罚", "罚则")
    assert not has_evidence(Ask.MONEY, "按月发放。", "多少钱", "每月300元")


@pytest.mark.parametrize(
    ("question", "owner"),
    [
        ("残联电话", "残联"),
        ("公安分局的电话是多少", "安分局"),
        ("落户咨询电话", None),
        ("电话是多少", None),
    ],
)
def test_whose_telephone(question: str, owner: str | None) -> None:
    assert phone_owner(question) == owner


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("是我自己去交材料还是公司给报", frozenset({Ask.YES_NO})),
        ("物业费是自己出还是政府出", frozenset({Ask.PAYER, Ask.YES_NO})),
        ("由哪些单位承担", frozenset({Ask.UNIT})),
        ("给多少奖励", frozenset({Ask.MONEY})),
        ("多少日内制定", frozenset({Ask.DURATION})),
        ("管这个的是谁", frozenset({Ask.UNIT})),
        ("依托什么单位", frozenset()),
        ("是哪10个小区", frozenset({Ask.NAMED})),
    ],
)
def test_what_is_asked(question: str, asks: frozenset[Ask]) -> None:
    assert asked_for(question) == asks
