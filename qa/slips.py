"""How likely one word is written for another: slips of sound, of look, of one character."""

from __future__ import annotations

from index.sounds import looks_like, near_sound, same_sound

# Negative logarithms of how often people write one character for another. These and the bar of
# `qa.spelling` were set on 2,151 questions of residents about other cities, 134 of them with slips;
# of 2,017 clean ones one in 400 is changed.
_COST_SLIP = 5.0  # any slip at all in a word
_COST_SOUND, _COST_LOOK, _COST_NEAR, _COST_OTHER = 1.0, 2.0, 3.0, 9.0
_COST_FUNCTION = 4.0  # the character that stands there is a common word by itself
# Words of one character that stand beside anything, those of dialects among them.
_FUNCTION = frozenset(
    "的了吗呢吧啊呀嘛么咧撒噻咯哒喽额着过得地给被把让叫跟和同与及就才都也还又再很太最更几哪谁啥咋怎这那此该"
    "我你您他她它咱俺俾喺唔嘅咗冇嚟啲伊侬阿伐伲畀㗎哋不没别未无有是在到去来回上下里外前后要能会可想得行"
    "爸妈爷奶哥姐弟妹爹娘娃家人钱天年月日号个次只套间户子一二两三四五六七八九十百千万"
)
# Of these, those that always follow a word: none begins a clause or follows one that points
# somewhere, so that 里 in 里城怎么落户 or 在里城租房 is no word by itself.
_FOLLOWING = frozenset("的了吗呢吧啊呀嘛么咧撒噻咯哒喽着得里")
POINTING = frozenset("在到去来回往从向离")


def cost(wrong: str, right: str, *, alone: bool = False) -> float:
    """How unlikely it is that ``wrong`` was written for ``right`` (negative logarithm, >= 0).

    :param alone: nothing stands before ``wrong`` that its first character could follow.
    """
    slips = [(one, other) for one, other in zip(wrong, right, strict=True) if one != other]
    if not slips:
        return 0.0
    spared = alone and wrong[0] != right[0] and wrong[0] in _FOLLOWING
    whole = sum(_cost_of(one, other) for one, other in slips)
    return _COST_SLIP + whole - (_COST_FUNCTION if spared else 0.0)


def _cost_of(one: str, other: str) -> float:
    extra = _COST_FUNCTION if one in _FUNCTION else 0.0
    if same_sound(one, other):
        return extra + _COST_SOUND
    if other in looks_like(one):
        return extra + _COST_LOOK
    return extra + (_COST_NEAR if near_sound(one, other) else _COST_OTHER)
