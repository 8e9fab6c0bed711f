"""Personal numbers and small talk are caught before any search."""

from __future__ import annotations

import pytest

from qa.privacy import personal_data
from qa.smalltalk import reply


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("我的身份证是110101199003070000，能落户吗", "身份证号", id="id-card"),
        pytest.param("身份证 110101 19900307 000X 能查吗", "身份证号", id="id-card-in-groups"),
        pytest.param("１１０１０１１９９００３０７００００", "身份证号", id="full-width"),
        pytest.param("打我13000000000说", "手机号", id="mobile"),
        pytest.param("电话 130-0000-0000", "手机号", id="mobile-in-groups"),
        pytest.param("卡号6222 0200 0000 0000 000打不进去", "银行卡号或证件号", id="bank-card"),
    ],
)
def test_personal_numbers_are_named(text: str, kind: str) -> None:
    """Each kind is found in the ways people type it."""
    assert personal_data(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "2025—2028年新增多少套",
        "泉鲤政办〔2025〕6号第三条讲什么",
        "0595-22355772是谁的电话",
        "拨打12345有用吗",
        "到2028年新增就业20000人吗",
        "2024年7月4日到2025年12月31日",
    ],
)
def test_ordinary_figures_are_not_personal(text: str) -> None:
    """Years, 文号, land lines and amounts are part of policy questions."""
    assert personal_data(text) is None


@pytest.mark.parametrize(
    "text",
    ["你好", "您好！", "在吗？", "谢谢啦", "好的，谢谢", "你能做什么", "你是谁啊"],
)
def test_small_talk_gets_a_reply(text: str) -> None:
    """Greetings, thanks and questions about the program itself."""
    assert reply(text, "三明市") is not None


@pytest.mark.parametrize(
    "text",
    ["你好，我想问落户", "谢谢，那医保呢", "在三明怎么落户", "能做什么工作补贴"],
)
def test_a_question_with_a_greeting_is_a_question(text: str) -> None:
    """Politeness around a question does not swallow it."""
    assert reply(text, "三明市") is None
