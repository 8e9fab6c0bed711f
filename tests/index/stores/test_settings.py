"""Choosing the store from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import StoreError
from index.stores import StoreSettings, from_environment


def test_embedded_is_the_default() -> None:
    assert from_environment({}) == StoreSettings()
    assert not from_environment({"TIAOWEN_MILVUS_URI": "http://elsewhere:19530"}).milvus


def test_a_cluster_is_an_address() -> None:
    settings = from_environment(
        {"TIAOWEN_STORE": "milvus", "TIAOWEN_MILVUS_URI": "http://milvus:19530",
         "TIAOWEN_MILVUS_TOKEN": "root:secret", "TIAOWEN_MILVUS_PREFIX": "city_a"}
    )  # fmt: skip
    assert settings.uri == "http://milvus:19530"
    assert (settings.token, settings.prefix, settings.text) == ("root:secret", "city_a", "bm25")


def test_a_file_becomes_an_absolute_name_that_pymilvus_knows(tmp_path: Path) -> None:
    for name in ("own", "own.db"):
        settings = from_environment(
            {"TIAOWEN_STORE": "milvus", "TIAOWEN_MILVUS_URI": str(tmp_path / name)}
        )
        assert settings.uri == str(tmp_path / "own.db")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param({"TIAOWEN_STORE": "oracle"}, "没有这种存储", id="unknown-store"),
        pytest.param({"TIAOWEN_STORE": "milvus"}, "TIAOWEN_MILVUS_URI", id="no-address"),
        pytest.param(
            {"TIAOWEN_STORE": "milvus", "TIAOWEN_MILVUS_URI": "a", "TIAOWEN_MILVUS_TEXT": "x"},
            "TIAOWEN_MILVUS_TEXT",
            id="unknown-text",
        ),
        pytest.param(
            {"TIAOWEN_STORE": "milvus", "TIAOWEN_MILVUS_URI": "a", "TIAOWEN_MILVUS_PREFIX": "a-b"},
            "TIAOWEN_MILVUS_PREFIX",
            id="prefix-that-milvus-refuses",
        ),
    ],
)
def test_wrong_settings_say_what_is_wrong(values: dict[str, str], said: str) -> None:
    with pytest.raises(StoreError, match=said):
        from_environment(values)
