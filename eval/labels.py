"""What the words of cases and predictions are called in tables and reports."""

from __future__ import annotations

from collections.abc import Mapping

from eval.types import Kind, Reason
from qa.types import Status

STATUS_LABELS: Mapping[str, str] = {
    Status.ANSWERED: "作答",
    Status.RELATED_ONLY: "只给相关",
    Status.OTHER_AREA: "外地",
    Status.CLARIFY: "反问",
    Status.OFF_TOPIC: "无关",
    Status.REFUSED: "拒收",
    Status.ERROR: "出错",
}
KIND_LABELS: Mapping[str, str] = {
    Kind.QA: "单问",
    Kind.DIALOGUE: "对话",
    Kind.SEARCH: "检索",
}
REASON_LABELS: Mapping[str, str] = {
    Reason.OTHER_AREA: "外地",
    Reason.NOT_STATED: "文件没写",
    Reason.OFF_TOPIC: "无关",
    Reason.PERSONAL_DATA: "个人信息",
    Reason.EXPIRED_ONLY: "只有失效文件",
}
STYLE_LABELS: Mapping[str, str] = {
    "colloquial": "口语",
    "formal": "书面",
    "keyword": "关键词",
    "typo": "错别字",
    "traditional": "繁体",
    "dialect": "方言",
}
ASK_LABELS: Mapping[str, str] = {
    "what": "什么",
    "who": "谁负责",
    "how": "怎么",
    "howmany": "多少",
    "when": "何时",
    "where_how": "在哪办",
    "yesno": "能不能",
    "compare": "比较",
}
