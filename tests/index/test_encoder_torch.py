"""ONNX Runtime and PyTorch agree on the same weights; so does the sentence-transformers module."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.encoder import QUERY_INSTRUCTION, OnnxEncoder, SentenceTransformerEncoder
from index.encoder import load_encoder as load
from index.errors import EncoderLoadError
from index.onnx_bert import MAX_TOKENS, Floats, pad

pytest.importorskip("onnx", reason="a development dependency, needed to read the weights")
torch = pytest.importorskip("torch")

TEXTS = (
    "",
    "落户",
    "我家娃户口在外地，能在鲤城上小学吗",
    "（三）推进随迁子女入学待遇同城化。责任单位：区教育局、区人社局",
    "2025年新增保障性租赁住房1200套（间），App “闽政通” 可办，电话0595-12345。",
    "Hello, World! naïve café ０１２ＡＢＣ ㎡ ①",
    "繁體字與異體字：臺灣、裏、鲤鱼",
    "🙂🙂 \t\n 　 空白",
    "居住证持有人" * 40,
    "深入实施以人为本的新型城镇化战略，" * 90,  # 1,530 characters: cut at 512 tokens
    "a" * 3000,
)
# Exact GELU against the file's tanh approximation: up to 2.1e-4 on sentences, 3.6e-4 on texts of
# hundreds of tokens (cosine of the two vectors at least 0.999997).
EXACT_GELU = 5e-4
# The same activation on both sides: 2e-7 measured; what is left is the order of additions.
SAME_GELU = 5e-6


def _by_torch(encoder: OnnxEncoder, folder: Path, activation: str) -> Floats:
    """Encode TEXTS in one padded batch with PyTorch: [CLS], unit length."""
    from eval.adapting.bert import bert_from_onnx

    model = bert_from_onnx(folder / "model_optimized.onnx", activation=activation)
    ids, mask = pad(encoder.bert("passage").tokenize(TEXTS))
    assert ids.shape[1] == MAX_TOKENS
    with torch.inference_mode():
        states = model(torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
    rows = torch.nn.functional.normalize(states.last_hidden_state[:, 0])
    return np.asarray(rows)


@pytest.fixture(scope="module")
def encoder(model_folder: Path) -> OnnxEncoder:
    return OnnxEncoder(model_folder)


@pytest.mark.parametrize(
    ("activation", "tolerance"),
    [
        pytest.param("gelu", EXACT_GELU, id="as-trained"),
        pytest.param("gelu_pytorch_tanh", SAME_GELU, id="as-the-file-computes"),
    ],
)
def test_onnx_equals_pytorch(
    encoder: OnnxEncoder, model_folder: Path, activation: str, tolerance: float
) -> None:
    difference = np.abs(encoder.encode(TEXTS) - _by_torch(encoder, model_folder, activation))

    assert difference.max() <= tolerance


@pytest.fixture(scope="module")
def torch_folder(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same weights as an ordinary sentence-transformers model folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import PreTrainedTokenizerFast

    from eval.adapting.bert import bert_from_onnx

    parts, folder = tmp_path_factory.mktemp("parts"), tmp_path_factory.mktemp("bge-small-zh")
    bert_from_onnx(model_folder / "model_optimized.onnx").save_pretrained(parts)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=OnnxEncoder(model_folder).bert("passage").tokenizer,
        model_max_length=MAX_TOKENS,
        pad_token="[PAD]",
    ).save_pretrained(parts)
    SentenceTransformer(modules=[Transformer(str(parts)), Pooling(512, "cls")]).save(
        str(folder), create_model_card=False
    )
    return folder


def test_module_gives_the_same_vectors(encoder: OnnxEncoder, model_folder: Path) -> None:
    from index.st_module import sentence_transformer

    model = sentence_transformer(model_folder)
    rows = model.encode(list(TEXTS), show_progress_bar=False)
    questions = model.encode_query(list(TEXTS[:3]), show_progress_bar=False)

    assert model.get_embedding_dimension() == encoder.dim
    np.testing.assert_allclose(rows, encoder.encode(TEXTS), atol=SAME_GELU)
    np.testing.assert_allclose(questions, encoder.encode(TEXTS[:3], kind="query"), atol=SAME_GELU)


def test_module_is_saved_and_loaded(
    encoder: OnnxEncoder, model_folder: Path, tmp_path: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    from index.st_module import sentence_transformer

    sentence_transformer(model_folder).save(str(tmp_path), create_model_card=False)
    with pytest.raises(EncoderLoadError, match="third-party code"):
        load(str(tmp_path), tmp_path)  # a folder names code to run: not without being told to
    model = SentenceTransformer(str(tmp_path), device="cpu", trust_remote_code=True)
    rows = model.encode_query([TEXTS[2]], show_progress_bar=False)

    np.testing.assert_array_equal(rows, encoder.encode([TEXTS[2]], kind="query"))


def test_any_other_model_loads_by_its_folder(encoder: OnnxEncoder, torch_folder: Path) -> None:
    other = load(str(torch_folder), torch_folder)
    seen: list[tuple[int, int]] = []
    rows = other.encode(TEXTS, progress=lambda done, of: seen.append((done, of)))

    assert isinstance(other, SentenceTransformerEncoder)
    assert other.dim == 512
    assert other.encode([]).shape == (0, 512)
    assert seen == [(len(TEXTS), len(TEXTS))]
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows, encoder.encode(TEXTS), atol=EXACT_GELU)
    np.testing.assert_allclose(  # the folder carries no prompt; its name says which one it takes
        other.encode([TEXTS[2]], kind="query"),
        encoder.encode([QUERY_INSTRUCTION + TEXTS[2]]),
        atol=EXACT_GELU,
    )
    assert other.name.startswith(f"{torch_folder}@")
    assert SentenceTransformerEncoder(str(torch_folder)).name == other.name


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderLoadError, match=f"向量模型「{tmp_path}」装不上："):
        load(str(tmp_path), tmp_path)
