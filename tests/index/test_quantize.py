"""Rounding the model to int8: the file that is made, and what its vectors are worth."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime  # type: ignore[import-untyped]
import pytest
from onnx import TensorProto, helper

from index import model
from index.adapter import Kind
from index.encoder import OnnxEncoder, load_encoder
from index.errors import EncoderLoadError
from index.model import MODEL_FILES
from index.quantize import quantized

_NAME = MODEL_FILES[1].name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose model is one product of matrices."""
    weight = np.random.default_rng(3).normal(size=(64, 32)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 64])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 32])],
        [helper.make_tensor("w", TensorProto.FLOAT, weight.shape, weight.tobytes(), raw=True)],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(made, tmp_path / _NAME)
    return tmp_path


def _run(path: Path, x: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rows: np.ndarray = session.run(None, {"x": x})[0]
    return rows


def test_products_are_nearly_the_same(folder: Path) -> None:
    made = quantized(folder, None)
    x = np.random.default_rng(4).normal(size=(8, 64)).astype(np.float32)
    own, rounded = _run(folder / _NAME, x), _run(made, x)
    assert not np.array_equal(own, rounded)
    cosines = (
        np.sum(own * rounded, 1) / np.linalg.norm(own, axis=1) / np.linalg.norm(rounded, axis=1)
    )
    assert (cosines > 0.999).all()


def test_it_is_made_once_and_leaves_nothing_behind(folder: Path) -> None:
    made = quantized(folder, None)
    before = made.stat().st_mtime_ns
    assert quantized(folder, None) == made
    assert made.stat().st_mtime_ns == before
    assert sorted(path.name for path in folder.iterdir()) == sorted([_NAME, made.name])


def test_without_onnx_the_way_to_get_it_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime.quantization", None)
    with pytest.raises(EncoderLoadError, match=r"pip install 'tiaowen\[train\]'"):
        quantized(folder, None)
    assert [path.name for path in folder.iterdir()] == [_NAME]


@pytest.mark.model
def test_rounded_vectors_stay_near(tmp_path: Path) -> None:
    """To those of the published model with its trained update."""
    source = model.model_dir()
    if not model.status(source).ready:
        pytest.skip("the model is not there")
    for file in MODEL_FILES:
        (tmp_path / file.name).symlink_to(source / file.name)
    rounded, published = load_encoder("int8", tmp_path), load_encoder(None, source)
    assert isinstance(published, OnnxEncoder)
    texts = ["居住证持有人可以申请换领驾驶证。", "用人单位应当依法缴纳社会保险费。"]
    kinds: tuple[Kind, ...] = ("passage", "query")
    for kind in kinds:
        near = np.sum(rounded.encode(texts, kind=kind) * published.encode(texts, kind=kind), axis=1)
        assert (near > 0.97).all(), kind
    assert rounded.name != published.name
