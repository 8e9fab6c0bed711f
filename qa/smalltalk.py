"""Greetings, thanks and «what can you do»: a fixed friendly reply, no search."""

from __future__ import annotations

import re

from index.tokens import search_form
from qa import messages

_TAIL = r"[啊呀哦哈吧呢了~～!！。.,，?？\s]*"
_GREETING = re.compile(
    rf"^(?:您好|你好|哈喽|哈啰|hello|hi|嗨|早|早上好|上午好|下午好|晚上好|中午好|在吗|在么|在不在|有人吗|有人在吗|"
    rf"(?:您好|你好){_TAIL}(?:在吗|有人吗))(?:大家|客服|老师|同志|小助手)?{_TAIL}$"
)
_THANKS = re.compile(
    rf"^(?:好的?|嗯+|知道了|明白了?|懂了|行)?{_TAIL}(?:谢谢|多谢|感谢|谢了|辛苦了?|再见|拜拜|好的|知道了|明白了|没事了|没有了)"
    rf"(?:你|您|你们|啦|了|您了|大家)?{_TAIL}$"
)
_ABILITY = re.compile(
    r"你(?:能|会|可以)(?:做|干|帮我)?(?:什么|啥|哪些)|你(?:是谁|是什么|叫什么|是干(?:什么|啥|嘛)的?|有什么(?:用|功能))|"
    r"(?:能|可以)问(?:你)?(?:什么|哪些|啥)|怎么(?:用你|使用)|你是(?:机器人|人工|真人)|有(?:什么|哪些)功能"
)

# What a program that quotes documents cannot do, whatever the words beside it.
_TASKS = re.compile(
    r"(?:讲|说|来)(?:一?个|点|段)?(?:冷)?(?:笑话|故事|段子|相声)|(?:今天|明天|后天|这几天|现在|周末)?(?:的)?天气(?:怎么样|咋样|如何|预报|好吗|好不好|热吗|冷吗)|"
    r"(?:写|作|编|创作|生成|来)(?:一|几)?(?:首|篇|个|段|封|份)?(?:[^,，。？?]{0,10}(?:的)?)(?:诗|绝句|律诗|歌词|小说|作文|情书|对联|代码|程序|文案)|"
    r"翻译(?:成|一下)|(?:算|测)(?:一)?(?:命|卦|八字|运势)|(?:推荐|买)(?:一|几)?(?:只|支|部|首|本|款)?(?:股票|基金|电影|电视剧|歌|小说|游戏|彩票)|"
    r"假装你|扮演|你(?:现在)?是一个(?:没有|不受)|(?:忽略|无视|忘掉)(?:以上|上面|之前|前面)|"
    r"(?:唱|放)(?:一)?首?歌|陪我(?:聊|玩)|(?:做|当)我(?:的)?(?:女朋友|男朋友)"
)
# A policy question beside it is still answered: «天气怎么样，顺便问租房能落户吗».
_ALSO = re.compile(r"顺便|另外|还有|[?？][^?？]{4,}|能.{1,12}吗|归谁|补贴|政策|规定|办理")
# A person in despair. Clear first-person words only: «笑死», «死亡证明», «累死我了» are not.
_DESPAIR = re.compile(
    r"我?(?:真的?|好|很|都)?(?:想|要|准备|打算)(?:去)?(?:死(?!亡|记|守|磕|心|后|角|扛|板|机|路|党)(?!了?那条心)|自杀|轻生|跳楼|跳河|自尽|寻死|割腕|上吊|了结自己|结束生命|结束自己)|"
    r"(?:活|撑|熬|过)不下去了?(?![,，]?(?:店|生意|公司|厂|企业))|不想(?:再)?活(?!动|跃|儿|干)|活着(?:没|真没|有什么|没什么|没啥|还有什么|还有啥)(?:意思|意义)|"
    r"(?:生无可恋|一了百了|死了算了|不如死了|死了一了百了|自残|轻生的念头|自杀的念头)"
)
_NOT_DESPAIR = re.compile(
    r"(?:笑|累|热|冷|饿|气|烦|困|吵|急|爱|臭|丑|堵)死|死亡|死后|病死|猪|鸡|鸭|牛|羊|鱼|树|花|庄稼|手机|电脑|政策|"
    r"(?:店|公司|厂|企业|生意|单位|老板|养殖场?)[^,，。]{0,4}(?:活|撑|熬|过)不下去|预防|干预|防范|热线(?:是|归|谁)|抚恤"
)

# What is said about the last answer before the next question, and after it.
_REACTION = re.compile(
    r"^(?:(?:[哦噢喔嗯啊呀哎唉诶欸哟嗨呵]+|(?:那|这)?(?:就|下|样|也|倒|真|太|挺|蛮|还|可)*(?:是)?(?:好|棒|行|中|方便|省事|麻烦|可惜|遗憾)(?:的|嘞|吧|啊|呀|了|好|极了)*|"
    r"(?:原来)?(?:是)?这样(?:啊|子|呀|的)*|(?:我)?(?:知道|明白|晓得|懂|清楚|了解)(?:了|啦)?|谢谢?(?:你|您)?(?:了|啊)?|"
    r"(?:听|看)(?:起来|着|上去|来)(?:还|挺|蛮|真)?(?:不错|可以|好|行|复杂|麻烦)|(?:我)?看不(?:太)?(?:懂|明白)(?:啊|呀)?|(?:可)?总算[^,，。]{0,6}|"
    r"(?:[哎唉哦噢啊]哟?)?总算[^,，。]{0,6}|不错(?:不错|啊|嘛)?|可以(?:啊|的)?|(?:我)?放心了){1,3}[,，。!！~～…\s]+)+(?=.{2})"
)
_CLOSING = re.compile(
    r"[,，。\s]+(?:我)?(?:就|只是|是)?(?:想|来)?(?:问问|问一下|问下|打听(?:一)?下|请教(?:一)?下|了解(?:一)?下)(?:看)?[。!！~～\s]*$"
)


def without_reaction(text: str) -> str:
    """A follow-up without what it says of the last answer; a reaction alone stays.

    >>> without_reaction("哦这样啊，那太好了，电话有没有，我想问问")
    '电话有没有'
    """
    return _CLOSING.sub("", _REACTION.sub("", text.strip())) or text


def reply(question: str, areas: str) -> str | None:
    """The fixed reply to small talk, or None when the question is about something.

    :param areas: covered areas, as one readable line.
    """
    form = search_form(question).strip()
    if _DESPAIR.search(form) and not _NOT_DESPAIR.search(form):
        return messages.CARE
    if _GREETING.match(form):
        return messages.GREETING
    if _THANKS.match(form):
        return messages.THANKS
    if len(form) <= 20 and _ABILITY.search(form):
        return messages.ABILITY.format(areas=areas) if areas else messages.ABILITY_EMPTY
    if _TASKS.search(form) and not _ALSO.search(form):
        return messages.OFF_TOPIC
    return None
