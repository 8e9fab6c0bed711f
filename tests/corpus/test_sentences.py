"""Sentence spans."""

from __future__ import annotations

import pytest

from corpus import sentence_spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("第一句。第二句！", ["第一句。", "第二句！"], id="two"),
        pytest.param("一项；二项;三项", ["一项；", "二项;", "三项"], id="semicolons"),
        pytest.param("上一行\n下一行", ["上一行", "下一行"], id="line-ends"),
        pytest.param(
            "他说：“不行。再来。”然后走了。", ["他说：“不行。再来。”然后走了。"], id="quote"
        ),
        pytest.param("标准（甲。乙；丙）不变。", ["标准（甲。乙；丙）不变。"], id="bracket"),
        pytest.param("增长7.5%。至2.0万。", ["增长7.5%。", "至2.0万。"], id="decimals"),
        pytest.param(
            "办好。（责任单位：区教育局）", ["办好。", "（责任单位：区教育局）"], id="trailer"
        ),
        pytest.param("见https://a.cn/b?id=3；完", ["见https://a.cn/b?id=3；", "完"], id="link"),
        pytest.param("少了右括号（甲。乙。", ["少了右括号（甲。", "乙。"], id="open-bracket"),
        pytest.param("  ", [], id="blank"),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == expected


def test_spans_are_offsets_into_the_whole_text() -> None:
    text = "前文。要这一句。还有这句。后文"
    assert sentence_spans(text, 3, 13) == ((3, 8), (8, 13))
