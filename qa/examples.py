"""Questions that a first visitor can start from, by topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

EXAMPLES: Mapping[str, Sequence[str]] = {
    "落户": ("鲤城落户还有限制吗", "在三明租房可以落户吗", "户口迁移能跨省办吗"),
    "入学": (
        "外地户口的孩子能在鲤城上公办学校吗",
        "三明随迁子女入学要看什么证",
        "成武随迁子女上学归谁管",
    ),
    "就业": ("鲤城有哪些找工作的平台", "成武每年培训多少农民工", "三明大龄农民工能享受什么服务"),
    "医保社保": (
        "灵活就业在鲤城能参加医保吗",
        "成武养老保险参保率要到多少",
        "持居住证参保补助一样吗",
    ),
    "住房养老": ("鲤城要新增多少套保障房", "成武哪些小区要改造", "三明农村养老有什么安排"),
}
