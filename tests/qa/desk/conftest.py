"""A desk over a copy of the invented town."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from qa.desk.desk import Desk, open_desk
from qa.feedback import open_feedback
from qa.service import Service

# In our own words, of a place that no shipped document speaks of.
RULES = """远安县老旧小区加装电梯补助办法
远政办发〔2026〕3号

各乡镇人民政府：

一、补助对象

（一）补助范围。县城建成区里四层以上、没有电梯的住宅楼可以申请补助。（责任单位：县住建局）

（二）补助标准。每部新装电梯补助18万元，验收合格后三十日内拨付。（责任单位：县财政局）

二、附则

本办法自2026年2月1日起施行，有效期至2030年12月31日。

远安县人民政府办公室
2026年1月12日
"""


@pytest.fixture
def desk(own_town: Callable[[], Service]) -> Iterator[Desk]:
    """A desk that a test may do anything with."""
    service = own_town()
    feedback = open_feedback(service.home)
    opened = open_desk(service, feedback)
    yield opened
    opened.close()
    feedback.close()
