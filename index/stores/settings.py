"""Which store serves, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import StoreError

KINDS = ("embedded", "milvus")
TEXTS = ("bm25", "jieba")


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where the legs are searched.

    ``uri``: a file (Milvus Lite) or http(s)://… (a server or cluster); ``token``: user:password
    or an API key; ``prefix``: before the names of collections, so that several installations
    share a cluster. ``text``: how Milvus searches words, ``bm25`` by the weights that tantivy
    would give (same scores as the embedded store), ``jieba`` by its own analyzer and BM25.
    """

    kind: str = "embedded"
    uri: str = ""
    token: str = ""
    prefix: str = "tiaowen"
    text: str = "bm25"

    @property
    def milvus(self) -> bool:
        """Whether Milvus searches."""
        return self.kind == "milvus"


def from_environment(values: Mapping[str, str] | None = None) -> StoreSettings:
    """Read TIAOWEN_STORE and TIAOWEN_MILVUS_URI, _TOKEN, _PREFIX, _TEXT.

    :param values: default the process environment.
    :raises StoreError: an unknown store or way to search, or no address.
    """
    values = os.environ if values is None else values
    kind = values.get("TIAOWEN_STORE") or "embedded"
    if kind not in KINDS:
        raise StoreError(f"TIAOWEN_STORE={kind}：没有这种存储，可用 {'、'.join(KINDS)}")
    if kind == "embedded":
        return StoreSettings()
    uri = values.get("TIAOWEN_MILVUS_URI", "").strip()
    if not uri:
        raise StoreError(
            "用 Milvus 存储时要用 TIAOWEN_MILVUS_URI 指明地址："
            "文件路径（Milvus Lite，如 ~/tiaowen.db）或 http://主机:19530（集群）"
        )
    text = values.get("TIAOWEN_MILVUS_TEXT") or "bm25"
    if text not in TEXTS:
        raise StoreError(f"TIAOWEN_MILVUS_TEXT={text}：可用 {'、'.join(TEXTS)}")
    prefix = values.get("TIAOWEN_MILVUS_PREFIX") or "tiaowen"
    if not (prefix.isascii() and prefix.isidentifier()):
        raise StoreError(f"TIAOWEN_MILVUS_PREFIX={prefix}：只能用英文字母、数字和下划线")
    token = values.get("TIAOWEN_MILVUS_TOKEN", "")
    return StoreSettings(kind, _address(uri), token, prefix, text)


def _address(uri: str) -> str:
    """The address as pymilvus takes it: it knows a file by its name ending in .db."""
    if "://" in uri:
        return uri
    path = Path(uri).expanduser().absolute()
    return str(path if path.suffix == ".db" else path.with_name(f"{path.name}.db"))
