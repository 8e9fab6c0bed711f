"""What residents ask for, in tables: the forms of a question and the evidence in a text.

Each `AskRule` pairs the forms residents use with the evidence that has to stand in a quote. The
tables are about the language, not about any document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

DIGIT = r"(?:\d|[一二三四五六七八九十百千万两])"
CN = r"[一二三四五六七八九十百千万两]+"
# A number that counts something, not a year, a date or part of a 文号.
NUMBER = r"(?<![\d〔.])\d+(?:\.\d+)?(?![\d.年月日号〕-])"
# A sum of money; 三元区 and 城乡二元结构 are none.
SUM = (
    rf"{DIGIT}+(?:\.\d+)?[多余]?[亿万千百]?"
    r"(?:元(?![区县镇乡村街路桥化体素旦首]|结构|户籍)|块(?!地|区))"
)
_GENERIC = (  # what stands before a kind of place or body that is not its name
    "乡村|农村|城区|优质|规模|老旧|级|各|制|居民|新建|改造|重点|等|所|家|个|条|公办|普惠|骨干|主要|周边|基层|"
    "结对|和|与|、|中心|产业|示范|试点|小城|美丽|布局|完善|实现|推进|建设|国有|中小|龙头|链主"
)


def named(kinds: str) -> str:
    """A form of two characters of a name before one of these kinds: no «乡村小规模学校»."""
    return rf"(?:(?!{_GENERIC}|[局善现业])[\u4e00-\u9fff]){{2}}(?:{kinds})"


# A school, street or hospital with a name of its own, not «三级医院».
_NAMED_THING = named(
    "街道?|大道|路|巷|镇|乡|村|庄|小区|学校|[中小大]学|学院|职校|[一二三四五六七八九十]中|附中|医院|公司|集团|景区|公园"
)


class Ask(StrEnum):
    """A kind of fact."""

    UNIT = "unit"  # 归谁管
    FIGURE = "figure"  # 多少套, 几所, 比例
    MONEY = "money"  # 多少钱, 收费吗
    DURATION = "duration"  # 多久, 几个工作日
    DATE = "date"  # 什么时候, 哪年
    PHONE = "phone"  # 电话
    ADDRESS = "address"  # 在哪条路, 地址
    LOCATION = "location"  # 建在哪个镇, 选址
    HOURS = "hours"  # 几点上班, 周末开不开
    CHANNEL = "channel"  # 在哪办, 怎么申请, 网上能办吗
    PAPERS = "papers"  # 要什么材料
    CONDITION = "condition"  # 要什么条件
    AGE = "age"  # 几岁
    PERSON = "person"  # 局长是谁
    NAMES = "names"  # 哪几个, 有哪些
    YES_NO = "yes_no"
    DEFINITION = "definition"  # 是什么意思
    WEBSITE = "website"  # 网址, 公众号
    NAMED = "named"  # 哪所学校, 哪条街: one that has a name
    PAYER = "payer"  # 谁出钱, 自己掏吗
    PENALTY = "penalty"  # 罚款
    UNDO = "undo"  # 怎么取消, 去哪申诉
    BENEFIT = "benefit"  # 有没有补贴, 有优惠吗


@dataclass(frozen=True, slots=True)
class AskRule:
    """How an ask is recognised in a question and proved in a quote (both in search form)."""

    ask: Ask
    question: re.Pattern[str]
    evidence: re.Pattern[str] | None


def _rule(ask: Ask, question: str, evidence: str | None) -> AskRule:
    return AskRule(ask, re.compile(question), re.compile(evidence) if evidence else None)


_UNIT_BODY = (
    r"[局委办部厅院会]|中心(?!\d|建设|[一二两三四五六七八九十]+个)|公司|支队|总工会|联合会|政府|街道|"
    r"银行|公积金|妇联|团委|残联|法院|机关"
)
# Order matters: the first rules are the more special ones, and some shut out the later ones.
RULES: tuple[AskRule, ...] = (
    _rule(
        Ask.PHONE,
        r"电话|手机号|座机|号码是|热线|联系方式|怎么联系|打哪个号|打什么号",
        r"(?:0\d{2,3}[-—]?)\d{7,8}|1\d{10}|\b12\d{3}\b|(?<!\d)\d{8}(?!\d)|电话",
    ),
    _rule(
        Ask.WEBSITE, r"网址|网站是|公众号|微信号|小程序叫|二维码", r"www|http|网站|公众号|小程序"
    ),
    _rule(
        Ask.PERSON,
        r"(?:局长|主任|书记|区长|县长|市长|镇长|村长|组长|院长|站长|负责人|联系人|校长|经办人)(?:是|叫|姓|的名字|什么)|找哪位|姓什么|"
        r"(?<!负责)(?<!牵头)(?<!单位)(?<!部门)(?<!主管)(?<!管)(?<!办)(?<!主体)(?<!的)是谁(?:\?|$)|(?:作者|起草人|发明人|领导|老板|签发人)(?:是谁|叫什么)|是谁(?:写|签|当)",
        r"联系人|[书局区县市校组院]长[:是为由]|主任[:是为由]|由[^,。;]{1,12}任组长",
    ),
    _rule(
        Ask.ADDRESS,
        r"地址|在(?:什么|哪(?:一)?条)(?:路|街)|几楼|几号楼|坐几路|怎么走|在什么位置|窗口在哪|(?:局|大厅|中心|窗口|派出所)在哪",
        r"地址|位于|(?<![〕\])\d第])\d+号|[路街道]\d",
    ),
    _rule(
        Ask.LOCATION,
        r"(?:建|盖|设|开|修|放|布|装|选|落|位|坐落|搬|迁|排)(?:设|建)?(?:在|于|到)(?:哪|什么(?:地方|位置))|选址|"
        r"在哪个(?:小区|镇|乡|村|街道|位置|路段|片区|地段|地方)|哪个(?:小区|路段|地段)",
        r"选址|位于|坐落|落户于|(?:在|到|依托|沿)[^,。;]{1,14}(?:街道|镇|路|村|片区|新区|园区|地段)|片区|新[区城]|城区",
    ),
    _rule(
        Ask.HOURS,
        r"几点|[上下]班时间|营业时间|办公时间|几时开门|"
        r"(?:周末|周六|周日|星期[六天日]|节假日|中午).{0,6}(?:上班|开门|开不开|办公|能办|可以办|营业|休息|有人|放假)",
        r"\d+[点时:]|周[一二三四五六日末]|节假日",
    ),
    _rule(
        Ask.PAPERS,
        r"(?<!新)材料(?!产业|企业|工业)|证件|(?:什么|哪些|啥|几道|要|走|办)手续(?!费)|手续(?:多|复杂|麻烦|要|需|怎么|有)|几样东西|(?:带|准备|提供|提交|要|需要)(?:些)?(?:什么|哪些|啥)(?:东西|证|资料|证明|文件)|资料|"
        r"(?:要|用)(?:不要|不用)?(?:身份证|户口本|房产证|学历证|结婚证|照片|原件|复印件)|(?:要|需)?(?:开|提供|交).{0,4}证明",
        r"材料|证件|身份证|户口(?:本|簿)|房产证|申请表|复印件|证明|"
        r"(?:凭|提交|提供|携带|出示|出具|以)[^,。;]{0,8}居住证|居住证(?:原件|复印件|为)",
    ),
    _rule(
        Ask.PENALTY,
        r"罚款|罚多少|处罚|怎么罚|咋罚|罚不罚|挨罚|罚钱|会不会罚|判几年",
        r"罚|处分|追究|滞纳金|取消|核减|责令|收回",
    ),
    _rule(
        Ask.UNDO,
        r"(?:怎么|咋|如何|能不能|能|可以|去哪儿?|向谁|要|上哪).{0,6}"
        r"(?:取消|退(?!休|役|伍|耕|出来)|改期|申诉|投诉|举报|复议|撤销|注销)|(?:申诉|投诉|复议)(?:渠道|电话|部门)",
        r"申诉|投诉|举报|复议|撤销|注销|退出|退还|返还|一次性支付|改期|取消(?:预约|申请|资格)",
    ),
    _rule(
        Ask.NAMED,
        r"哪(?:一|几|两|三)?所(?!都)|哪(?:一|几|两|三)?条(?:街|路|线|巷)|哪(?:一|几|两|三)?家(?:三级|二级)?(?:医院|公司|企业|银行|机构(?!负责|管|报|办|领|交|申请))|"
        r"哪(?:些|(?:一|几|[一二两三四五六七八九十百\d]+)?个)(?:[^,。?]{0,4})?(?:镇|乡|村|社区|小区|学校|中学|小学|村小|医院|公司|厂子|景区|公园)|(?:是|叫)哪(?:个)?(?:学校|医院|小区|镇|村)|"
        r"(?:学校|中学|小学|医院|小区|公园|景区|幼儿园)[^,。?]{0,6}叫(?:什么|啥)|叫什么名字",
        _NAMED_THING,
    ),
    _rule(
        Ask.PAYER,
        r"谁(?:来|给)?(?:赔|出钱|掏|付|交钱|负担|承担|买单|出资)|"
        r"(?:钱|费用?)[^,。?]{0,8}(?:谁|哪个|哪家)(?:来|家)?(?:出|掏|付|交|给|负担|承担)|"
        r"(?:自己|自个儿?|个人|住户|老百姓|我们|自家)[^,。?]{0,4}(?:出钱|掏钱|掏腰包|花钱|出一部分|出多少|掏多少)|"
        r"(?<![哪些个么家])(?:自己|个人|住户|我们|政府|公家|国家|单位|公司)[来要得]?(?:出|掏|付|承担|负担)(?=还是|或者|[吗嘛呢,?]|$)",
        r"承担|负担|自付|自费|出资|分担|共担|自筹|财政|免费|支付|筹集|赔偿|资金|由[^,。;]{1,12}缴|缴纳",
    ),
    _rule(
        Ask.BENEFIT,
        r"(?:有没有|有无|给不给|能不能|可不可以|有|(?<![技功智性才])能|给|享受)[^多几]{0,10}(?:优惠|减免|补助|补贴|奖励|津贴|打折)(?:.{0,4}(?:吗|没|不|嘛|么|\?|$))",
        r"优惠|减免|补助|补贴|奖补|奖励|津贴|资助|免费|返还|同等|相同",
    ),
    _rule(
        Ask.MONEY,
        r"多少钱|多少(?:工资|补贴|补助|奖金|学费|租金|费用|定金)|几块钱?|几毛|几[百千](?!人|户|套|个|家|公里|亩|年|吨|名|米)|几元|多少(?:元|块)|多少万(?!人|亩|吨|平)|花多少|收费|费用|要钱|免费|交钱|押金|工本费|手续费|金额|补贴标准|"
        r"[费价租]标准|(?:水|电|气|票|房|定|单|地)价|价格|租金|利率|贴息几|(?:保育|学|住宿|停车|物业|管理|服务)费|"
        r"(?:补|发|给|领|奖|报|缴|交|罚|贷|涨|赔|退|收|卖|值)(?:我|人|你|到手|到|个|得|付)?(?:多少|几)(?:钱|元|块|万)?(?!套|人|户|个|所|家|条|间|公里|里|年|月|天|次|期|批|种|回|分|学生|名|位|倍|样|张|本|遍|打工|农民|工人|老人|孩|娃|残疾|村)|"
        r"(?:工资|房租|租金|房价|保费|学费|补助|补贴|奖励|低保金|养老金|额度|报销)(?:是|有|能|给|发|涨|要|标准|大概|每月|一个月)*(?:多少(?!年|个?月|天|次|人)|几(?!年|个?月|天|次|人|期)|什么标准)",
        rf"{SUM}|免费|免收|不收|全额|无需缴费|\d+(?:\.\d+)?[%‰]|{DIGIT}+(?:\.\d+)?倍|除以\d",
    ),
    _rule(
        Ask.DURATION,
        r"多久|多长时间|多少(?:个?工作)?日(?!元)|(?:提前|(?<![过好这那前近十]))几天(?!前|后|内)|几个?工作日|多少天|(?<![过好这那前近十了])几个月(?!前|后|内|了)|要等|"
        r"(?<![这那好过近前后有哪头十了])几年(?!级|了|来|前|后|间|里)|多少年(?!龄)|期限|年限|时限|满几|什么时候能(?:办好|办完|下来|拿到)",
        rf"{DIGIT}+个?(?:工作日|日内|天|个月|小时|年(?!级|度)|周)|\d{{4}}[-—至]+\d{{4}}|有效期|长期有效|终身|"
        rf"半[年月天]|{DIGIT}+(?:分钟|个?季度)|每(?:半|{DIGIT})?[年月季周日]|[一1]次|随时|即时|当[日天月]",
    ),
    _rule(
        Ask.AGE,
        r"几岁|几周岁|多少(?:周)?岁|多大(?:年纪|岁数|年龄|能|可以|才|算|的?(?:娃|孩|小孩|人|学生))|年龄(?:要求|限制|条件|上限|下限|标准|范围|是|要|有)|(?:上|下)限.{0,4}岁",
        r"岁|年龄",
    ),
    _rule(
        Ask.DATE,
        r"什么时候|啥时候|啥时后|什么时后|何时|几时|哪年|哪一年|哪一?个?月|哪一?天|几号|几月|几点|日期|时间(?:是|节点|表)|什么时间|"
        r"到哪年|截止|起(?:生效|施行|执行)|多会儿",
        r"\d{4}年|\d+月|\d+日|年底|年内|每[年月季]|起施行|\d+点|期间|以来|"
        # when something else has happened: 次月, 届满之日起, 审核通过后
        rf"次[日月年]|[上当本][日月年]|届满|期满|之日|日内|第{DIGIT}+个?[月周季]|满{DIGIT}+|[年月日]前|"
        r"(?:通过|结束|完成|公布|办理|入学|入伍|离开|出[国境]|毕业|报到|迁[出入移]|出生|死亡|变更|签订|终止|发生|到达)[之以]?[前后]",
    ),
    _rule(
        Ask.UNIT,
        r"谁(?:负责|管|来|牵头|主管|在管|办|审|解释|起草|制定|出台|印发|家|去办)|主管(?:单位|部门)?|归谁|归哪|哪个(?:部门|单位|局|科室|机构|衙门)|哪些(?:部门|单位|局)|"
        r"(?<!依托)(?<!依靠)什么(?:部门|单位|局)|(?:管|负责|主管|牵头)(?:这|那|此)?(?:个|事|件|块|方面|些)*的?是谁|哪家(?:单位|部门|机构)|找谁|找哪|问谁|问哪|由谁|责任单位|牵头(?:单位|部门)|主管部门|负责(?:单位|部门)|"
        r"(?:是|由|要|得|该)?(?<!拿)(?<!用)(?<!靠)(?:哪|什么)(?:儿)?(?:个)?(?:管|负责)|哪(?:里|个|边|儿)管|啥部门|啥单位|哪个在管|向谁|跟谁|"
        # 那 and 部们 are how 哪 and 部门 are often typed
        r"[何那](?:个|些|家)?(?:部[门们]|单位|机构|局)(?=管|负责|主管|办|牵头|$|\?)|(?:归|由|是|找|该)那个?(?:部[门们]|单位|局|里|儿|边|家|个)|哪个部们|[哪那]里管|"
        r"何(?:单位|部门|机构)|哪(?:一)?家(?:单位)?(?:牵头|负责|在?管|办|主管|承担)|谁(?:家)?(?:搞|弄|组织|承担|出面)|"
        r"责任部门|(?<=[\s、,])(?:责任|负责|主管|牵头)?(?:单位|部门)$",
        rf"责任|负责|牵头|{_UNIT_BODY}",
    ),
    _rule(
        Ask.FIGURE,
        r"多少(?!个?部门|个?单位)|(?<![哪这那好十])几(?:个|所|套|家|条|公里|户|处|万|人|名|位|项|栋|座|成|次|倍|级|块|辆|件|种|类|期|亩|间|"
        r"台|张|平|米|吨|分|点|里)|比例|百分之|占比|(?<!效)率(?:是|要|能|到|达|目标|多高|怎么|$|\?)|多高|多大|数量|规模(?:有|是)|"
        r"多长(?!时间)|面积|总数|目标值|分数线",
        rf"{NUMBER}|百分之|\d+[::︰比]\d+|{CN}(?:个|所|套|家|条|项|处|户|人|名|次|回|批)|{CN}分之{CN}|[过近]?半数|全部|全体|全覆盖|翻番|一半",
    ),
    _rule(
        Ask.CHANNEL,
        r"在哪(?!年|天)|去哪|到哪(?!年|天|一)|哪里|哪儿|怎么(?:办|申请|弄|报|查|预约|交|参加|登记|领|办理|操作|迁|落|上)|如何|网上|手机上|线上|app|平台|渠道|途径|"
        r"什么方式|怎样|咋(?:办|弄|申请|整|报|个)|流程|步骤|咋样才能|上哪",
        None,
    ),
    _rule(
        Ask.CONDITION,
        r"条件|要求|门槛|资格|符合什么|满足什么|什么人|哪些人|哪类人|谁(?:能|可以|可)|限制|标准|对象|要不要(?:买房|社保|居住证)",
        None,
    ),
    _rule(
        Ask.DEFINITION,
        r"什么意思|是什么|啥意思|是啥|啥叫|啥是|什么是|指的是|什么叫|何为|含义|解释一下|怎么理解",
        None,
    ),
    _rule(
        Ask.NAMES,
        r"哪些|哪几|有什么|有啥|什么(?!时|人|部|单|局|样|意)|啥|包括|列举|叫什么|名单|名字|哪[两三四五六条个所家种]",
        None,
    ),
    _rule(
        Ask.YES_NO,
        r"吗|能不能|可不可以|是不是|有没有|会不会|要不要|行不行|用不用|让不让|算不算|给不给|是否|能否|可否|不(?:\?|$)|没(?:\?|$)|(?<![什怎多])么(?:\?|$)|"
        r"[^,。?]{2,14}还是(?:由|归|去|在|到|找|给|公司|单位|政府|国家|自己|我|你|[\u4e00-\u9fff]{2})|可以.{0,12}(?:不|没)|[能有]木有|行不|得不得|中不中|嘛(?:\?|$)|对(?:吧|不对)|不限|还.{1,12}不",
        None,
    ),
)
# Words that ask only where nothing else does: «材料交了啥时候知道结果» wants a date, no papers.
WEAK: dict[Ask, re.Pattern[str]] = {
    Ask.PAPERS: re.compile(r"材料|资料|证件"),
    Ask.MONEY: re.compile(
        r"费用|金额|(?:水|电|气|票|房|定|单|地)价|价格|租金|利率|(?:保育|学|住宿|停车|物业|管理|服务)费"
    ),
    Ask.DURATION: re.compile(r"期限|年限|时限|几天|几个月|几年"),
    Ask.ADDRESS: re.compile(r"地址"),
    Ask.PHONE: re.compile(r"(?<!有)(?:电话|手机号)(?!有没有|有吗|有不|[给发]我)"),
    Ask.FIGURE: re.compile(r"面积|数量|比例|几个人"),
}
# Forms that look like a later ask but are only the words of an earlier one.
SHUTS_OUT: dict[Ask, frozenset[Ask]] = {
    Ask.MONEY: frozenset({Ask.FIGURE}),
    Ask.PAYER: frozenset({Ask.UNIT, Ask.NAMES}),
    Ask.PENALTY: frozenset({Ask.MONEY, Ask.FIGURE, Ask.CONDITION}),
    Ask.UNDO: frozenset({Ask.CHANNEL, Ask.UNIT}),
    Ask.NAMED: frozenset({Ask.NAMES, Ask.FIGURE, Ask.LOCATION, Ask.UNIT, Ask.CHANNEL}),
    Ask.DURATION: frozenset({Ask.FIGURE, Ask.DATE}),
    Ask.AGE: frozenset({Ask.FIGURE}),
    Ask.PHONE: frozenset({Ask.FIGURE, Ask.CHANNEL, Ask.UNIT}),
    Ask.ADDRESS: frozenset({Ask.CHANNEL, Ask.LOCATION, Ask.NAMES}),
    Ask.LOCATION: frozenset({Ask.CHANNEL, Ask.NAMES}),
    Ask.HOURS: frozenset({Ask.DATE, Ask.DURATION, Ask.FIGURE}),
    Ask.DATE: frozenset({Ask.FIGURE}),
    Ask.PAPERS: frozenset({Ask.NAMES, Ask.CONDITION}),
    Ask.UNIT: frozenset({Ask.NAMES, Ask.CHANNEL}),
    Ask.PERSON: frozenset({Ask.NAMES, Ask.UNIT}),
    Ask.WEBSITE: frozenset({Ask.NAMES, Ask.CHANNEL}),
    Ask.DEFINITION: frozenset({Ask.NAMES}),
}
# Asks whose answer has a form of its own: without that form a text cannot be the answer.
STRICT: frozenset[Ask] = frozenset(
    {
        Ask.PHONE,
        Ask.WEBSITE,
        Ask.PERSON,
        Ask.ADDRESS,
        Ask.LOCATION,
        Ask.HOURS,
        Ask.PAPERS,
        Ask.MONEY,
        Ask.DURATION,
        Ask.AGE,
        Ask.NAMED,
        Ask.PAYER,
        Ask.PENALTY,
        Ask.UNDO,
        Ask.BENEFIT,
        Ask.CHANNEL,
    }
)
# Asks whose form may stand in the heading: «申请材料» over «户口簿».
HEADED: frozenset[Ask] = frozenset({Ask.PAPERS, Ask.BENEFIT, Ask.PENALTY, Ask.UNDO})
