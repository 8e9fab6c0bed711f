"""The default encoder: shapes, lengths, order, prefix, and what it does not import."""

from __future__ import annotations

import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import QUERY_INSTRUCTION, OnnxEncoder, batches, load_encoder, unit
from index.errors import ModelMissingError
from index.model import MODEL_FILES
from index.onnx_bert import MAX_TOKENS, Floats, pad

TEXTS = ["落户要什么材料", "", "公租房" * 400, "随迁子女入学", "a", "随迁子女入学"]


@pytest.fixture(scope="module")
def encoder(model_folder: Path) -> OnnxEncoder:
    return OnnxEncoder(model_folder, threads=2)


def test_rows_are_float32_unit_and_in_the_order_given(encoder: OnnxEncoder) -> None:
    rows = encoder.encode(TEXTS)

    assert rows.shape == (len(TEXTS), encoder.dim) == (6, 512)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(rows[3], rows[5])
    for number, text in enumerate(TEXTS):
        np.testing.assert_allclose(rows[number], encoder.encode([text])[0], atol=5e-6)


def test_no_text_gives_no_row(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, 512)


def test_meaning_is_near(encoder: OnnxEncoder) -> None:
    question = encoder.encode(["孩子户口不在本地，怎么上小学"], kind="query")[0]
    near, far = encoder.encode(["随迁子女凭居住证申请义务教育入学。", "加强城市排水防涝设施建设。"])

    assert question @ near > question @ far + 0.2


def test_a_query_takes_the_instruction(encoder: OnnxEncoder) -> None:
    query = encoder.encode([TEXTS[0]], kind="query")

    np.testing.assert_array_equal(query, encoder.encode([QUERY_INSTRUCTION + TEXTS[0]]))
    assert not np.allclose(query, encoder.encode([TEXTS[0]]))


def test_text_beyond_512_tokens_does_not_count(encoder: OnnxEncoder) -> None:
    long = "住" * (MAX_TOKENS - 2)  # and [CLS], [SEP]

    assert len(encoder.bert("passage").tokenize([long + "房"])[0]) == MAX_TOKENS
    np.testing.assert_array_equal(encoder.encode([long]), encoder.encode([long + "房"]))


def test_case_does_not_matter(encoder: OnnxEncoder) -> None:
    """The vocabulary has no upper-case letter; as published, APP would be unknown."""
    upper, lower = encoder.encode(["闽政通APP", "闽政通app"])

    assert "[UNK]" not in encoder.bert("passage").tokenizer.encode("闽政通APP").tokens
    np.testing.assert_allclose(upper, lower, atol=5e-6)


def test_a_lone_surrogate_is_read_as_a_question_mark(encoder: OnnxEncoder) -> None:
    np.testing.assert_array_equal(encoder.encode(["落户\ud800"]), encoder.encode(["落户?"]))


def test_progress_counts_texts(encoder: OnnxEncoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode(["住房" * 200] * 12, progress=lambda done, of: seen.append((done, of)))

    assert seen == [(5, 12), (10, 12), (12, 12)]  # 402 tokens each, 2,048 a batch


def test_name_tells_the_content(encoder: OnnxEncoder) -> None:
    assert encoder.name == "bge-small-zh-v1.5@48cea5d44424.1294ea4b6331.r1"


def test_threads_share_one_encoder(encoder: OnnxEncoder) -> None:
    expected = [encoder.encode([text]) for text in TEXTS]
    got: dict[int, Floats] = {}

    def work(number: int) -> None:
        got[number] = encoder.encode([TEXTS[number]])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(TEXTS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for number, rows in enumerate(expected):
        np.testing.assert_allclose(got[number], rows, atol=5e-6)


def test_neither_torch_nor_transformers_is_imported(model_folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index.encoder import load_encoder;"
        "load_encoder(None, Path(sys.argv[1])).encode(['落户']);"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(model_folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("model", [None, "", "bge-small-zh-v1.5", "BAAI/bge-small-zh-v1.5"])
def test_the_default_has_several_names(model: str | None, model_folder: Path) -> None:
    assert isinstance(load_encoder(model, model_folder), OnnxEncoder)


def test_missing_and_bad_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")

    with pytest.raises(ModelMissingError) as caught:
        load_encoder(None, tmp_path)

    assert str(caught.value) == (
        f"模型文件夹「{tmp_path}」不完整：tokenizer.json 内容不对；缺 model_optimized.onnx。"
        "请运行 tiaowen model fetch 取回模型。"
    )


def test_the_table_is_what_the_encoder_reads() -> None:
    assert [file.name for file in MODEL_FILES] == ["tokenizer.json", "model_optimized.onnx"]


@given(
    st.lists(st.integers(min_value=2, max_value=MAX_TOKENS), max_size=60),
    st.integers(min_value=1, max_value=3000),
)
def test_batches_take_every_row_once_within_the_budget(lengths: list[int], budget: int) -> None:
    got = list(batches(lengths, budget))

    assert sorted(number for batch in got for number in batch) == list(range(len(lengths)))
    for batch in got:
        longest = max(lengths[number] for number in batch)
        assert len(batch) == 1 or longest * len(batch) <= budget
    flat = [lengths[number] for batch in got for number in batch]
    assert all(a >= b for a, b in pairwise(flat))


def test_pad_fills_on_the_right() -> None:
    ids, mask = pad([[101, 7, 102], [101, 102]])

    assert ids.tolist() == [[101, 7, 102], [101, 102, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]
    assert ids.dtype == mask.dtype == np.int64


def test_unit_leaves_a_zero_row_at_zero() -> None:
    rows = unit(np.array([[3, 4], [0, 0]], dtype=np.float32))

    np.testing.assert_allclose(rows, np.array([[0.6, 0.8], [0, 0]]), rtol=1e-6)
