"""Every fixed sentence that a resident can read, in one place.

Short, warm, no officialese, never blaming; each says what to do next.
"""

from __future__ import annotations

MAX_QUESTION = 500  # characters; longer ones are letters, not questions

DIGEST_NOTICE = "要点摘编，非官方原文，办理以原文为准"
EMPTY = "还没有看到您的问题。可以这样问：「外地户口的孩子能在鲤城上小学吗」。"
NO_WORDS = "没有读懂这句话。请用一句话说说想问的事，比如「三明租房能落户吗」。"
TOO_LONG = "这段话有 {length} 个字，超过了 {limit} 字的上限。请挑最想知道的一件事，用一两句话来问。"
REFUSED = "您的话里好像有{kind}。为了保护您，这句话没有保存，也没有查询。请去掉号码，只说想问的事。"
GREETING = "您好！我能帮您在政策文件里找到原话。想问落户、上学、就业、看病、住房，直接说就行。"
THANKS = "不客气。还有想问的，随时说。"
ABILITY = (
    "我只做一件事：在已收录的政策文件里找到能回答您的原文，一字不改地给您看，"
    "并注明文件、文号、条款、负责单位和是否有效。目前收录：{areas}。"
)
CARE = (
    "听到您这样说，很担心您。您不用一个人扛着：全国统一心理援助热线 12356，24 小时有人接听。"
    "如果现在就有危险，请马上拨打 120 或 110，也请告诉身边一位信得过的人。"
)
ABILITY_EMPTY = (
    "我只做一件事：在已收录的政策文件里找到能回答您的原文，一字不改地给您看，"
    "并注明文件、文号、条款、负责单位和是否有效。现在还没有收录文件。"
)
WHICH_TOPIC = "您想了解哪件事？比如落户、上学、就业、医保、住房，说出来就行。"
WHICH_TOPIC_OF = "您想了解{places}的哪件事？比如落户、上学、就业、医保、住房，说出来就行。"
OFF_TOPIC = (
    "这个问题不在政策文件的范围里，我答不了。您可以问落户、上学、就业、医保、住房、养老这些事。"
)
OTHER_AREA = (
    "您问的是{place}，目前还没有收录这个地方的文件。已收录：{areas}。建议向{place}的有关部门咨询。"
)
RELATED = "已收录的文件没有写明{what}。下面是最接近的条款，供您参考，不能当作答案。"
# Number and date stand at the head of a document, in no clause that could be quoted.
RELATED_HEAD = "《{title}》{said}（取自文件的版头和落款）。下面是这份文件里最接近的条款。"
RELATED_UNITS = "已收录的文件没有写明{what}。下面是最接近的条款；具体情况可以向{units}咨询。"
RELATED_PHONE = "文件里留的电话是 {phone}，可以打去问问。"
NOT_STATED = "这一点"
NOTHING = "已收录的文件里没有找到这件事。可以换个说法再问一次，或者向当地有关部门咨询。"
ANSWERED = "文件里是这样写的："
ANSWERED_AREAS = "几个地方的文件写到了，分别是："
ANSWERED_COMPARED = "放在一起看，文件里分别是这样写的："
ANSWERED_BUT = "{said}（{areas}的文件没有写明这一点。）"
ANSWERED_EACH = "您问了 {count} 件事，逐一回答如下。"
ANSWERED_SOME = "您问了 {count} 件事，能回答的在下面。{unanswered}"
ANSWERED_NONE = "您问了 {count} 件事，已收录的文件都没有写明。{unanswered}"
UNANSWERED = {
    "related_only": "“{question}”：已收录的文件没有写明。",
    "other_area": "“{question}”：还没有收录这个地方的文件。",
    "off_topic": "“{question}”：不在政策文件的范围里。",
    "clarify": "“{question}”：没有读懂，请换个说法。",
}
MORE_QUESTIONS = "一次最多回答 {limit} 件事，其余的请再问一次。"
NO_SUCH_DOCUMENT = "没有收录这个文号的文件。请核对一下文号，或者直接说说想问什么事。"
NO_MORE = "这件事没有找到更多条款了。可以换个说法再问，或者问问别的事。"
ERROR = "刚才出了点问题，没有查成。您前面的对话都还在，请过一会儿再问一次。"
EMPTY_CORPUS = "还没有导入任何政策文件。请先运行 tiaowen corpus add 加入文件。"
LEXICAL_ONLY = "向量模型还没有准备好，目前只按词语查找，可能找得不够准。"

WARN_LAPSED = "《{title}》{reason}，内容可能已经不适用，请以最新规定为准。"
WARN_DIGEST = DIGEST_NOTICE
WARN_TARGET = "这是到{year}年的工作目标，不表示现在已经做到。"
WARN_REPEALED = "《{title}》已经废止（{reason}），请以新的规定为准。"
WARN_NEWER = "{title}有更新的版本：{newer}，请以新的为准。"
WARN_COMING = "{newer}自{day}起施行，到时请以它为准。"
WARN_OLDER = "{older}是旧的版本，对应的条款列在“相关条款”里，只供对照。"
EDITION_YIELDS = "同一文件有几个版本，这里引用{title}"
OTHER_HOLDS = "有把握相近、现行有效的条款，排在它前面"
WARN_DIFFER = "各地的数字不一样，请看您所在地方的那一条。"
WARN_HIGHER = "{higher}和{lower}的文件写的数字不一样，两处都列出来了，请向当地有关部门核实。"
WARN_WIDER = "您问的是{place}；这里引用的是{area}的文件。"

# What a document does not state, by what was asked for; read after «没有写明».
WHAT: dict[str, str] = {
    "phone": "电话",
    "website": "网址或公众号",
    "person": "具体由哪个人负责",
    "address": "地址",
    "location": "具体地点",
    "hours": "办公时间",
    "papers": "要带哪些材料",
    "penalty": "怎样处罚",
    "undo": "怎样撤回或申诉",
    "named": "具体是哪一个",
    "money": "收费或金额",
    "duration": "期限或办理时限",
    "age": "年龄",
    "date": "具体日期",
    "unit": "由哪个单位负责",
    "benefit": "有没有补贴或优惠",
    "figure": "具体数字",
    "channel": "在哪里办、怎么办",
    "condition": "具体条件",
}
