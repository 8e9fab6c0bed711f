"""The table of words: its arithmetic, its file, its fit, and the encoder that serves it."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from eval.distil import design, fit, least_squares, vocabulary
from index import fast, model
from index.encoder import OnnxEncoder, load_encoder, needs_default, unit
from index.errors import AdapterError, EncoderLoadError
from index.fast import FastEncoder
from index.static import FILE, Features, StaticTable, shipped

WORDS = ("落户", "租房", "补贴", "元", "落", "户")
SENTENCES = [
    f"{who}{what}{how}"
    for who in ("居民", "学生", "老年人", "企业", "退役军人")
    for what in ("申请落户", "租房", "领取补贴", "入学", "参加医疗保险", "办理居住证")
    for how in ("。", "，每月三百元。", "应当提交证明材料。", "由公安机关受理。")
]


def _table() -> StaticTable:
    """Return a table of two numbers a word, in a space of three."""
    codes = np.array([[2, 0], [0, 4], [1, 1], [-2, 0], [0, 0], [3, 3]], dtype=np.int8)
    scales = np.array([0.5, 0.25, 1.0, 1.0, 1.0, 1.0], dtype=np.float32)
    basis = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)
    return StaticTable("m", WORDS, codes, scales, basis, np.array([0, 0, 2], dtype=np.float32))


def test_a_vector_is_the_weighted_sum_of_its_words() -> None:
    """«租房租房补贴»: 租房 twice, 补贴 once; weights √2 and 1, divided by √3."""
    (vector,) = _table().embed(["租房租房补贴"])
    expected = [1 / sqrt(3), (sqrt(2) * 1.0 + 1.0) / sqrt(3), 2.0]
    np.testing.assert_allclose(vector, expected, rtol=1e-6)


def test_unknown_words_leave_the_centre() -> None:
    vectors = _table().embed(["租房", "zzz", "", "补贴"])
    np.testing.assert_array_equal(vectors[1], [0, 0, 2])
    np.testing.assert_array_equal(vectors[2], [0, 0, 2])
    np.testing.assert_allclose(vectors[3], [1, 1, 2])  # what stands between does not shift it
    assert _table().embed([]).shape == (0, 3)


def test_a_text_is_embedded_alike_whatever_stands_beside_it() -> None:
    table = _table()
    together = table.embed(SENTENCES)
    for number in (0, 17, len(SENTENCES) - 1):
        np.testing.assert_allclose(together[number], table.embed([SENTENCES[number]])[0], rtol=1e-6)


def test_words_long_words_in_parts_and_characters_are_counted() -> None:
    counts = Features(()).of("医疗保险A")
    assert counts["医疗保险"] == counts["医疗"] == counts["保险"] == counts["险"] == 1
    assert counts["a"] == 2  # a word and a character
    assert "A" not in counts


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    table = _table()
    table.save(tmp_path / FILE)
    loaded = StaticTable.load(tmp_path / FILE)
    assert (loaded.model, loaded.words, loaded.name) == ("m", WORDS, table.name)
    np.testing.assert_array_equal(loaded.embed(SENTENCES), table.embed(SENTENCES))


def test_the_name_tells_tables_apart() -> None:
    table = _table()
    other = StaticTable(
        table.model, table.words, table.codes + np.int8(1), table.scales, table.basis, table.centre
    )
    assert other.name != table.name


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", "不是词表".encode()], ids=["empty", "zip", "text"]
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(AdapterError, match="不是可用的"):
        StaticTable.load(tmp_path / FILE)


# --- fitting ---


def test_least_squares_is_the_solution_of_its_equations() -> None:
    """(XᵀX + λ) E = XᵀY, solved directly."""
    words = vocabulary(SENTENCES)
    matrix = design(Features(words), SENTENCES)
    rng = np.random.default_rng(1)
    targets = rng.normal(size=(len(SENTENCES), 5)).astype(np.float32)
    found = least_squares(matrix, targets, ridge=0.5, rounds=200)
    dense = matrix.toarray().astype(np.float64)
    expected = np.linalg.solve(dense.T @ dense + 0.5 * np.eye(len(words)), dense.T @ targets)
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_a_fit_finds_vectors_that_words_do_explain() -> None:
    """Texts that are sums of hidden word vectors are met, also where they were held out."""
    words = vocabulary(SENTENCES)
    rng = np.random.default_rng(2)
    hidden = rng.normal(size=(len(words), 16)).astype(np.float32)
    targets = unit(design(Features(words), SENTENCES) @ hidden)
    fitted = fit(SENTENCES, targets, "m", rank=16)
    assert fitted.texts == len(SENTENCES) - len(SENTENCES) // 20
    assert fitted.cosine_fitted > 0.98
    assert fitted.cosine > 0.95
    assert fitted.table.codes.dtype == np.int8


def test_rare_words_are_left_to_their_characters() -> None:
    words = vocabulary(["居住证"] * 2 + ["居民"] * 3)
    assert "居民" in words
    assert "居住证" not in words
    assert "居" in words


# --- serving ---


def _model() -> Path:
    folder = model.model_dir()
    if not model.status(folder).ready:
        pytest.skip("the model is not there")
    return folder


@pytest.mark.model
def test_passages_come_near_and_questions_are_the_models_own() -> None:
    folder = _model()
    published, cheap = OnnxEncoder(folder), load_encoder("fast", folder)
    texts = [
        "居住证持有人可以申请换领驾驶证。",
        "用人单位应当依法缴纳社会保险费。",
        "种子应当加工、包装。",
    ]
    near, own = cheap.encode(texts), published.encode(texts)
    np.testing.assert_allclose(np.linalg.norm(near, axis=1), 1.0, rtol=1e-5)
    assert (np.sum(near * own, axis=1) > 0.8).all()
    best = np.argmax(own @ near.T, axis=1)
    np.testing.assert_array_equal(best, [0, 1, 2])
    query = ["居住证怎么办"]
    np.testing.assert_array_equal(
        cheap.encode(query, kind="query"), published.encode(query, kind="query")
    )
    assert cheap.name != published.name
    assert cheap.dim == published.dim


@pytest.mark.model
def test_a_table_of_another_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _model()
    with pytest.raises(EncoderLoadError, match="不配套"):
        FastEncoder(folder, table=_table())
    monkeypatch.setattr(fast, "shipped_table", lambda: None)
    with pytest.raises(EncoderLoadError, match="词表缺失"):
        FastEncoder(folder)


@pytest.mark.model
def test_progress_is_told() -> None:
    seen: list[tuple[int, int]] = []
    encoder = load_encoder("fast", _model())
    encoder.encode(["落户"] * 3000, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(2048, 3000), (3000, 3000)]


def test_the_shipped_table_is_small_and_of_the_pinned_model() -> None:
    table = shipped()
    assert table is not None
    assert table.model == model.MODEL_FILES[1].sha256
    assert len(table.words) > 5_000


def test_which_models_need_the_default_files() -> None:
    assert all(map(needs_default, (None, "fast", "int8", "BAAI/bge-small-zh-v1.5")))
    assert not needs_default("some/other-model")
